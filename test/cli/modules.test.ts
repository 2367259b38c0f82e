import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bivouac, createWorld, head, type World } from './harness.js';

const heavy = /node_modules\/(?:cdk8s|cdk8s-plus-28|constructs)\//;
/** Packages in CommonJS show up in every require's cache, even where they were imported. */
const probe = `import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
const require = createRequire(import.meta.url);
process.on('exit', () => {
  const loaded = Object.keys(require.cache).filter((file) => ${String(heavy)}.test(file));
  writeFileSync(process.env.PROBE_FILE, String(loaded.length));
});
`;

describe('what a command loads', () => {
  let world: World;
  let bundle: string;
  beforeAll(async () => {
    world = await createWorld();
    world.github.openPullRequest({ number: 42, headSha: head });
    await writeFile(join(world.platform, 'probe.mjs'), probe);
    bundle = (await world.run(['render', '-o', 'json'], await world.event(42, 'opened'))).stdout;
  });
  afterAll(() => world.end());

  const loadedBy = async (args: readonly string[], stdin = ''): Promise<{ code: number | null; count: number }> => {
    const file = join(world.platform, 'count');
    const env = { ...world.secrets, PROBE_FILE: file };
    const node = ['--import', join(world.platform, 'probe.mjs')];
    const { code } = await bivouac(args, { cwd: world.platform, env, stdin, node });
    return { code, count: Number(await readFile(file, 'utf8')) };
  };

  test.each([
    ['--help'],
    ['--version'],
    ['completion', 'bash'],
    ['publish', '-'],
    ['list'],
    ['show', 'shop/pr-42'],
    ['doctor'],
    ['down', 'shop/pr-42', '--yes'],
  ])('%s %s: no cdk8s', async (...args) => {
    expect(await loadedBy(args, bundle)).toEqual({ code: 0, count: 0 });
  });

  test('render from sources: cdk8s, so the probe can fail', async () => {
    await writeFile(
      join(world.platform, 'charts/shop.ts'),
      `${await readFile(join(world.platform, 'charts/shop.ts'), 'utf8')}\n`,
    );
    const { code, count } = await loadedBy(['render', '--pull-request', '42', '--head-sha', head]);
    expect(code).toBe(0);
    expect(count).toBeGreaterThan(100);
  });

  test('the bundle holds no cdk8s at all, and the entry is light', async () => {
    const { metafile } = await build({
      entryPoints: ['src/cli/main.ts'],
      outdir: 'unwritten',
      bundle: true,
      splitting: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      external: ['jiti', 'esbuild', 'cdk8s', 'cdk8s-plus-28', 'constructs'],
      absWorkingDir: join(import.meta.dirname, '../..'),
    });
    expect(Object.keys(metafile.inputs).filter((file) => heavy.test(file))).toEqual([]);
    const entry = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint === 'src/cli/main.ts');
    const heavyEntry = Object.keys(entry?.inputs ?? {}).filter((file) =>
      /node_modules\/(?:@octokit|simple-git|yaml|zod)\//.test(file),
    );
    expect(heavyEntry).toEqual([]);
  });
});
