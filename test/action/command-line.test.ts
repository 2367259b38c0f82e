import { describe, expect, test } from '@jest/globals';
import { commandLineOf } from '../../src/action/command-line.js';
import { commandShown, endingOf, errorShown, masks } from '../../src/action/log.js';

/** A step's `with`, as the runner hands it over. */
const inputs = (given: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));

const argvOf = (given: Readonly<Record<string, string>>) => commandLineOf(inputs(given)).argv;

describe('inputs', () => {
  test('none: reconcile, by what the event says', () => {
    expect(argvOf({})).toEqual(['reconcile']);
    expect(argvOf({ command: '', 'pull-request': ' ', wait: '' })).toEqual(['reconcile']);
  });

  test('are the flags of the same name; lists have one a line', () => {
    const given = {
      'pull-request': '42',
      images: 'api=ghcr.io/acme/api:1\n\n  web=ghcr.io/acme/web:2  \n',
      'head-sha': '1a2b3c4',
      wait: 'true',
      timeout: '10m',
      output: 'json=result.json\ndotenv=result.env',
      'dry-run': 'false',
    };
    expect(argvOf(given)).toEqual([
      'reconcile',
      ...['--output=json=result.json', '--output=dotenv=result.env', '--pull-request=42'],
      ...['--image=api=ghcr.io/acme/api:1', '--image=web=ghcr.io/acme/web:2'],
      ...['--head-sha=1a2b3c4', '--wait', '--timeout=10m'],
    ]);
  });

  test('a sweep has its own', () => {
    const given = { command: 'sweep', repository: 'acme/shop\nacme/blog', max: '5', refresh: 'True' };
    expect(argvOf(given)).toEqual([
      'sweep',
      ...['--repository=acme/shop', '--repository=acme/blog', '--max=5', '--refresh'],
    ]);
  });

  test('every command’s flags: an environment without a pull request, and its end', () => {
    const given = { preset: 'demo', name: 'acme', ref: 'main', with: 'mailer\nadmin', lifetime: '3d' };
    expect(argvOf({ command: 'up', application: 'shop', ...given })).toEqual([
      ...['up', '--application=shop', '--preset=demo', '--name=acme', '--ref=main'],
      ...['--with=mailer', '--with=admin', '--lifetime=3d'],
    ]);
    expect(argvOf({ command: 'down', yes: 'true', argument: 'shop/demo-acme' })).toEqual([
      ...['down', '--yes', '--', 'shop/demo-acme'],
    ]);
    expect(argvOf({ command: 'extend', argument: ' shop/pr-42 \n\n 2d\n' })).toEqual([
      ...['extend', '--', 'shop/pr-42', '2d'],
    ]);
  });

  test.each([
    ['build', /npx --no bivouac build/],
    ['serve', /docs\/service\.md/],
  ])('%s is refused, and it is said where it is done', (command, remedy) => {
    const remedied = { where: 'with.command', remedy: expect.stringMatching(remedy) };
    expect(() => argvOf({ command })).toThrow(expect.objectContaining({ code: 'InvalidInput', ...remedied }));
  });

  test('what a command takes without a flag can’t become one', () => {
    expect(argvOf({ command: 'publish', argument: '--dry-run' })).toEqual(['publish', '--', '--dry-run']);
  });

  test('a run with debug logging says more', () => {
    expect(commandLineOf({ RUNNER_DEBUG: '1' }).argv).toEqual(['reconcile', '--verbose']);
  });

  test.each([
    [{ wait: 'yes' }, 'with.wait'],
    [{ 'dry-run': '1' }, 'with.dry-run'],
    [{ command: 'reconcile --dry-run' }, 'with.command'],
    [{ command: '--version' }, 'with.command'],
  ])('%j is refused', (given, where) => {
    expect(() => argvOf(given)).toThrow(expect.objectContaining({ code: 'InvalidInput', where }));
  });
});

describe('credentials', () => {
  const given = {
    ...inputs({ 'gitops-token': 'g-secret', 'github-token': 'h-secret', 'argocd-token': 'a-secret' }),
    ...inputs({ 'app-id': '1234', 'private-key': 'BEGIN\nkey-line\nEND' }),
    PATH: '/bin',
    ACTIONS_RUNTIME_TOKEN: 'r-secret',
  };

  test('go into variables, never into arguments, and are masked', () => {
    const { argv, environment, secrets } = commandLineOf(given);
    expect(argv).toEqual(['reconcile']);
    expect(environment).toEqual({
      PATH: '/bin',
      BIVOUAC_GITOPS_TOKEN: 'g-secret',
      BIVOUAC_GITHUB_TOKEN: 'h-secret',
      BIVOUAC_ARGOCD_TOKEN: 'a-secret',
      BIVOUAC_APP_ID: '1234',
      BIVOUAC_PRIVATE_KEY: 'BEGIN\nkey-line\nEND',
    });
    expect(secrets).toEqual(['g-secret', 'h-secret', 'a-secret', 'BEGIN\nkey-line\nEND']);
  });

  test('render gets none, and they are masked all the same', () => {
    const { environment, secrets } = commandLineOf({ ...given, ...inputs({ command: 'render' }) });
    expect(environment).toEqual({ PATH: '/bin' });
    expect(secrets).toHaveLength(4);
  });
});

describe('what the log shows', () => {
  test('a mask for each secret and each of its lines, before anything else can show it', () => {
    expect(masks(['a%b\nlast-line', 'a%b\nlast-line', 'x'])).toBe(
      '::add-mask::a%25b%0Alast-line\n::add-mask::last-line\n',
    );
  });

  test('the command line as a shell takes it, on one line', () => {
    expect(commandShown(['wait', '--', "shop/pr-42'\n::error::x"])).toBe(
      "[command]bivouac wait -- 'shop/pr-42'\\'' ::error::x'\n",
    );
  });

  test('how it ended, in an annotation that nothing can end early', () => {
    expect(errorShown('a:b,c', 'one\ntwo')).toBe('::error title=a%3Ab%2Cc::one%0Atwo\n');
    expect(endingOf(3)).toMatch(/^exit code 3: refused/);
    expect(endingOf(143)).toMatch(/^exit code 143: it was interrupted/);
  });
});
