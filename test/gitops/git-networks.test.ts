import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import { treeIdOf } from '../git/fixture.js';
import { canary, failure, gitStage, put } from './git-stage.js';
import { tree } from './support.js';

const stage = gitStage();

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const link = (one: Socket, other: Socket): void => {
  one.on('error', () => other.destroy()).on('close', () => other.destroy());
  other.on('error', () => one.destroy()).on('close', () => one.destroy());
  one.pipe(other).pipe(one);
};

/** A certificate of an authority of our own, for a name that nothing resolves. */
const makeCertificate = async (directory: string): Promise<void> => {
  const names = 'subjectAltName=DNS:gitops.test,IP:127.0.0.1';
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-keyout', 'key.pem'];
  const request = ['req', '-x509', '-days', '2', '-subj', '/CN=gitops.test', '-addext', names, '-out', 'ca.pem'];
  await promisify(execFile)('openssl', [...request, ...key], { cwd: directory });
};

interface Asked {
  readonly target: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

describe('https with an authority of one’s own', () => {
  const asked: Asked[] = [];
  const servers: Server[] = [];
  let directory = '';
  let [tlsPort, proxyPort] = [0, 0];
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'git-tls-'));
    await makeCertificate(directory);
    const [key, cert] = await Promise.all(['key.pem', 'ca.pem'].map((file) => readFile(join(directory, file))));
    const upstream = Number(new URL(stage.server().origin).port);
    const tls = createTlsServer({ key, cert }, (socket) => link(socket, connect(upstream, '127.0.0.1')));
    const proxy = createServer().on('connect', ({ url, headers }, socket: Socket) => {
      asked.push({ target: url, headers });
      const onward = connect(tlsPort, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      link(socket, onward);
    });
    servers.push(tls, proxy);
    [tlsPort, proxyPort] = [await listen(tls), await listen(proxy)];
  });
  afterAll(async () => {
    servers.forEach((server) => server.close());
    await rm(directory, { recursive: true });
  });
  const pathOf = (): string => `/${basename(stage.directory())}`;

  test('is published to when GIT_SSL_CAINFO names it, and refused by name when not', async () => {
    await stage.create({ environments: 1 });
    const url = `https://127.0.0.1:${tlsPort}${pathOf()}`;
    const environment = { PATH: process.env['PATH'] };
    const error = await failure(stage.open({ url, environment }).read([]));
    expect(error).toMatchObject({ code: 'RemoteUntrusted', class: 'RefusedError' });
    expect(stage.server().log).toEqual([]); // so the token wasn't sent
    const trusting = { ...environment, GIT_SSL_CAINFO: join(directory, 'ca.pem') };
    await put(stage.open({ url, environment: trusting }), 'shop/pr-42', tree('shop/pr-42'));
    expect(await stage.treeAt('environments/shop/pr-42')).toBe(treeIdOf(tree('shop/pr-42')));
  });

  test.each(['https_proxy', 'HTTPS_PROXY', 'ALL_PROXY'])(
    'goes through the proxy of %s, which gets no token',
    async (variable) => {
      await stage.create({ environments: 1 });
      asked.length = 0;
      const environment = {
        PATH: process.env['PATH'],
        GIT_SSL_CAINFO: join(directory, 'ca.pem'),
        [variable]: `http://127.0.0.1:${proxyPort}`,
      };
      const url = `https://gitops.test${pathOf()}`;
      await put(stage.open({ url, environment }), 'shop/pr-42', tree('shop/pr-42'));
      expect(await stage.treeAt('environments/shop/pr-42')).toBe(treeIdOf(tree('shop/pr-42')));
      expect(asked.map(({ target }) => target)).toEqual(['gitops.test:443', 'gitops.test:443']);
      const shown = JSON.stringify(asked.map(({ headers }) => headers));
      expect(shown).not.toMatch(/authorization/i);
      expect(shown).not.toContain(Buffer.from(`x-access-token:${canary}`).toString('base64'));
    },
  );

  test('a proxy that isn’t there is unavailable, and NO_PROXY goes past it', async () => {
    await stage.create({ environments: 1 });
    const environment = {
      PATH: process.env['PATH'],
      GIT_SSL_CAINFO: join(directory, 'ca.pem'),
      https_proxy: 'http://127.0.0.1:1',
    };
    const url = `https://127.0.0.1:${tlsPort}${pathOf()}`;
    expect(await failure(stage.open({ url, environment }).read([]))).toMatchObject({ code: 'RemoteUnavailable' });
    const past = stage.open({ url, environment: { ...environment, NO_PROXY: '127.0.0.1' } });
    expect((await past.read([])).names).toHaveLength(1);
  });
});
