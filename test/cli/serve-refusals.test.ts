import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runGit } from '../git/run.js';
import { answerOf } from './cases.js';
import { bivouac, createWorld, type World } from './harness.js';

const secret = 'a-secret-that-is-long';

describe('bivouac serve that doesn’t start', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.end());
  const serve = async (args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}) => {
    const ended = await bivouac(['serve', '--port', '0', ...args, '-o', 'json'], {
      cwd: world.platform,
      env: { ...world.secrets, BIVOUAC_WEBHOOK_SECRET: secret, BIVOUAC_PLATFORM_TOKEN: world.git.token, ...env },
    });
    const answer = ended.stdout.slice(ended.stdout.indexOf('{\n'));
    return answerOf({ stdout: answer === '' ? ended.stdout : answer }).error;
  };
  const platformOf = async (name: string, files: Readonly<Record<string, string>>): Promise<string> => {
    await world.git.create({ files: { ...files } }, name);
    return world.git.url(name);
  };

  test('an address or a branch that is none: it is that of the platform repository', async () => {
    expect(await serve(['--platform-repository', 'acme/blog'])).toMatchObject({
      code: 'InvalidRemote',
      message: '"acme/blog" is no platform repository: it is neither an address nor an absolute path',
      where: '--platform-repository',
      remedy: 'Write its address, such as https://github.com/acme/blog.git.',
    });
    expect(await serve(['--platform-repository', 'https://me:it@github.com/acme/blog'])).toMatchObject({
      where: '--platform-repository',
      remedy: expect.stringContaining('BIVOUAC_PLATFORM_TOKEN') as unknown,
    });
    expect(
      await serve(['--platform-repository', 'https://github.com/acme/blog', '--platform-branch', '-x']),
    ).toMatchObject({ code: 'InvalidBranch', where: '--platform-branch' });
    expect(await serve(['--platform-branch', 'next'])).toMatchObject({
      code: 'InvalidFlag',
      where: '--platform-branch',
      remedy: expect.stringContaining('--platform-repository') as unknown,
    });
  });

  test('nothing says where the service lays what it checks out', async () => {
    const empty = await platformOf('acme/empty', { 'README.md': 'x' });
    const commit = (await runGit(world.git.directory('acme/empty'), ['rev-parse', 'main'])).trim().slice(0, 7);
    expect(await serve(['--platform-repository', empty])).toMatchObject({
      code: 'ConfigNotFound',
      message: `${empty}, branch main, commit ${commit} has no bivouac.yaml`,
      remedy: expect.stringContaining('--config') as unknown,
    });

    const broken = await platformOf('acme/broken', { 'bivouac.yaml': 'version: 1\ndomian: x\n' });
    const configuration = await serve(['--platform-repository', broken]);
    expect(configuration).toMatchObject({ code: 'InvalidConfig' });
    expect(configuration?.message).toContain('\nbivouac.yaml:2:1 domian: unknown key');
    expect(configuration?.where).toMatch(/^bivouac\.yaml:\d:\d of .*acme\/broken.*, branch main, commit [0-9a-f]{7}$/);

    const lacking = await platformOf('acme/lacking', {
      'bivouac.yaml': await world.configuration(),
      'charts/shop.ts': `import 'left-pad';\n${await readFile(join(world.platform, 'charts/shop.ts'), 'utf8')}`,
    });
    const chart = await serve(['--platform-repository', lacking]);
    expect(chart).toMatchObject({
      code: 'ChartFailed',
      remedy: expect.stringMatching(/^Commit the charts\.bundle\.cjs that `bivouac build` writes/) as unknown,
    });
    expect(JSON.stringify([configuration, chart])).not.toMatch(/bivouac-platform-|tmp\//);
  });

  test('without a token: what a service needs, not what a job does', async () => {
    const said = await serve([], { GITHUB_TOKEN: undefined });
    expect(said).toMatchObject({ code: 'CredentialMissing' });
    expect(said?.remedy).toMatch(
      /contents: read.*pull requests and deployments: write.*BIVOUAC_APP_ID and BIVOUAC_PRIVATE_KEY/,
    );
    expect(said?.remedy).not.toContain('GitHub Actions');
  });
});
