import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { foreignChartsOf } from '../../src/cli/sweeping.js';
import { repositoryName } from '../../src/model/pull-request.js';
import { application, config, head, pullRequest } from '../decide/builders.js';

describe('whether this checkout’s charts are a pull request’s own', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'bivouac-checkout-'));
    await mkdir(join(root, '.git'));
    await writeFile(join(root, '.git', 'config'), '[remote "origin"]\n\turl = https://github.com/acme/shop.git\n');
    await writeFile(join(root, '.git', 'HEAD'), `${head}\n`);
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const ask = (
    changed: readonly string[],
    more: { readonly charts?: 'platform'; readonly onBranch?: boolean } = {},
  ) => {
    const directory = join(root, 'deploy');
    const settings = config({
      directory,
      applications: [
        application({
          chart: { file: join(directory, 'charts', 'shop.ts') },
          ...(more.charts !== undefined && { pullRequests: { charts: more.charts } }),
        }),
      ],
    });
    const host = {
      isOnBranch: () => Promise.resolve(more.onBranch ?? true),
      changedFiles: () => Promise.resolve(changed),
    };
    return foreignChartsOf(settings, host)!;
  };

  test.each([
    ['deploy/charts/shop.ts'],
    ['deploy/charts/parts/api.ts'],
    ['deploy/bivouac.yaml'],
    ['deploy/frame.yml'],
    ['deploy/charts.bundle.cjs'],
    ['deploy/package-lock.json'],
  ])('%s is a source of them', async (path) => {
    expect(await ask(['src/a.ts', path])(pullRequest())).toBe(`it changes ${path}: its own job renders it`);
  });

  test('anything else isn’t, nor is anything of another repository, or where all charts are the platform’s', async () => {
    expect(await ask(['src/a.ts', 'bivouac.yaml', 'charts/shop.ts', 'deploy/a/b.yaml'])(pullRequest())).toBeUndefined();
    const chart = ['deploy/charts/shop.ts'];
    expect(await ask(chart)(pullRequest({ repository: repositoryName('acme/other') }))).toBeUndefined();
    expect(await ask(chart, { charts: 'platform' })(pullRequest())).toBeUndefined();
  });

  test('another branch has charts of its own', async () => {
    expect(await ask([], { onBranch: false })(pullRequest({ baseBranch: 'next' }))).toBe(
      'it goes to next, which this checkout is not of',
    );
  });

  test('outside any checkout there is nothing to tell by', () => {
    const host = { isOnBranch: () => Promise.resolve(true), changedFiles: () => Promise.resolve([]) };
    expect(foreignChartsOf(config({ directory: '/' }), host)).toBeUndefined();
  });
});
