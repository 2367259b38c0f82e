import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config/parse.js';
import { applicationFiles, ciSystems } from '../../src/init/application.js';
import { changesOf, type InitFile } from '../../src/init/file.js';
import { lackingIn, platformFiles } from '../../src/init/platform.js';
import { aConfig, packageDirectory } from '../synth/builders.js';

const textsIn = (folder: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(join(packageDirectory, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(join(packageDirectory, folder).length + 1), readFileSync(file, 'utf8')]),
  );

describe('what becomes of a file', () => {
  const whole: InitFile = { path: 'a.yaml', text: '# Written by `bivouac init gitops`\na: 2\n', ownership: 'whole' };
  const kindOf = (file: InitFile, before?: string) => {
    const [change] = changesOf([file], new Map(before === undefined ? [] : [[file.path, before]]));
    return { kind: change?.kind, after: change?.after };
  };

  test('Bivouac’s own is written anew; somebody else’s at its place stays', () => {
    expect(kindOf(whole)).toEqual({ kind: 'created', after: whole.text });
    expect(kindOf(whole, whole.text).kind).toBe('unchanged');
    expect(kindOf(whole, whole.text.replace('2', '1'))).toEqual({ kind: 'updated', after: whole.text });
    expect(kindOf(whole, '# my notes\n').kind).toBe('kept');
  });

  test('lines are added to a file that is there, once', () => {
    const lines: InitFile = { path: '.gitattributes', text: 'x/** a\ny/** b\n', ownership: 'lines' };
    const { after = '' } = kindOf(lines, '*.png binary\nx/** a');
    expect(after).toBe('*.png binary\nx/** a\ny/** b\n');
    expect(kindOf(lines, after).kind).toBe('unchanged');
    expect(kindOf(lines, 'x/** a\r\ny/** b\r\n').kind).toBe('unchanged');
  });

  test('what is people’s from the start is never written again', () => {
    expect(kindOf({ path: 'a', text: 'b\n', ownership: 'once' }, 'c\n').kind).toBe('kept');
  });
});

describe('a platform', () => {
  const own = JSON.parse(readFileSync(join(packageDirectory, 'package.json'), 'utf8')) as Parameters<
    typeof platformFiles
  >[1];
  const files = platformFiles(textsIn('templates/platform'), own);
  const textOf = (path: string): string => files.find((file) => file.path === path)?.text ?? '';

  test('has a configuration that is read, with the schema for editors', () => {
    const origin = { file: '/p/bivouac.yaml', directory: '/p', readFrame: () => undefined };
    const config = parseConfig(textOf('bivouac.yaml'), origin);
    expect([...config.applications.keys()]).toEqual(['hello']);
    expect(textOf('bivouac.yaml')).toMatch(
      /^# yaml-language-server: \$schema=\.\/node_modules\/bivouac\/schema\.json\n/,
    );
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['charts/hello.ts', 'charts/hello.test.ts', '.gitignore']),
    );
    expect(parse(textOf('cdk8s.yaml'))).toMatchObject({ app: 'npx tsx charts/main.ts' });
  });

  test('depends on this version, on what it needs beside it, and on tools of the versions that it was tried with', () => {
    expect(JSON.parse(textOf('package.json'))).toMatchObject({
      type: 'module',
      dependencies: { bivouac: `^${own.version}`, ...own.peerDependencies },
      devDependencies: { tsx: own.devDependencies['tsx'], typescript: own.devDependencies['typescript'] },
    });
  });

  test('a package.json that is there is told what it lacks', () => {
    const wanted = textOf('package.json');
    expect(lackingIn(wanted, wanted)).toEqual([]);
    const mine = JSON.stringify({ type: 'module', dependencies: { typescript: '1', bivouac: 'file:x.tgz' } });
    expect(lackingIn(mine, wanted)).toEqual(
      expect.arrayContaining(['scripts.test', 'dependencies.cdk8s', 'devDependencies.tsx']),
    );
    expect(lackingIn(mine, wanted)).not.toEqual(expect.arrayContaining(['devDependencies.typescript']));
    expect(lackingIn('{', wanted)).toContain('"type": "module"');
  });
});

describe('an application', () => {
  const workflows = textsIn('templates/github-actions');
  const config = aConfig();
  const withRules = (rules: object) => ({
    applications: new Map(
      [...config.applications].map(([name, application]) => [
        name,
        { ...application, pullRequests: { ...application.pullRequests, ...rules } },
      ]),
    ),
  });

  test('gets the workflows of examples/, by where its charts are and who may change them', () => {
    expect(workflows).toEqual(textsIn('examples/github-actions'));
    const writtenFor = (given: Parameters<typeof applicationFiles>[2]) =>
      applicationFiles('github', workflows, given).map(({ path, text }) => [
        path,
        [...workflows].find(([, each]) => each === text)?.[0],
      ]);
    const at = (name: string): string => `.github/workflows/${name}`;
    const own = (...names: readonly string[]) => names.map((name) => [at(name), name]);
    expect(writtenFor(config)).toEqual(own('environment.yml', 'comments.yml', 'sweep.yml'));
    expect(writtenFor(undefined)).toEqual([
      [at('environment.yml'), 'environment-from-platform.yml'],
      [at('comments.yml'), 'comments-from-platform.yml'],
    ]);
    const stages = own('render.yml', 'publish.yml', 'comments.yml', 'sweep.yml');
    expect(writtenFor(withRules({ forks: 'approved' }))).toEqual(stages);
    expect(writtenFor(withRules({ charts: 'platform' }))).toEqual(stages);
  });

  test.each(ciSystems.filter((system) => system !== 'github'))('%s is not in this version', (system) => {
    expect(() => applicationFiles(system, workflows, config)).toThrow(
      expect.objectContaining({ code: 'CiUnsupported' }),
    );
  });
});
