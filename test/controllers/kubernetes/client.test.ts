import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { openCluster } from '../../../src/controllers/kubernetes/client.js';

let server: Server;
let folder: string;
let address: string;
let answerWith: (request: IncomingMessage, response: ServerResponse) => void;
const seen: { method?: string; url?: string; authorization?: string; type?: string; body: string }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bivouac-cluster-'));
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method, url, headers } = request;
      seen.push({
        ...(method && { method }),
        ...(url && { url }),
        ...(headers.authorization && { authorization: headers.authorization }),
        ...(headers['content-type'] && { type: headers['content-type'] }),
        body: Buffer.concat(parts).toString(),
      });
      answerWith(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  seen.length = 0;
});

const answering = (status: number, body: unknown, headers: Record<string, string | string[]> = {}) => {
  answerWith = (_request, response) => {
    response.writeHead(status, headers);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
};

/** A kubeconfig whose user is this, beside it in the folder. */
const kubeconfig = (user: unknown, name = 'config', server = address): string => {
  const path = join(folder, name);
  const content = {
    clusters: [{ name: 'local', cluster: { server } }],
    users: [{ name: 'me', user }],
    contexts: [{ name: 'here', context: { cluster: 'local', user: 'me' } }],
    'current-context': 'here',
  };
  writeFileSync(path, JSON.stringify(content));
  return path;
};
const withToken = () => openCluster({ kubeconfig: kubeconfig({ token: 'secret-token' }) });

describe('signing in', () => {
  test('by token, by name and password, and by a token’s file', async () => {
    answering(200, {});
    writeFileSync(join(folder, 'token'), 'from-file');
    const users = [
      { token: 'secret-token' },
      { username: 'me', password: 'word' },
      { tokenFile: join(folder, 'token') },
    ];
    for (const user of users) await (await openCluster({ kubeconfig: kubeconfig(user) })).get('/version');
    expect(seen.map(({ authorization }) => authorization)).toEqual([
      'Bearer secret-token',
      `Basic ${Buffer.from('me:word').toString('base64')}`,
      'Bearer from-file',
    ]);
  });

  const plugin = (script: string) => {
    const command = join(folder, 'plugin');
    writeFileSync(command, `#!/bin/sh\n${script}\n`);
    chmodSync(command, 0o755);
    return kubeconfig({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command, args: [] } });
  };

  test('by a program', async () => {
    answering(200, {});
    const said = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token: 'made' } };
    await (await openCluster({ kubeconfig: plugin(`echo '${JSON.stringify(said)}'`) })).get('/version');
    expect(seen[0]?.authorization).toBe('Bearer made');
  });

  test('by a program that fails, or isn’t there', async () => {
    const cluster = await openCluster({ kubeconfig: plugin('echo "session expired" >&2; exit 1') });
    await expect(cluster.get('/version')).rejects.toMatchObject({
      code: 'ClusterUnauthorized',
      message: expect.stringContaining('session expired') as unknown as string,
    });
    const absent = kubeconfig({
      exec: { apiVersion: 'client.authentication.k8s.io/v1', command: join(folder, 'none') },
    });
    await expect((await openCluster({ kubeconfig: absent })).get('/version')).rejects.toMatchObject({
      code: 'ClusterUnauthorized',
    });
    expect(seen).toEqual([]);
  });
});

describe('a kubeconfig', () => {
  test('of several files: the first names the context', async () => {
    answering(200, {});
    const first = kubeconfig({ token: 'first' }, 'first');
    const second = join(folder, 'second');
    writeFileSync(
      second,
      JSON.stringify({
        clusters: [{ name: 'other', cluster: { server: 'https://other' } }],
        users: [],
        contexts: [{ name: 'there', context: { cluster: 'other', user: 'me' } }],
        'current-context': 'there',
      }),
    );
    const both = { kubeconfig: [first, second].join(delimiter) };
    expect((await openCluster(both)).server).toBe(address);
    expect((await openCluster({ ...both, context: 'there' })).server).toBe('https://other');
  });

  test.each([
    ['that isn’t there', () => join(folder, 'nowhere')],
    ['without a cluster', () => kubeconfig({}, 'empty', '')],
    ['that is no YAML', () => (writeFileSync(join(folder, 'broken'), '{'), join(folder, 'broken'))],
    ['that is empty', () => (writeFileSync(join(folder, 'blank'), ''), join(folder, 'blank'))],
  ])('%s is the user’s to repair', async (_name, path) => {
    await expect(openCluster({ kubeconfig: path() })).rejects.toMatchObject({
      code: 'KubeconfigInvalid',
      class: 'UserError',
    });
  });
});

test('lists are read to their end', async () => {
  answerWith = ({ url = '' }, response) => {
    const next = new URL(url, address).searchParams.get('continue');
    const page =
      next === null
        ? { metadata: { continue: 'a&b' }, items: [{ metadata: { name: 'one' } }] }
        : { items: [{ metadata: { name: next } }] };
    response.end(JSON.stringify(page));
  };
  const found = await (await withToken()).list('/api/v1/pods', { labelSelector: 'a=b' });
  expect(found?.map(({ metadata }) => metadata?.name)).toEqual(['one', 'a&b']);
  expect(seen.every(({ url }) => url?.includes('labelSelector=a%3Db'))).toBe(true);
});

test('what isn’t there is undefined', async () => {
  answering(404, { kind: 'Status', code: 404, message: 'not found' });
  const cluster = await withToken();
  expect([await cluster.get('/api/v1/namespaces/x'), await cluster.list('/apis/none/v1/x')]).toEqual([
    undefined,
    undefined,
  ]);
});

describe('a 404 that isn’t the API server’s own', () => {
  const page = '404 page not found\n';
  /** As the API server of a cluster that knows Argo CD's projects, and nothing else of it. */
  const discovering = () => {
    const documents: Readonly<Record<string, unknown>> = {
      '/api/v1': { kind: 'APIResourceList', resources: [{ name: 'namespaces' }] },
      '/apis': { kind: 'APIGroupList', groups: [{ versions: [{ groupVersion: 'argoproj.io/v1alpha1' }] }] },
      '/apis/argoproj.io/v1alpha1': { kind: 'APIResourceList', resources: [{ name: 'appprojects' }] },
    };
    answerWith = ({ url = '' }, response) => {
      const document = documents[url];
      response.writeHead(document === undefined ? 404 : 200);
      response.end(document === undefined ? page : JSON.stringify(document));
    };
  };
  const argo = '/apis/argoproj.io/v1alpha1/namespaces/argocd';
  const paths = ['/api/v1/namespaces/x', '/api/v1/persistentvolumes', `${argo}/applications/x`, '/apis/none/v1'];

  test.each([
    page,
    '<html>default backend - 404</html>',
    { kind: 'Status' },
    { code: 404 },
    { kind: 'List', code: 404 },
  ])('%j says nothing about what is there', async (body) => {
    answering(404, body);
    const cluster = await withToken();
    const message = expect.stringContaining('a 404 that isn’t the API server’s');
    for (const path of paths) {
      await expect(cluster.get(path)).rejects.toMatchObject({ code: 'ClusterUnavailable', message });
      await expect(cluster.list(path)).rejects.toMatchObject({ code: 'ClusterUnavailable', message });
    }
  });

  test.each([`${argo}/applications/x`, '/apis/none/v1', '/apis/none/v1/namespaces/x/y', '/api/v1/nothings'])(
    'unless the server lists its kinds, and %s isn’t one of them',
    async (path) => {
      discovering();
      expect(await (await withToken()).get(path)).toBeUndefined();
    },
  );

  test.each(['/api/v1/namespaces/x', `${argo}/appprojects/x`])('not of %s, which it does list', async (path) => {
    discovering();
    await expect((await withToken()).get(path)).rejects.toMatchObject({ code: 'ClusterUnavailable' });
  });
});

test.each([
  [401, { message: 'Unauthorized' }, 'ClusterUnauthorized', 'RefusedError'],
  [403, { message: 'pods is forbidden: User "x" cannot list' }, 'ClusterForbidden', 'RefusedError'],
  [400, { message: 'bad' }, 'ClusterRefused', 'RefusedError'],
  [302, '', 'ClusterRefused', 'RefusedError'],
  [429, {}, 'ClusterUnavailable', 'TemporaryError'],
  [503, 'apiserver is starting', 'ClusterUnavailable', 'TemporaryError'],
  [200, '<html>', 'ClusterUnavailable', 'TemporaryError'],
])('%i %j is %s', async (...[status, body, code, errorClass]) => {
  answering(status, body);
  const failure = await (await withToken()).get('/api/v1/pods').catch((error: unknown) => error);
  expect(failure).toMatchObject({ code, class: errorClass });
  expect(JSON.stringify([failure, String(failure)])).not.toContain('secret-token');
});

test('nobody listens', async () => {
  const cluster = await openCluster({ kubeconfig: kubeconfig({}, 'config', 'https://127.0.0.1:9') });
  await expect(cluster.get('/version')).rejects.toMatchObject({ code: 'ClusterUnavailable' });
});

describe('a patch', () => {
  const patch = {
    path: '/api/v1/namespaces/x/configmaps/y',
    body: { kind: 'ConfigMap' },
    query: { dryRun: 'All' },
    contentType: 'application/apply-patch+yaml',
  };

  test('goes with its type, and comes back with warnings', async () => {
    answering(200, { kind: 'ConfigMap' }, { Warning: ['299 - "would violate \\"restricted\\""', '299 - "second"'] });
    expect(await (await withToken()).patch(patch)).toEqual({
      status: 200,
      body: { kind: 'ConfigMap' },
      warnings: ['would violate "restricted"', 'second'],
    });
    expect(seen).toMatchObject([
      { method: 'PATCH', url: `${patch.path}?dryRun=All`, type: patch.contentType, body: '{"kind":"ConfigMap"}' },
    ]);
  });

  test.each([400, 403, 404, 409, 422, 500])('refused with %i and a Status is an answer', async (status) => {
    const body = { kind: 'Status', message: '.dat: field not declared in schema' };
    answering(status, body);
    expect(await (await withToken()).patch(patch)).toEqual({ status, body, warnings: [] });
  });

  test.each([401, 429, 500, 503])('%i from something else is none', async (status) => {
    answering(status, 'upstream');
    await expect((await withToken()).patch(patch)).rejects.toMatchObject({
      code: expect.stringMatching(/^Cluster/) as unknown as string,
    });
  });
});
