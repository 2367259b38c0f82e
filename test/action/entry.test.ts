import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createWorld, head, leaksIn, type World } from '../cli/harness.js';
import { root } from '../docs/documents.js';
import { runStep, type Step } from './step.js';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await createWorld();
  folder = dirname(world.platform);
  world.github.openPullRequest({ number: 42, headSha: head, title: 'A faster checkout' });
});
afterAll(() => world.end());

const step = (given: Step) => runStep(world, given);

describe('a step', () => {
  test('makes an environment of an event, and says so in outputs and summary', async () => {
    const { code, shown, log, outputs, summary } = await step({});
    expect({ code, shown }).toMatchObject({ code: 0 });
    expect(outputs).toMatchObject({
      outcome: 'created',
      reason: 'Opened',
      environment: 'shop/pr-42',
      name: 'shop-pr-42',
      path: 'environments/shop/pr-42',
      url: 'http://shop-pr-42.preview.example.com',
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect(JSON.parse(outputs['outcomes'] ?? '')).toHaveLength(1);
    expect(await world.files()).toContain('environments/shop/pr-42/environment.json');
    expect(summary).toContain('shop/pr-42');
    expect(log.split('\n').slice(0, 3)).toEqual([
      `::add-mask::${world.git.token}`,
      `::add-mask::${world.github.token}`,
      '[command]bivouac reconcile',
    ]);
    expect(leaksIn(shown + summary + JSON.stringify(outputs))).toEqual([]);
  });

  test('takes its inputs as flags', async () => {
    const given = { command: 'explain', argument: 'shop/pr-42', output: 'json=explained.json' };
    const { code, shown } = await step({ with: given });
    expect({ code, shown }).toMatchObject({ code: 0 });
    expect(JSON.parse(await readFile(join(world.platform, 'explained.json'), 'utf8'))).toMatchObject({
      schemaVersion: '1',
    });
  });

  test.each([
    [{ wait: 'perhaps' }, /^::error title=Bivouac::wait is neither true nor false/m],
    [{ command: 'list', wait: 'true' }, /^error: .*--wait[^]*^::error title=Bivouac::exit code 2: /m],
  ])('%j ends with 2 and an annotation', async (given, text) => {
    const { code, shown } = await step({ with: given });
    expect(code).toBe(2);
    expect(shown).toMatch(text);
  });

  test('that is cancelled ends what it began, and says that nothing is half done', async () => {
    world.git.log.length = 0;
    world.git.setFault(() => ({ kind: 'hang' }));
    try {
      const { code, shown } = await step({ cancelUpon: () => world.git.log.length > 0 });
      expect({ code, shown }).toMatchObject({ code: 130, shown: expect.stringContaining('interrupted (SIGINT)') });
      expect(shown).toContain('::error title=Bivouac::exit code 130: it was interrupted');
    } finally {
      world.git.setFault(undefined);
    }
    expect(await world.leftovers()).toEqual([]);
  });
});

test('charts are loaded from their sources where nothing is installed but what they import', async () => {
  const downloaded = join(folder, 'downloaded');
  for (const part of ['action', 'package.json', 'bivouac.yaml'])
    await cp(join(root, part), join(downloaded, part), { recursive: true });
  await rm(join(world.platform, 'charts.bundle.cjs'));
  const modules = join(world.platform, 'node_modules');
  await mkdir(join(modules, 'bivouac'), { recursive: true });
  await symlink(join(root, 'charts/constructs'), join(modules, 'bivouac/charts'));
  const library = { name: 'bivouac', type: 'module', exports: { './charts': './charts/index.ts' } };
  await writeFile(join(modules, 'bivouac/package.json'), JSON.stringify(library));
  const { code, shown, outputs } = await step({ action: downloaded, with: { 'dry-run': 'true' } });
  expect({ code, shown, outcome: outputs['outcome'] }).toMatchObject({ code: 0, outcome: 'unchanged' });
});
