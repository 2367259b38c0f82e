import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { answerOf } from './cases.js';
import { bivouac, createWorld, head, nextHead, together, type World } from './harness.js';

const at42 = ['--pull-request', '42'] as const;
const renderIt = ['render', '--application', 'shop', ...at42, '--head-sha', head] as const;

describe('every command with its flags and formats', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    world.github.openPullRequest({ number: 42, headSha: head, baseSha: nextHead });
    world.github.putRef('main', 'c'.repeat(40));
  });
  afterAll(() => world.end());
  const run = async (line: string, env?: Readonly<Record<string, string | undefined>>, stdin?: string) => {
    const ended = await world.run(line.split(' '), env, stdin);
    return { ...ended, outcome: () => answerOf(ended).outcomes?.[0] ?? {} };
  };

  test('render: YAML for kubectl, a bundle, a directory that is what would be committed', async () => {
    const offline = { BIVOUAC_GITOPS_TOKEN: undefined, GITHUB_TOKEN: undefined, GITHUB_API_URL: 'http://127.0.0.1:9' };
    const yaml = await world.run(renderIt, offline);
    expect(yaml).toMatchObject({ code: 0, stderr: '' });
    expect(yaml.stdout.match(/^kind: /gm)?.length).toBeGreaterThan(5);
    expect(yaml.stdout).not.toContain('kind: Namespace');

    const directory = join(world.platform, 'out');
    const written = await world.run([...renderIt, '--output-dir', 'out', '--with', 'mailer'], offline);
    expect(written).toMatchObject({ code: 0, stdout: '' });
    expect(written.stderr).toContain('wrote 8 files of shop/pr-42 to out');
    expect((await readdir(join(directory, 'manifests'))).sort()).toContain('mailer.yaml');
    await world.run([...renderIt, '--output-dir', 'out'], offline);
    expect(await readdir(join(directory, 'manifests'))).not.toContain('mailer.yaml');

    const without = await world.run(
      [...renderIt, '--without', 'web', '--image', 'api=ghcr.io/acme/x:9', '-o', 'json'],
      offline,
    );
    const bundle = JSON.parse(without.stdout) as { spec: { without: string[]; images: object }; components: object };
    expect(bundle.spec).toMatchObject({ without: ['web'], images: { api: 'ghcr.io/acme/x:9' } });
    expect(Object.keys(bundle.components)).toEqual(['api', 'database']);
    await rm(directory, { recursive: true });
  });

  test('render: a folder that holds anything of somebody else’s is left alone', async () => {
    const render = (to: string) => world.run([...renderIt, '--output-dir', to]);
    const foreign: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      ['manifests', { 'manifests/precious.yaml': 'a: 1\n' }],
      ['a record of theirs', { 'environment.json': '{"mine":true}', 'manifests/prod.yaml': 'mine' }],
      ['notes', { 'notes.txt': 'mine' }],
    ];
    for (const [name, files] of foreign) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(world.platform, name, path)), { recursive: true });
        await writeFile(join(world.platform, name, path), text);
      }
      const refused = await render(name);
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('ForeignDirectory') as unknown });
      expect(refused.stderr).toContain('changed: nothing');
      for (const [path, text] of Object.entries(files))
        expect(await readFile(join(world.platform, name, path), 'utf8')).toBe(text);
      await rm(join(world.platform, name), { recursive: true });
    }
    for (const own of ['.', 'charts']) expect((await render(own)).stderr).toContain('ForeignDirectory');

    await mkdir(join(world.platform, 'ours'));
    expect(await render('ours')).toMatchObject({ code: 0 });
    expect(await render('ours')).toMatchObject({ code: 0 });
    await writeFile(join(world.platform, 'ours/manifests/prod.yaml'), 'mine');
    expect((await render('ours')).stderr).toContain('manifests/prod.yaml');
    expect(await readFile(join(world.platform, 'ours/manifests/prod.yaml'), 'utf8')).toBe('mine');
    await rm(join(world.platform, 'ours'), { recursive: true });
  });

  test('render: a preset without a pull request; a fork’s event without credentials; a broken rule is exit 3', async () => {
    const named = await run(`render --application shop --preset demo --name acme --ref ${head} -o json`);
    expect(JSON.parse(named.stdout)).toMatchObject({
      spec: { environment: 'demo-acme', pullRequest: '', preset: 'demo' },
    });
    const preset = await run(`render --pull-request 42 --head-sha ${head} --preset e2e -o json`);
    expect(JSON.parse(preset.stdout)).toMatchObject({ spec: { environment: 'e2e-42', preset: 'e2e' } });

    world.github.openPullRequest({
      number: 7,
      headSha: head,
      headRepository: { id: 9, name: 'stranger/shop' },
      labels: ['bivouac:with-mailer'],
    });
    const forked = await run('render -o json', {
      ...(await world.event(7, 'opened')),
      BIVOUAC_GITOPS_TOKEN: undefined,
      GITHUB_TOKEN: undefined,
    });
    expect(JSON.parse(forked.stdout)).toMatchObject({ spec: { environment: 'pr-7', with: ['mailer'] } });

    const broken = await world.run([...renderIt, '--image', 'api=ghcr.io/acme/x:latest', '-o', 'json']);
    expect({ ...broken, stdout: '' }).toMatchObject({ code: 3, stderr: expect.stringContaining('no-latest-tag') });
    expect(JSON.parse(broken.stdout)).toHaveProperty('components');
  });

  test('reconcile: --dry-run changes nothing; images belong to a commit; flags have variables', async () => {
    const dry = await run('reconcile --pull-request 42 --dry-run -o json');
    expect(dry.outcome()).toMatchObject({ outcome: 'Created', message: expect.stringContaining('would be created') });
    expect(await world.tree()).toBe('');
    expect(world.github.comments(42)).toEqual([]);

    const old = await run(`reconcile --pull-request 42 --image api=ghcr.io/acme/x:1 --head-sha ${nextHead} -o json`);
    expect({ code: old.code, ...old.outcome() }).toMatchObject({ code: 0, outcome: 'Ignored', reason: 'Superseded' });

    const made = await run('reconcile -o json', {
      BIVOUAC_PULL_REQUEST: '42',
      BIVOUAC_IMAGE: 'api=ghcr.io/acme/x:1,web=ghcr.io/acme/y:2',
      BIVOUAC_HEAD_SHA: head,
    });
    expect(made.outcome()).toMatchObject({ outcome: 'Created' });
    const shown = await run('show shop/pr-42 -o json');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      environment: { images: { api: 'ghcr.io/acme/x:1', web: 'ghcr.io/acme/y:2' }, path: 'environments/shop/pr-42' },
    });
    expect((await run('reconcile --pull-request 42 -o json')).outcome()).toMatchObject({ outcome: 'Unchanged' });
  });

  test('several outputs at once, and GitHub’s own files', async () => {
    const file = (name: string): string => join(world.platform, name);
    await writeFile(file('outputs'), '');
    const words = ['json=r.json', 'dotenv=r.env', 'markdown=r.md', 'yaml'].flatMap((sink) => ['-o', sink]);
    const { code, stdout } = await world.run(['reconcile', ...at42, ...words], { GITHUB_OUTPUT: file('outputs') });
    expect(code).toBe(0);
    const [json, env, markdown, outputs] = await Promise.all(
      ['r.json', 'r.env', 'r.md', 'outputs'].map((name) => readFile(file(name), 'utf8')),
    );
    expect(parse(stdout)).toEqual(JSON.parse(json ?? ''));
    expect(env).toMatch(
      /^ENVIRONMENT_OUTCOME=unchanged\nENVIRONMENT_REASON=SameTree\nENVIRONMENT_ENVIRONMENT=shop\/pr-42\n/,
    );
    expect(env?.split('\n').every((line) => line === '' || /^ENVIRONMENT_[A-Z]+=/.test(line))).toBe(true);
    expect(markdown).toContain('shop/pr-42');
    expect(outputs).toContain('environment<<');
    const twice = await run('list -o json -o yaml');
    expect({ ...twice, stdout: '' }).toMatchObject({ code: 2, stderr: expect.stringContaining('only one --output') });
    const nowhere = await run('list -o json=no/such/folder/r.json');
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('OutputNotWritten') });
    for (const name of ['r.json', 'r.env', 'r.md', 'outputs']) await rm(file(name));
  });

  test('list, show, explain in every format; nothing is written by them', async () => {
    const before = await world.tree();
    const shapes: Readonly<Record<string, (text: string) => boolean>> = {
      text: (text) => text.trim() !== '',
      markdown: (text) => text.trim() !== '',
      json: (text) => (JSON.parse(text) as { schemaVersion: string }).schemaVersion === '1',
      yaml: (text) => (parse(text) as { schemaVersion: string }).schemaVersion === '1',
      dotenv: (text) => /^(?:ENVIRONMENT_[A-Z_]+=.*\n)+$/.test(text),
    };
    const asked = ['list', 'show shop/pr-42', 'explain shop/pr-42', 'doctor'].flatMap((command) =>
      Object.keys(shapes).map((format) => [command, format] as const),
    );
    const more = [['list --application shop', 'json'] as const, ['show --pull-request 42', 'json'] as const];
    await together([...asked, ...more], async ([command, format]) => {
      const { code, stdout, stderr } = await run(`${command} -o ${format}`);
      const fits = shapes[format]?.(stdout);
      expect({ command, format, code, stderr, fits }).toEqual({ command, format, code: 0, stderr: '', fits: true });
    });
    expect((await run('show shop/pr-42')).stdout).toMatch(/component database +\S+/);
    expect((await run('explain shop/pr-42')).stdout).toContain('Unchanged');
    expect(await world.tree()).toBe(before);
  }, 90_000);

  test('diff: against Git, base branch, preset and another environment; 10 when asked', async () => {
    expect(await run('diff shop/pr-42 --exit-code')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('no differences'),
    });
    world.github.push(42, 'f'.repeat(40));
    const changed = await run('diff shop/pr-42 --exit-code -o json');
    expect(changed.code).toBe(10);
    expect(JSON.parse(changed.stdout)).toMatchObject({
      changes: { changed: expect.arrayContaining(['Deployment/api']) },
    });
    world.github.push(42, head);
    const base = await run('diff --pull-request 42 --against base');
    expect(base.stdout).toContain(`-          image: ghcr.io/acme/shop-api:${nextHead}`);
    expect(base.stdout).toContain('+          image: ghcr.io/acme/x:1'); // deployed so, by --image: no template says it
    const preset = await run('diff shop/pr-42 --against demo');
    expect(preset).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('no differences') });

    world.github.openPullRequest({ number: 43, headSha: nextHead });
    await run('reconcile --pull-request 43');
    const other = await run('diff shop/pr-42 --against shop/pr-43');
    expect(other.stdout).toMatch(/^[-+]/m);
    expect(other.stdout).not.toMatch(/^[-+].*shop-pr-43/m);
  });

  test('up and down on a pull request: labels are the state, and the next event repeats it', async () => {
    await run('up --pull-request 42 --with mailer --yes').then(({ code }) => expect(code).toBe(2)); // up asks nobody
    const up = await run('up --pull-request 42 --with mailer -o json');
    expect(up.outcome()).toMatchObject({ outcome: 'Updated', components: expect.arrayContaining(['mailer']) });
    expect([...world.github.labels(42)].sort()).toEqual(['bivouac:on', 'bivouac:with-mailer']);
    expect((await run('reconcile --pull-request 42 -o json')).outcome()).toMatchObject({ outcome: 'Unchanged' });

    const rehearsed = await run('down shop/pr-42 --dry-run -o json');
    expect({ code: rehearsed.code, ...rehearsed.outcome() }).toMatchObject({ code: 0, outcome: 'Removed' });
    expect(await world.files()).toContain('environments/shop/pr-42/environment.json');
    expect(world.github.labels(42)).not.toContain('bivouac:off');

    const down = await run('down shop/pr-42 --yes -o json');
    expect(down.outcome()).toMatchObject({ outcome: 'Removed', reason: 'Off' });
    expect(world.github.labels(42)).toContain('bivouac:off');
    expect((await run('reconcile --pull-request 42 -o json')).outcome()).toMatchObject({
      outcome: 'Ignored',
      reason: 'Off',
    });

    const planned = await run('up --pull-request 42 --without mailer --dry-run -o json');
    expect(planned.outcome()).toMatchObject({ outcome: 'Created', message: expect.stringContaining('would be') });
    expect(world.github.labels(42)).toContain('bivouac:off');
    await run('up --pull-request 42 --without mailer');
    expect([...world.github.labels(42)].sort()).toEqual(['bivouac:on', 'bivouac:without-mailer']);
  });

  test('a switch in another spelling is the same label: up takes it off, diff looks past it', async () => {
    world.github.openPullRequest({ number: 46, headSha: head, labels: ['Bivouac:Off'] });
    expect(await run('diff --pull-request 46 --against base')).toMatchObject({ code: 0, stderr: '' });
    const up = await run('up --pull-request 46 -o json');
    expect(up.outcome()).toMatchObject({ outcome: 'Created' });
    expect(world.github.labels(46)).toEqual(['bivouac:on']);
  });

  test('up on a closed pull request sets no label', async () => {
    world.github.openPullRequest({ number: 44, headSha: head });
    world.github.close(44);
    const up = await run('up --pull-request 44 -o json');
    expect({ code: up.code, ...up.outcome() }).toMatchObject({ code: 0, outcome: 'Ignored', reason: 'Closed' });
    expect(world.github.labels(44)).toEqual([]);
  });

  test('up and down of a preset without a pull request', async () => {
    const up = await run(
      'up --application shop --preset demo --name acme --ref main --with mailer --lifetime 3d -o json',
    );
    expect(up.outcome()).toMatchObject({ environment: 'shop/demo-acme', outcome: 'Created', headSha: 'c'.repeat(40) });
    const again = await run('explain shop/demo-acme');
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Unchanged') });
    const refused = await run('down shop/demo-acme -o json');
    expect({ code: refused.code, error: answerOf(refused).error?.code }).toEqual({
      code: 2,
      error: 'ConfirmationNeeded',
    });
    const down = await run('down shop/demo-acme --yes -o json');
    expect({ code: down.code, ...down.outcome() }).toMatchObject({ code: 0, outcome: 'Removed', reason: 'Requested' });
    expect((await world.files()).filter((path) => path.includes('demo-acme'))).toEqual([]);
  });

  test('down of an environment whose pull request can’t be read: removed, and said so', async () => {
    world.github.openPullRequest({ number: 45, headSha: head });
    await run('reconcile --pull-request 45');
    world.github.fault({ method: 'GET', path: /\/pulls\/45$/, when: 'before', as: { status: 404 }, times: 9 });
    const { code, stderr, outcome } = await run('down shop/pr-45 --yes -o json');
    expect({ code, ...outcome() }).toMatchObject({ code: 0, outcome: 'Removed', reason: 'Requested' });
    expect(stderr).toContain('can’t be read');
  });

  test('a refusal says that nothing was changed, and what to do', async () => {
    const { code, stdout } = await run('up --pull-request 42 --with maler');
    expect({ code, stdout }).toEqual({
      code: 3,
      stdout: expect.stringMatching(
        /Rejected {2}OverrideNotAllowed\n.*\n {2}changed +nothing.*\n {2}next +\S.*/,
      ) as unknown,
    });
  });

  test('doctor: each problem by itself, with its remedy', async () => {
    const broken = await world.configure((yaml) =>
      yaml.replace(world.git.url(), world.git.url('nowhere')).replace('shop.ts', 'shp.ts'),
    );
    const { code, stdout } = await run(`doctor --config ${broken} -o json`, { GITHUB_TOKEN: 'wrong' });
    const { findings } = JSON.parse(stdout) as { findings: { check: string; status: string; remedy?: string }[] };
    const problems = findings.filter(({ status }) => status === 'problem');
    expect(problems.map(({ check }) => check)).toEqual(['GitOps repository', 'code host', 'chart shop']);
    for (const { remedy } of problems) expect(remedy).toMatch(/./);
    expect(code).toBe(2);
    const noGit = await run('doctor -o json', { PATH: '/nonexistent' });
    expect(noGit).toMatchObject({ code: 2, stdout: expect.stringContaining('Install git') });
  });

  test('build: used where it fits; where it is stale the sources are, with a word about it', async () => {
    const chart = join(world.platform, 'charts/shop.ts');
    const text = await readFile(chart, 'utf8');
    await writeFile(chart, text.replace('port: 3000', 'port: 3001'));
    const stale = await world.run(renderIt);
    expect(stale).toMatchObject({ code: 0, stderr: expect.stringContaining('bivouac build') });
    expect(stale.stdout).toContain('3001');
    expect(await run('build')).toMatchObject({ code: 0, stdout: expect.stringContaining('charts.bundle.cjs') });
    const current = await world.run(renderIt);
    expect(current).toMatchObject({ code: 0, stderr: '' });
    expect(current.stdout).toBe(stale.stdout);
  });

  test('completion for each shell; environments are offered', async () => {
    for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
      expect(await run(`completion ${shell}`)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('bivouac'),
        stderr: '',
      });
    expect((await run('complete -- show sh')).stdout).toContain('shop/pr-42');
    expect((await run('complete -- li')).stdout).toContain('list');
    expect((await run('complete -- reconcile --pull')).stdout).toContain('--pull-request');
  });

  test('--help and --version, of the program and of each command', async () => {
    const help = await run('--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    const commands = [...help.stdout.matchAll(/^ {2}([a-z]+) /gm)]
      .map(([, name]) => name ?? '')
      .filter((name) => name !== 'help');
    expect(commands).toEqual(
      'reconcile render publish diff up down extend sleep wake wait list show explain init sweep serve doctor build demo completion'.split(
        ' ',
      ),
    );
    for (const name of commands.slice(0, 4)) expect(await run(`${name} --help`)).toMatchObject({ code: 0, stderr: '' });
    expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const alone = await world.run(['-o', 'json']);
    expect({ code: alone.code, message: answerOf(alone).error?.message }).toEqual({
      code: 2,
      message: 'no command was named',
    });
  });

  test('an empty folder: the embedded default, a repository on the disk; refused in CI', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'bivouac-empty-'));
    const here = (line: string, env = {}) => bivouac(line.split(' '), { cwd, env });
    expect(await here('list')).toMatchObject({ code: 0, stdout: 'no environments\n' });
    for (const line of ['show shop/pr-42', 'down shop/pr-42 --yes --dry-run'])
      expect(await here(line)).toMatchObject({ code: 2, stderr: expect.stringContaining('UnknownEnvironment') });
    for (const line of ['explain shop/pr-42', 'diff shop/pr-42', 'up --pull-request 42 --dry-run'])
      expect(await here(line)).toMatchObject({ code: 0, stderr: expect.stringContaining('embedded default') });
    const doctor = await here('doctor');
    expect(doctor.stdout).toMatch(/^- configuration +no bivouac\.yaml here or in a folder above/m);
    expect(doctor.stdout).toContain('gitops.git, branch main: not there yet');
    expect(doctor.stdout).not.toContain('All is well');
    expect(await readdir(cwd)).toEqual([]); // who only reads leaves nothing behind
    const up = await here('up --pull-request 42 -o json');
    expect({ code: up.code, ...answerOf(up).outcomes?.[0] }).toMatchObject({ code: 0, outcome: 'Created' });
    expect(up.stderr).toContain('embedded default');
    expect(await here('list')).toMatchObject({ code: 0, stdout: expect.stringContaining('shop/pr-42') });
    expect(await here('diff shop/pr-42')).toMatchObject({ code: 0 });
    expect(await here('down shop/pr-42 --yes')).toMatchObject({ code: 0, stdout: expect.stringContaining('Removed') });
    const demo = await here('up --application shop --preset demo --name acme --ref main');
    expect(demo.code).toBe(0);
    expect(await here('down shop/demo-acme --yes')).toMatchObject({ code: 0 });
    const refused = await here('list -o json', { CI: 'true' });
    expect({ code: refused.code, error: answerOf(refused).error?.code }).toEqual({ code: 2, error: 'ConfigNotFound' });
    expect((await here('reconcile --pull-request 42')).code).toBe(2);
    expect(await readdir(cwd)).toEqual(['.bivouac']);
    await rm(cwd, { recursive: true });
  }, 90_000);
});
