import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { packageDirectory } from '../synth/builders.js';
import { bivouac } from './harness.js';

interface Answer {
  readonly files: readonly { readonly path: string; readonly change: string }[];
  readonly diff: string;
  readonly remarks: readonly string[];
}

describe('init', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bivouac-init-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const at = (...parts: readonly string[]): string => join(folder, ...parts);
  const init = async (line: string, cwd = folder, env: Readonly<Record<string, string>> = {}) => {
    const { code, stdout, stderr } = await bivouac(['init', ...line.split(' '), '-o', 'json'], { cwd, env });
    if (code !== 0) throw new Error(stdout + stderr);
    const answer = JSON.parse(stdout) as Answer;
    const changes = Object.fromEntries(answer.files.map(({ path, change }) => [path, change]));
    return { ...answer, changes };
  };

  describe('platform', () => {
    test('in an empty folder: everything, which can be configured from and rendered', async () => {
      const dry = await init('platform p --dry-run');
      expect(await readdir(folder)).toEqual([]);
      const made = await init('platform p');
      expect(new Set(Object.values(made.changes))).toEqual(new Set(['created']));
      expect(Object.keys(dry.changes)).toEqual(Object.keys(made.changes));
      expect((await readdir(at('p'))).sort()).toEqual([
        '.gitignore',
        'bivouac.yaml',
        'cdk8s.yaml',
        'charts',
        'package.json',
        'tsconfig.json',
      ]);
      const line = ['render', '--application', 'hello', '--pull-request', '7', '--head-sha', 'a'.repeat(40)];
      await bivouac(['build'], { cwd: at('p') }); // so that a busy machine renders it in time
      const rendered = await bivouac(line, { cwd: at('p') });
      expect(rendered).toEqual({
        code: 0,
        stderr: '',
        stdout: expect.stringContaining('image: ghcr.io/acme/hello:aaaa'),
      });
    });

    test('in one that isn’t empty: what is there stays, and is told', async () => {
      await mkdir(at('mine'));
      await writeFile(at('mine', 'package.json'), '{ "name": "mine" }\n');
      await writeFile(at('mine', '.gitignore'), 'secret.txt\n');
      const { changes, remarks } = await init('platform mine');
      expect(changes).toMatchObject({ 'package.json': 'kept', '.gitignore': 'updated', 'bivouac.yaml': 'created' });
      expect(remarks).toEqual([expect.stringContaining('scripts.test')]);
      expect(await readFile(at('mine', 'package.json'), 'utf8')).toBe('{ "name": "mine" }\n');
      expect(await readFile(at('mine', '.gitignore'), 'utf8')).toMatch(/^secret\.txt\nnode_modules\/\n/);
    });
  });

  describe('gitops', () => {
    beforeAll(async () => {
      await mkdir(at('shop', 'charts'), { recursive: true });
      await cp(join(packageDirectory, 'charts/shop.ts'), at('shop', 'charts/shop.ts'));
      const sample = await readFile(join(packageDirectory, 'bivouac.yaml'), 'utf8');
      await writeFile(
        at('shop', 'bivouac.yaml'),
        sample.replace('.bivouac/gitops.git', 'https://github.com/acme/gitops.git'),
      );
    });
    const edit = async (from: string | RegExp, to: string) => {
      const file = at('shop', 'bivouac.yaml');
      await writeFile(file, (await readFile(file, 'utf8')).replace(from, to));
    };

    test('without a folder: the objects alone, as kubectl takes them', async () => {
      const { code, stdout } = await bivouac(['init', 'gitops', '--notifications'], { cwd: at('shop') });
      expect(code).toBe(0);
      const objects = parseAllDocuments(stdout).map((document) => document.toJS() as { kind: string });
      expect(objects.map(({ kind }) => kind)).toEqual(['AppProject', 'ApplicationSet', 'ConfigMap']);
    });

    test('run again it changes what must change, and shows it', async () => {
      const first = await init('gitops g', at('shop'));
      expect(first.changes).toEqual({
        'README.md': 'created',
        '.gitattributes': 'created',
        'environments/README.md': 'created',
        'argocd/shop.yaml': 'created',
      });
      expect(new Set(Object.values((await init('gitops g', at('shop'))).changes))).toEqual(new Set(['unchanged']));

      await edit('policy:', 'presets: { load: { prefix: load } }\npolicy:');
      const dry = await init('gitops g --dry-run', at('shop'));
      const again = await init('gitops g', at('shop'));
      expect(again.changes).toMatchObject({ 'README.md': 'unchanged', 'argocd/shop.yaml': 'updated' });
      expect(again.diff).toMatch(/^\+ .*namespace: shop-load-\*/m);
      expect(dry.diff).toBe(again.diff);
      expect(await readFile(at('shop/g/argocd/shop.yaml'), 'utf8')).toContain('shop-load-*');
    });

    test('somebody else’s README stays; what an earlier application left is named', async () => {
      await writeFile(at('shop/g/README.md'), '# Our own words\n');
      await edit(/^ {2}shop:/m, '  store:');
      const { changes, remarks } = await init('gitops g', at('shop'));
      expect(changes).toMatchObject({ 'README.md': 'kept', 'argocd/store.yaml': 'created' });
      expect(remarks).toEqual([expect.stringMatching(/^argocd\/shop\.yaml /)]);
      expect(await readFile(at('shop/g/README.md'), 'utf8')).toBe('# Our own words\n');
    });

    test('for Flux; the flag has a variable', async () => {
      const { changes } = await init('gitops flux-folder', at('shop'), { BIVOUAC_CONTROLLER: 'flux' });
      expect(Object.keys(changes)).toEqual(expect.arrayContaining(['flux/README.md', 'flux-system/environments.yaml']));
    });

    test('a GitOps repository on this disk is refused', async () => {
      const { code, stderr } = await bivouac(['init', 'gitops'], { cwd: packageDirectory });
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('GitOpsNotReachable') });
    });
  });

  describe('application', () => {
    test('writes a workflow once', async () => {
      await mkdir(at('app', '.git'), { recursive: true });
      const path = '.github/workflows/environment.yml';
      const comments = '.github/workflows/comments.yml';
      const { changes } = await init('application app --ci github');
      expect(changes).toEqual({ [path]: 'created', [comments]: 'created' });
      await writeFile(at('app', path), 'name: ours\n');
      const again = await init('application app --ci github');
      expect(again.changes).toEqual({ [path]: 'kept', [comments]: 'unchanged' });
      expect(await readFile(at('app', path), 'utf8')).toBe('name: ours\n');
    });

    test('a copy of Bivouac put in is no change; a workflow of the other set-up is named', async () => {
      await mkdir(at('copied', '.git'), { recursive: true });
      const { changes } = await init('application copied --ci github');
      const path = at('copied/.github/workflows/comments.yml');
      const written = await readFile(path, 'utf8');
      const copied = 'widgets/tools/bivouac@1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d # v0.1.1';
      const edited = written.replace(/acme\/bivouac@0{40}.*/, copied).replace(/^ *# A placeholder.*\n/m, '');
      expect(edited).not.toBe(written);
      await writeFile(path, edited);
      await writeFile(at('copied/.github/workflows/render.yml'), edited);
      await writeFile(at('copied/.github/workflows/publish.yml'), 'name: publish\n');
      const again = await init('application copied --ci github');
      expect(Object.keys(again.changes)).toEqual(Object.keys(changes));
      expect(new Set(Object.values(again.changes))).toEqual(new Set(['unchanged']));
      expect(again.remarks).toContainEqual(expect.stringMatching(/^\.github\/workflows\/render\.yml .*remove it\.$/));
      expect(again.remarks.join()).not.toContain('publish.yml');
      expect(await readFile(path, 'utf8')).toBe(edited);
    });

    test.each([
      ['application app --ci jenkins', 'CiUnsupported'],
      ['application app', 'CiNeeded'],
      ['platform p --ci github', 'InvalidFlag'],
      ['application app --ci travis', 'Usage'],
      ['everything', 'Usage'],
    ])('%s is refused: %s', async (line, code) => {
      const ended = await bivouac(['init', ...line.split(' ')], { cwd: folder });
      expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 2, stderr: expect.stringContaining(code) });
    });
  });
});
