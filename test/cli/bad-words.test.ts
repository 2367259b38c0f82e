import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { type Case, expectAnswer, runCases } from './cases.js';
import { createWorld, type Ended, head, type World } from './harness.js';

const shop = ['--application', 'shop'] as const;
const render = ['render', ...shop, '--pull-request', '42', '--head-sha', head] as const;
const demo = (name: string, verb: 'up' | 'render' = 'up'): readonly string[] => [
  ...[verb, ...shop, '--preset', 'demo', '--name', name],
  ...['--ref', verb === 'up' ? 'main' : head],
];
const long = 'x'.repeat(300);

const words: readonly Case[] = [
  {
    title: 'a command',
    args: ['recncile'],
    code: 2,
    as: 'Usage',
    says: /there is no command recncile.*Did you mean reconcile/,
  },
  {
    title: 'a command to be helped with',
    args: ['help', 'srve'],
    code: 2,
    as: 'Usage',
    says: /no command srve.*Did you mean serve\?/,
  },
  { title: 'the version as a command', args: ['version'], code: 2, as: 'Usage', says: /bivouac --version/ },
  {
    title: 'half a flag',
    args: ['serve', '--platform-repo', 'x'],
    code: 2,
    as: 'Usage',
    says: /no flag --platform-repo".*Did you mean --platform-repository\?/,
  },
  {
    title: 'an environment without its application',
    args: ['explain', 'pr-7'],
    code: 2,
    as: 'InvalidName',
    says: /\\"pr-7\\" is no environment".*Did you mean shop\/pr-7\?/,
  },
  {
    title: 'the number of a pull request in place of an environment',
    args: ['explain', 'shop/7'],
    code: 2,
    as: 'InvalidName',
    says: /\\"shop\/7\\" is no environment".*Did you mean shop\/pr-7\?/,
  },
  {
    title: 'an environment that none could be called',
    args: ['explain', 'shop/Pr_7'],
    code: 2,
    as: 'InvalidName',
    says: /\\"shop\/Pr_7\\" is no environment".*lower-case letters, digits and dashes/,
  },
  {
    title: 'two words in the wrong order',
    args: ['extend', '2d', 'shop/pr-7'],
    code: 2,
    as: 'Usage',
    says: /wrong order.*bivouac extend shop\/pr-7 2d/,
  },
  { title: 'a flag', args: ['reconcile', '--pull-reqest', '42'], code: 2, as: 'Usage', says: /--pull-request/ },
  {
    title: 'a flag that is none, and near none',
    args: ['list', '--bogus'],
    code: 2,
    as: 'Usage',
    says: /"bivouac list has no flag --bogus".*"bivouac list --help shows what it takes\."/,
  },
  {
    title: 'a flag without its value',
    args: ['reconcile', '--pull-request'],
    code: 2,
    as: 'Usage',
    says: /"--pull-request needs a value".*Write --pull-request <number>\./,
  },
  {
    title: 'a value that is none of those there are',
    args: ['wait', 'shop/pr-42', '--for', 'x'],
    code: 2,
    as: 'Usage',
    says: /\\"x\\" is no value of --for.*Use ready or removed\./,
  },
  {
    title: 'one argument too many',
    args: ['list', 'x'],
    code: 2,
    as: 'Usage',
    says: /bivouac list takes no arguments, and got 1/,
  },
  {
    title: 'one argument too many for one that takes some',
    args: ['init', 'platform', 'a', 'b'],
    code: 2,
    as: 'Usage',
    says: /bivouac init takes <what> \[dir\] and nothing else, and got 3/,
  },
  {
    title: 'one argument too few',
    args: ['publish'],
    code: 2,
    as: 'Usage',
    says: /bivouac publish needs <file>: the bundle, or - for standard input.*Write bivouac publish <file>\./,
  },
  {
    title: 'one argument too few, of a few that there are',
    args: ['init'],
    code: 2,
    as: 'Usage',
    says: /bivouac init needs <what>: what to start.*Write bivouac init platform, gitops or application\./,
  },
  {
    title: 'an argument that is none of those there are',
    args: ['init', 'everything'],
    code: 2,
    as: 'Usage',
    says: /bivouac init: \\"everything\\" is no <what>.*Use platform, gitops or application\./,
  },
  {
    title: 'a duration without a unit',
    args: ['wait', 'shop/pr-42', '--timeout', '15'],
    code: 2,
    as: 'InvalidDuration',
    says: /"where":"--timeout".*Write 15m\./,
  },
  {
    title: 'a duration without a unit, in a variable',
    args: ['up', '--pull-request', '42', '--wait'],
    env: { BIVOUAC_TIMEOUT: '15' },
    code: 2,
    as: 'InvalidDuration',
    says: /"where":"BIVOUAC_TIMEOUT".*Write 15m\./,
  },
  {
    title: 'a number that is none, in a variable',
    args: ['serve'],
    env: { BIVOUAC_PORT: 'abc', BIVOUAC_WEBHOOK_SECRET: 'a-secret-that-is-long' },
    code: 2,
    as: 'InvalidFlag',
    says: /BIVOUAC_PORT=abc is no port","where":"BIVOUAC_PORT"/,
  },
  {
    title: 'a time between two sweeps',
    args: ['serve', '--sweep-interval', '1m'],
    env: { BIVOUAC_WEBHOOK_SECRET: 'a-secret-that-is-long' },
    code: 2,
    as: 'InvalidDuration',
    says: /"where":"--sweep-interval".*from 5m to 1d/,
  },
  {
    title: 'a time that nobody waits',
    args: ['serve', '--timeout', '0m'],
    env: { BIVOUAC_WEBHOOK_SECRET: 'a-secret-that-is-long' },
    code: 2,
    as: 'InvalidDuration',
    says: /"where":"--timeout"/,
  },
  {
    title: 'a secret that can be guessed',
    args: ['serve'],
    env: { BIVOUAC_WEBHOOK_SECRET: 'x' },
    code: 2,
    as: 'InvalidSecret',
    says: /BIVOUAC_WEBHOOK_SECRET is shorter than 16 characters.*openssl rand -hex 32/,
  },
  { title: 'a shell', args: ['completion', 'fsh'], code: 2, as: 'Usage', says: /fish/ },
  {
    title: 'a variable that is neither true nor false',
    args: ['reconcile', '--pull-request', '42'],
    env: { BIVOUAC_DRY_RUN: 'maybe' },
    code: 2,
    as: 'InvalidFlag',
    says: /BIVOUAC_DRY_RUN/,
  },
  ...['reconcile --pull-request 42', 'up --pull-request 42', 'list', `render --pull-request 42 --head-sha ${head}`].map(
    (line): Case => ({
      title: `an application: ${line}`,
      args: [...line.split(' '), '--application', 'shp'],
      code: 2,
      as: 'UnknownApplication',
      says: /Did you mean shop/,
    }),
  ),
  {
    title: 'an application in an address',
    args: ['show', 'shp/pr-42'],
    code: 2,
    as: 'UnknownApplication',
    says: /Did you mean shop/,
  },
  {
    title: 'a component: render',
    args: [...render, '--with', 'maler'],
    code: 2,
    as: 'UnknownComponent',
    says: /Did you mean mailer/,
  },
  {
    title: 'a component: up',
    args: ['up', '--pull-request', '42', '--without', 'maler'],
    code: 3,
    as: 'OverrideNotAllowed',
    says: /did you mean \\"mailer/,
  },
  {
    title: 'a component: up without a pull request',
    args: [...demo('acme'), '--with', 'maler'],
    code: 3,
    as: 'OverrideNotAllowed',
    says: /did you mean \\"mailer/,
  },
  {
    title: 'a component that is needed',
    args: ['up', '--pull-request', '42', '--without', 'database'],
    code: 3,
    as: 'OverrideNotAllowed',
    says: /database/,
  },
  {
    title: 'a preset: render',
    args: ['render', ...shop, '--preset', 'dmo', '--name', 'acme', '--ref', head],
    code: 2,
    as: 'UnknownPreset',
    says: /Did you mean demo/,
  },
  {
    title: 'a preset: up',
    args: ['up', '--pull-request', '42', '--preset', 'dmo'],
    code: 2,
    as: 'UnknownPreset',
    says: /Did you mean demo/,
  },
  {
    title: 'a preset that isn’t allowed',
    args: ['up', '--pull-request', '42', '--preset', 'demo'],
    code: 3,
    as: 'OverrideNotAllowed',
    says: /overrides\.presets/,
  },
  {
    title: 'an image: reconcile',
    args: ['reconcile', '--pull-request', '42', '--image', 'apii=ghcr.io/acme/x:1'],
    code: 2,
    as: 'UnknownImage',
    says: /Did you mean \\"api/,
  },
  {
    title: 'an image: render',
    args: [...render, '--image', 'apii=ghcr.io/acme/x:1'],
    code: 2,
    as: 'UnknownImage',
    says: /Did you mean \\"api/,
  },
  { title: 'half an image', args: [...render, '--image', 'api'], code: 2, as: 'InvalidFlag', says: /NAME=REF/ },
  {
    title: 'an image of a foreign registry',
    args: ['reconcile', '--pull-request', '42', '--image', 'api=evil.example.com/x:1', '--head-sha', head],
    code: 3,
    as: 'PolicyViolation',
    says: /evil\.example\.com/,
  },
  {
    title: 'a repository',
    args: ['reconcile', '--pull-request', '42', '--repository', 'acme/shp'],
    code: 2,
    as: 'UnknownRepository',
    says: /Did you mean acme\/shop/,
  },
  ...['show', 'down', 'explain'].map((verb): Case => ({
    title: `an environment: ${verb}`,
    args: [verb, 'shop/demo-acm'],
    code: 2,
    as: 'UnknownEnvironment',
    says: /bivouac list/,
  })),
  {
    title: 'an environment that isn’t there, beside one that is nearly called so',
    args: ['show', 'shop/pr-24'],
    code: 2,
    as: 'UnknownEnvironment',
    says: /Did you mean shop\/pr-42/,
  },
  {
    title: 'what to compare with',
    args: ['diff', 'shop/pr-42', '--against', 'bse'],
    code: 2,
    as: 'UnknownComparison',
    says: /Did you mean base/,
  },
  {
    title: 'a duration',
    args: [...demo('acme'), '--lifetime', '3x'],
    code: 2,
    as: 'InvalidDuration',
    says: /72h/,
  },
  {
    title: 'a configuration file',
    args: ['list', '--config', 'x.yaml'],
    code: 2,
    as: 'ConfigNotFound',
    says: /x\.yaml/,
  },
  {
    title: 'a component both in and out',
    args: ['up', '--pull-request', '42', '--with', 'mailer', '--without', 'mailer'],
    code: 2,
    as: 'InvalidFlag',
    says: /mailer.*--without/,
  },
  {
    title: 'a pull request and a name at once',
    args: [...demo('acme'), '--pull-request', '42'],
    code: 2,
    as: 'InvalidFlag',
    says: /--pull-request N, or/,
  },
  {
    title: 'a file for a folder',
    args: [...render, '--output-dir', 'bivouac.yaml'],
    code: 2,
    as: 'OutputNotWritten',
    says: /--output-dir/,
  },
  { title: 'nothing to render', args: ['render'], code: 2, as: 'RenderNeeds', says: /--head-sha/ },
  { title: 'nothing to make', args: ['up'], code: 2, as: 'UpNeeds', says: /--pull-request/ },
  { title: 'nothing to show', args: ['show'], code: 2, as: 'EnvironmentNeeded', says: /shop\/pr-42/ },
  { title: 'nothing to reconcile', args: ['reconcile'], code: 2, as: 'NoEvent', says: /--pull-request/ },
  {
    title: 'a removal that nobody confirms',
    args: ['down', 'shop/pr-42'],
    code: 2,
    as: 'ConfirmationNeeded',
    says: /--yes/,
  },
  {
    title: 'another switch of cdk8s',
    args: render,
    env: { CDK8S_DISABLE_SORT: '1' },
    code: 2,
    as: 'Cdk8sVariable',
    says: /unset CDK8S_DISABLE_SORT/,
  },
];

const hostile: readonly Case[] = [
  ...[
    '0',
    '-1',
    '1.5',
    '1e9',
    '2147483648',
    '9007199254740993',
    '007',
    'NaN',
    '4 2',
    '42\n',
    '٤٢',
    '9'.repeat(300),
  ].map((number): Case => ({
    title: `pull request ${JSON.stringify(number.slice(0, 20))}`,
    args: ['reconcile', `--pull-request=${number}`],
    code: 2,
    as: 'InvalidPullRequest',
    says: /whole number/,
  })),
  ...['abc', head.toUpperCase(), `${head}0`, '--upload-pack=x', '$(id)', long].map((sha): Case => ({
    title: `commit ${JSON.stringify(sha.slice(0, 20))}`,
    args: ['render', '--pull-request', '42', `--head-sha=${sha}`],
    code: 2,
    as: 'InvalidCommit',
    says: /40 hexadecimal digits/,
  })),
  ...[
    '../../etc',
    'shop/../x',
    'shop/$(touch canary)',
    'shop/pr-42\n',
    'shop/{{ .x }}',
    'магазин/pr-42',
    `shop/${long}`,
  ].map((address): Case => ({
    title: `address ${JSON.stringify(address.slice(0, 24))}`,
    args: ['show', address],
    code: 2,
    as: 'InvalidName',
    says: /is no/,
  })),
  ...['../x', '$(touch canary)', '{{ .Values }}', '1abc', ' acme', '-x', '🎉', 'a'.repeat(301)].map((name): Case => ({
    title: `name ${JSON.stringify(name.slice(0, 24))}`,
    args: ['up', ...shop, '--preset', 'demo', `--name=${name}`, '--ref', 'main'],
    code: 2,
    as: 'InvalidName',
    says: /Begin it with a letter/,
  })),
  ...(
    [
      ['--upload-pack=x', 'RefNotFound'],
      ['../../x', 'InvalidRef'],
      ['a b', 'InvalidRef'],
      ['$(touch canary)', 'InvalidRef'],
      [long, 'InvalidRef'],
    ] as const
  ).map(([ref, as]): Case => ({
    title: `ref ${JSON.stringify(ref.slice(0, 24))}`,
    args: ['up', ...shop, '--preset', 'demo', '--name', 'acme', `--ref=${ref}`],
    code: 2,
    as,
    says: /branch|ref/,
  })),
  ...['../x', '$(touch canary)', '{{ .x }}', 'a\nb', 'Ünï', long, '__proto__'].map((name): Case => ({
    title: `component ${JSON.stringify(name.slice(0, 24))}`,
    args: ['up', '--pull-request', '42', `--with=${name}`],
    code: 3,
    as: 'OverrideNotAllowed',
    says: /is no component name/,
  })),
  {
    title: 'a repository that would leave its path',
    args: ['reconcile', '--pull-request', '42', '--repository', 'acme/..'],
    code: 2,
    as: 'InvalidRepository',
    says: /owner\/name/,
  },
  {
    title: 'an application of 300 letters',
    args: ['list', '--application', long],
    code: 2,
    as: 'UnknownApplication',
    says: /There are: shop/,
  },
];

describe('words that nobody knows, and words that mean harm', () => {
  let world: World;
  let ended: ReadonlyMap<string, Ended>;
  const before = { tree: '', labels: [] as readonly string[] };
  beforeAll(async () => {
    world = await createWorld();
    world.github.openPullRequest({ number: 42, headSha: head });
    world.github.putRef('main', 'c'.repeat(40));
    const created = await world.run(['reconcile', '--pull-request', '42']);
    if (created.code !== 0) throw new Error(created.stderr);
    before.tree = await world.tree();
    before.labels = world.github.labels(42);
    ended = await runCases(world, [...words, ...hostile]);
  }, 120_000);
  afterAll(() => world.end());

  test.each(words)('unknown or missing: $title', (each) => expectAnswer(ended.get(each.title), each));
  test.each(hostile)('refused: $title', (each) => expectAnswer(ended.get(each.title), each));

  test('after all of them: the same tree, the same labels, no file that a shell made, no temporary folder', async () => {
    expect(await world.tree()).toBe(before.tree);
    expect(world.github.labels(42)).toEqual(before.labels);
    expect((await readdir(world.platform)).sort()).toEqual([
      'bivouac.yaml',
      'charts',
      'charts.bundle.cjs',
      'charts.bundle.cjs.cache',
    ]);
    expect(await world.leftovers()).toEqual([]);
  });

  test('names in any script become labels of letters, digits and dashes; different names different environments', async () => {
    const names = [
      'Ünïcödé',
      'Ünïcödé'.normalize('NFD'),
      '日本語',
      'acme\n../../x',
      `a${long}`.slice(0, 300),
      'Acme',
      'acme',
    ];
    const made = [];
    for (const name of names) made.push(await world.run([...demo(name), '-o', 'dotenv']));
    expect(made.map(({ code }) => code)).toEqual(names.map(() => 0));
    const environments = made.map(({ stdout }) => /^ENVIRONMENT_ENVIRONMENT=(.*)$/m.exec(stdout)?.[1] ?? '');
    expect(new Set(environments).size).toBe(names.length);
    for (const each of environments) expect(each).toMatch(/^shop\/demo(-[a-z0-9]+)+$/);
    const paths = (await world.files()).map((path) => path.split('/').slice(1, 3).join('/'));
    expect([...new Set(paths)].sort()).toEqual([...environments, 'shop/pr-42'].sort());
  });
});
