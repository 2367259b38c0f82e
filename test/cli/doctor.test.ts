import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bivouac } from './harness.js';

const uses = (at: string): string => `jobs: { a: { steps: [{ uses: ${at} }] } }\n`;
const placeholder = uses('acme/bivouac@0000000000000000000000000000000000000000');
const ours = uses('widgets/bivouac@1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d');

describe('doctor in a platform that bivouac init started', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bivouac-doctor-'));
    const started = await bivouac(['init', 'platform', '.'], { cwd: folder });
    if (started.code !== 0) throw new Error(started.stderr);
    await mkdir(join(folder, '.git'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const doctor = async (env: Readonly<Record<string, string>> = {}, config = 'bivouac.yaml') =>
    (await bivouac(['doctor', '--config', config], { cwd: folder, env })).stdout;
  const configure = async (name: string, edit: (yaml: string) => string): Promise<string> => {
    const { readFile } = await import('node:fs/promises');
    await writeFile(join(folder, name), edit(await readFile(join(folder, 'bivouac.yaml'), 'utf8')));
    return name;
  };
  const workflows = async (files: Readonly<Record<string, string>>): Promise<string> => {
    const at = join(folder, '.github/workflows');
    await rm(at, { recursive: true, force: true });
    await mkdir(at, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(at, name), text);
    return /^. workflows.*$/m.exec(await doctor())?.[0] ?? '';
  };

  test('problems of the configuration stand on lines of their own, and say each place once', async () => {
    const broken = await configure('broken.yaml', (yaml) => yaml.replace('domain:', 'domian:'));
    const lines = (await doctor({}, broken)).split('\n');
    const [first, ...rest] = lines.slice(lines.findIndex((line) => line.startsWith('✗ configuration')));
    expect(first).toMatch(/^✗ configuration +The configuration has 2 problems:$/);
    expect(rest.slice(0, 2).map((line) => /^ +\S+broken\.yaml:\d+:\d+ \S+: .+$/.test(line))).toEqual([true, true]);
    expect(rest[2]).toMatch(/^ +→ Correct these places and run it again\.$/);
    expect(lines.join('\n').match(/broken\.yaml:\d+:\d+/g)).toHaveLength(2);
  });

  test('workflows: a placeholder is left, both set-ups at once, or right', async () => {
    expect(await workflows({ 'test.yml': uses('actions/checkout@v6') })).toBe('');
    expect(await workflows({ 'environment.yml': placeholder })).toMatch(
      /^✗ workflows +\.github\/workflows\/environment\.yml still uses acme\/bivouac@0000000.* → Put your own/,
    );
    expect(await workflows({ 'environment.yml': ours, 'render.yml': ours, 'publish.yml': ours })).toMatch(
      /^✗ workflows +environment\.yml and render\.yml.*both.* → Remove render\.yml and publish\.yml/,
    );
    expect(await workflows({ 'environment.yml': ours, 'sweep.yml': ours })).toMatch(
      /^✓ workflows +environment\.yml, sweep\.yml/,
    );
    await rm(join(folder, '.github'), { recursive: true });
  });

  test('render waits for an image that nothing gives a reference of: how to give one', async () => {
    const config = await configure('waiting.yaml', (yaml) => yaml.replace(/^ {6}web: .*$/m, '      web: {}'));
    const line = `render --config ${config} --application hello --pull-request 7 --head-sha ${'a'.repeat(40)}`;
    const { code, stderr } = await bivouac(line.split(' '), { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('WaitingForImages') as unknown });
    expect(stderr).toMatch(/^ {2}next: +Give it by --image, or a template for it in bivouac\.yaml\.$/m);
  });

  test('a controller whose token is missing, a code host that isn’t supported, an image that only a flag would give', async () => {
    const argo = await configure('argo.yaml', (yaml) => `${yaml}\ncontroller: { url: https://argocd.example.com }\n`);
    expect(await doctor({}, argo)).toMatch(
      /^- controller +controller\.url is set, and BIVOUAC_ARGOCD_TOKEN isn’t.* → Set/m,
    );
    expect(await doctor({ BIVOUAC_ARGOCD_TOKEN: 'a-token-of-argo' }, argo)).not.toContain('BIVOUAC_ARGOCD_TOKEN isn’t');
    const gitlab = await configure('gitlab.yaml', (yaml) => `${yaml}\nforge: { kind: gitlab }\n`);
    expect(await doctor({}, gitlab)).toMatch(
      /^✗ code host +.*not from gitlab.* → Set forge\.kind to github or gitea\.$/m,
    );
    const imageless = await configure('imageless.yaml', (yaml) => yaml.replace(/^ {4}images:.*\n(?: {6}.*\n)+/m, ''));
    const said = await doctor({}, imageless);
    expect(said).toMatch(
      /^✗ chart hello .*no image is called "web".* → Give it a template at applications\.hello\.images\.web in bivouac\.yaml\.$/m,
    );
  });
});
