import { describe, expect, test } from '@jest/globals';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGit } from '../git/run.js';
import { startGitServer } from '../git/server.js';
import { canary, failure, gitStage, put } from './git-stage.js';
import { tree } from './support.js';

const stage = gitStage();

describe('refusals', () => {
  test('a hook’s long text is shown, trimmed, without secrets, and ends in PushDeclined', async () => {
    await stage.create({ environments: 1 });
    const hook = join(stage.directory(), 'hooks', 'pre-receive');
    await mkdir(join(stage.directory(), 'hooks'), { recursive: true });
    await writeFile(
      hook,
      `#!/bin/sh\necho "no ${canary} \x1b[31m"\necho https://me:pass@host/\nfor i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "rule $i"; done\nexit 1\n`,
    );
    await chmod(hook, 0o755);
    const error = await failure(put(stage.open(), 'shop/pr-42', tree('shop/pr-42')));
    expect(error).toMatchObject({ code: 'PushDeclined', class: 'RefusedError', changed: 'nothing' });
    expect(error.message).toContain('no ***');
    expect(error.message).toContain('https://***@host/');
    expect(error.message).not.toContain('\x1b');
    expect(error.message.length).toBeLessThan(1000);
    expect(
      stage.server().log.filter(({ uri, method }) => method === 'POST' && uri.endsWith('receive-pack')),
    ).toHaveLength(3);
  });

  test.each([
    [401, 'RemoteUnauthorized', 'RefusedError'],
    [403, 'RemoteForbidden', 'RefusedError'],
    [404, 'RemoteNotFound', 'RefusedError'],
    [429, 'RemoteUnavailable', 'TemporaryError'],
    [500, 'RemoteUnavailable', 'TemporaryError'],
    [503, 'RemoteUnavailable', 'TemporaryError'],
  ] as const)('status %i at the read is %s', async (status, code, errorClass) => {
    await stage.create({ environments: 1 });
    stage.server().setFault(() => ({
      kind: 'status',
      status,
      when: 'before',
      headers: { 'www-authenticate': 'Basic realm="x"' },
    }));
    const error = await failure(put(stage.open(), 'shop/pr-42', tree('shop/pr-42')));
    expect(error).toMatchObject({ code, class: errorClass, changed: 'nothing' });
    expect(error.remedy).toBeDefined();
    expect(stage.server().log).toHaveLength(errorClass === 'RefusedError' ? 1 : 3);
  });

  test('a token that may only read is refused at the push', async () => {
    await stage.create({ environments: 1 });
    stage
      .server()
      .setFault(({ uri }) =>
        uri.includes('receive-pack') ? { kind: 'status', status: 403, when: 'before' } : undefined,
      );
    expect(await failure(put(stage.open(), 'shop/pr-42', tree('shop/pr-42')))).toMatchObject({
      code: 'RemoteForbidden',
      changed: 'nothing',
    });
  });

  test('a push that fails once is tried again', async () => {
    await stage.create({ environments: 1 });
    let left = 1;
    stage
      .server()
      .setFault(({ uri }) =>
        uri.includes('receive-pack') && left-- > 0 ? { kind: 'status', status: 503, when: 'before' } : undefined,
      );
    expect((await put(stage.open(), 'shop/pr-42', tree('shop/pr-42'))).attempts).toBe(2);
  });

  test('a wrong token, no repository, no host', async () => {
    await stage.create({ environments: 1 });
    expect(await failure(stage.open({ token: 'wrong' }).read([]))).toMatchObject({ code: 'RemoteUnauthorized' });
    expect(await failure(stage.openWithoutToken().read([]))).toMatchObject({ code: 'RemoteUnauthorized' });
    expect(await failure(stage.open({ url: stage.server().url('nowhere') }).read([]))).toMatchObject({
      code: 'RemoteNotFound',
    });
    expect(await failure(stage.open({ url: 'http://127.0.0.1:1/x.git' }).read([]))).toMatchObject({
      code: 'RemoteUnavailable',
    });
  });
  test('a redirect keeps the token at home', async () => {
    await stage.create({ environments: 1 });
    const elsewhere = await startGitServer({ token: canary });
    try {
      await elsewhere.create({ environments: 1 });
      stage.server().setFault(() => ({
        kind: 'status',
        status: 301,
        when: 'before',
        headers: { location: `${elsewhere.url()}/info/refs?service=git-upload-pack` },
      }));
      expect(await failure(stage.open().read([]))).toMatchObject({ code: 'RemoteMoved', class: 'RefusedError' });
      expect(elsewhere.log).toEqual([]);
    } finally {
      await elsewhere.stop();
    }
  });

  test('a SHA-256 repository is refused by name', async () => {
    await mkdir(stage.directory());
    await stage.git('init', '--quiet', '--bare', '--object-format=sha256', '--initial-branch=main');
    await runGit(
      stage.directory(),
      ['fast-import', '--quiet'],
      'commit refs/heads/main\ncommitter a <a@b> 1 +0000\ndata 1\nx\n\n',
    );
    expect(await failure(stage.open().read([]))).toMatchObject({ code: 'UnsupportedRepository', class: 'UserError' });
  });

  test.each([
    ['http://example.com/x.git'],
    ['https://user:pass@example.com/x.git'],
    ['https://token@example.com/x.git'],
    ['ext::sh -c id'],
    ['git://example.com/x.git'],
    ['--upload-pack=id'],
    ['relative/path'],
    ['https://example.com/x.git\n'],
    ['-oProxyCommand=id@host:x'],
    [''],
  ])('the address %j is refused, without showing a password', async (url) => {
    const error = await failure(Promise.resolve().then(() => stage.open({ url })));
    expect(error).toMatchObject({ code: 'InvalidRemote', class: 'UserError' });
    expect(error.message).not.toMatch(/pass@|token@/);
  });

  test.each([['-x'], ['a..b'], ['a b'], ['x.lock'], ['a/'], ['a~1'], ['@{-1}'], ['refs//x'], ['']])(
    'the branch %j is refused',
    async (branch) => {
      expect(await failure(Promise.resolve().then(() => stage.open({ branch })))).toMatchObject({
        code: 'InvalidBranch',
      });
    },
  );

  test('no git, and an old one', async () => {
    await stage.create({ environments: 1 });
    const bin = await mkdtemp(join(tmpdir(), 'old-git-'));
    expect(await failure(stage.open({ environment: { PATH: bin } }).read([]))).toMatchObject({
      code: 'GitMissing',
      class: 'UserError',
    });
    await writeFile(join(bin, 'git'), '#!/bin/sh\necho git version 2.25.1\n');
    await chmod(join(bin, 'git'), 0o755);
    expect(await failure(stage.open({ environment: { PATH: bin } }).read([]))).toMatchObject({
      code: 'GitTooOld',
      class: 'UserError',
    });
    await rm(bin, { recursive: true });
  });
});
