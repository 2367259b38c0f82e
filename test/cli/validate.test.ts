import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createWorld, head, program, type World } from './harness.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());

const chart = (spec: string, kind = 'Service', apiVersion = 'v1') => `
import { ApiObject } from 'cdk8s';
import { Component, EnvironmentChart } from 'bivouac/charts';
export class Shop extends EnvironmentChart {
  constructor(scope, id, props) {
    super(scope, id, props);
    const part = new Component(this, 'part', {});
    new ApiObject(part, 'object', { apiVersion: '${apiVersion}', kind: '${kind}', metadata: { name: 'part' }, spec: ${spec} });
  }
}`;

/** Renders a chart of its own, or the reference application. */
const render = async (source: string | undefined, flags: readonly string[], env = {}) => {
  const args = ['render', '--application', 'shop', '--pull-request', '42', '--head-sha', head, ...flags];
  if (source === undefined) return world.run(args, env);
  const path = await world.writeChart(source);
  const config = await world.configure((yaml) => yaml.replace('charts/shop.ts', path));
  return world.run([...args, '--config', config], env);
};

/** Both streams as a terminal shows them. */
const onOneScreen = (args: readonly string[], cwd: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const line = ['exec', process.execPath, program, ...args].map((word, at) => (at === 0 ? word : `'${word}'`));
    const child = spawn('sh', ['-c', `${line.join(' ')} 2>&1`], { cwd, env: { PATH: process.env['PATH'] } });
    let shown = '';
    child.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(shown));
  });

const service = '{ selector: { app: "a" }, ports: [{ port: 80 }] }';

describe('render --validate without a cluster', () => {
  test('the reference application is valid, its bundle the same', async () => {
    const [checked, plain] = await Promise.all([
      render(undefined, ['--validate', '-o', 'json']),
      render(undefined, ['-o', 'json']),
    ]);
    expect(checked.stderr).toMatch(/checked \d\d objects against the schemas of Kubernetes v1\.\d+/);
    expect(checked.code).toBe(0);
    expect(checked.stdout).toBe(plain.stdout);
  });

  test('an unknown field: component, object, field and remedy; exit 3, and a bundle that publish refuses', async () => {
    const { code, stdout, stderr } = await render(chart(service.replace('selector', 'selektor')), [
      '--validate',
      '-o',
      'json',
    ]);
    expect(code).toBe(3);
    expect(stderr).toContain(
      'error: published-schema: part: Service/part /spec/selektor\n  unknown field "selektor"\n  Did you mean selector?',
    );
    expect(JSON.parse(stdout)).toMatchObject({
      violations: [{ component: 'part', object: 'Service/part', field: '/spec/selektor', severity: 'error' }],
      unchecked: [],
    });
    const published = await world.run(['publish', '-', '--pull-request', '42'], {}, stdout);
    expect(published.code).toBe(2);
    expect(published.stderr).toContain('violations');
  });

  test('what speaks against it comes after the YAML, where somebody reads it', async () => {
    const source = chart(service.replace('selector', 'selektor'));
    const config = await world.configure((yaml) => yaml.replace('charts/shop.ts', 'charts/misspelt.ts'));
    await writeFile(join(world.platform, 'charts/misspelt.ts'), source);
    const words = ['render', '--config', config, '--application', 'shop', '--pull-request', '42', '--head-sha', head];
    const shown = await onOneScreen([...words, '--validate'], world.platform);
    const places = ['checked ', 'kind: Service', 'unknown field "selektor"', '1 violation: '].map((text) =>
      shown.indexOf(text),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(shown.trimEnd().split('\n').at(-1)).toMatch(/^1 violation: .*nothing would publish it$/);
  });

  test('a kind without a schema is said not to be checked', async () => {
    const source = chart('{ secretStoreRef: { name: "x" } }', 'ExternalSecret', 'external-secrets.io/v1');
    const { stderr } = await render(source, ['--validate']);
    expect(stderr).toContain('not checked: part: ExternalSecret/part: there is no published schema of');
  });

  test('without the flag nothing is checked against schemas', async () => {
    const { code, stderr } = await render(chart(service.replace('selector', 'selektor')), []);
    expect(stderr).not.toContain('selektor');
    expect(code).toBe(0);
  });

  test('a namespace alone is a mistake', async () => {
    const { code, stderr } = await render(undefined, ['--validate-namespace', 'x']);
    expect(code).toBe(2);
    expect(stderr).toContain('Give --validate too.');
  });
});

describe('render --validate with a cluster', () => {
  let server: Server;
  const asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://cluster');
      if (request.method === 'PATCH') asked.push(`${url.pathname}${url.search}`);
      const [status, body] = answerOf(request.method ?? '', url.pathname);
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(url.pathname.endsWith('/namespaces/shop-pr-42') && { warning: '299 - "old: use another"' }),
      });
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await writeFile(
      join(world.platform, 'kubeconfig'),
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
        users: [{ name: 'u', user: { token: 'kube-token' } }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'x',
      }),
    );
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const answerOf = (method: string, path: string): readonly [number, unknown] => {
    if (path.endsWith('/services/part'))
      return [
        500,
        {
          kind: 'Status',
          message:
            'failed to create typed patch object (default/part; /v1, Kind=Service): .spec.selektor: field not declared in schema',
        },
      ];
    if (method === 'PATCH') return [200, {}];
    if (/\/namespaces\//.test(path)) return [404, { kind: 'Status', code: 404 }];
    const kinds = ['Namespace', 'ResourceQuota', 'LimitRange', 'ServiceAccount', 'NetworkPolicy', 'Service'];
    const resources = kinds.map((kind) => ({
      kind,
      name: kind === 'NetworkPolicy' ? 'networkpolicies' : `${kind.toLowerCase()}s`,
      namespaced: kind !== 'Namespace',
    }));
    return [200, { resources }];
  };

  test('asks the API server for a dry run of every object, and gives its words', async () => {
    const { code, stderr } = await render(chart(service.replace('selector', 'selektor')), ['--validate'], {
      KUBECONFIG: join(world.platform, 'kubeconfig'),
    });
    expect(stderr).toContain(
      'error: server-dry-run: part: Service/part /spec/selektor\n  unknown field "selektor"\n  Did you mean selector?',
    );
    expect(stderr).toContain('in namespace default, since shop-pr-42 isn’t there yet');
    expect(stderr).toContain('warning: server-dry-run: Namespace/shop-pr-42');
    expect(code).toBe(3);
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.filter((each) => !each.includes('?dryRun=All&fieldValidation=Strict'))).toEqual([]);
  });

  test('without an answer nothing is called valid', async () => {
    const file = join(world.platform, 'nowhere');
    await writeFile(file, 'apiVersion: v1\nkind: Config\nclusters: []\n');
    const { code, stderr } = await render(undefined, ['--validate'], { KUBECONFIG: file });
    expect(code).toBe(2);
    expect(stderr).not.toContain('checked');
  });
});
