import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '../../src/model/kinds.js';
import type { Manifest } from '../../src/model/manifest.js';
import { readManifests } from '../../src/synth/read-manifests.js';
import type { Answer, Validator } from '../../src/validate/port.js';
import { publishedSchemas } from '../../src/validate/schemas.js';
import { validate } from '../../src/validate/validate.js';
import { deployment, schemaFile, service } from './builders.js';

const schemas = publishedSchemas(schemaFile);
const siblings = (manifest: Manifest) => (field: string) => schemas.siblings(manifest, field);

const against = (validator: Validator, ...manifests: readonly Manifest[]) =>
  validate(
    manifests.map((manifest) => ({ component: 'api', manifest })),
    { validator, siblings },
  );

/** `field: message → remedy` of everything that was found. */
const linesOf = async (validator: Validator, manifest: Manifest): Promise<readonly string[]> =>
  (await against(validator, manifest)).violations.map(
    ({ severity, field, message, remedy }) =>
      `${severity === 'error' ? '' : 'warning: '}${field}: ${message} → ${remedy}`,
  );

describe('published schemas', () => {
  test('take every object of the sample environments', async () => {
    const root = join(import.meta.dirname, '../../environments');
    const objects = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.yaml'))
      .flatMap((file) => readManifests(readFileSync(join(root, file), 'utf8')));
    expect(objects.length).toBeGreaterThan(30);
    expect(await against(schemas, ...objects)).toEqual({ violations: [], unchecked: [], checked: objects.length });
  });

  test('know every built-in kind that an environment may hold', () => {
    const known = Object.keys(schemaFile.kinds).map((each) => each.split('/').at(-1));
    const builtIn = kinds.filter(
      ({ group, from }) => from !== 'shown' && (!group.includes('.') || /k8s\.io$/.test(group)),
    );
    expect(builtIn.filter(({ kind }) => !known.includes(kind)).map(({ kind }) => kind)).toEqual(['HTTPRoute']); // a CRD
  });

  test.each([
    [
      'an unknown field, and what was meant',
      deployment({ replcias: 2 }),
      ['/spec/replcias: unknown field "replcias" → Did you mean replicas?'],
    ],
    [
      'one deep in a list',
      deployment({}, { prots: [] }),
      ['/spec/template/spec/containers/0/prots: unknown field "prots" → Did you mean ports?'],
    ],
    [
      'one that resembles nothing',
      service({ zzzzzzzz: 1 }),
      [expect.stringMatching(/^\/spec\/zzzzzzzz: unknown field "zzzzzzzz" → Take it out, or use one of: .*, …\.$/)],
    ],
    [
      'a key that a pointer has to escape',
      { ...deployment(), metadata: { name: 'api', 'a/b~c': 1 } },
      [expect.stringContaining('/metadata/a~1b~0c: unknown field "a/b~c"')],
    ],
    [
      'a wrong type',
      deployment({ replicas: '2' }),
      ['/spec/replicas: must be integer, and is "2" → Give it as integer in the chart.'],
    ],
    [
      'a label that isn’t text',
      { ...deployment(), metadata: { name: 'api', labels: { 'a/b': 1 } } } as unknown as Manifest,
      ['/metadata/labels/a~1b: must be string, and is 1 → Give it as string in the chart.'],
    ],
    [
      'a value that isn’t one of a few',
      service({ type: 'Clusterip' }),
      ['/spec/type: "Clusterip" is none of ClusterIP, ExternalName, LoadBalancer, NodePort → Did you mean ClusterIP?'],
    ],
    [
      'missing fields',
      deployment({ selector: undefined, template: { spec: { containers: [{ image: 'x' }] } } }),
      [
        '/spec/selector: "selector" is missing → Add it in the chart.',
        '/spec/template/spec/containers/0/name: "name" is missing → Add it in the chart.',
      ],
    ],
    [
      'no quantity',
      deployment({}, { resources: { limits: { cpu: '1x' } } }),
      ['/spec/template/spec/containers/0/resources/limits/cpu: "1x" is no quantity → Write it like 500m, 2 or 256Mi.'],
    ],
    [
      'a version that is gone',
      { ...service({}), apiVersion: 'autoscaling/v2beta2', kind: 'HorizontalPodAutoscaler' },
      [
        '/apiVersion: Kubernetes v1.36.1 has no HorizontalPodAutoscaler of autoscaling/v2beta2 → Use autoscaling/v1 or autoscaling/v2.',
      ],
    ],
  ])('find %s', async (_, manifest, lines) => {
    expect(await linesOf(schemas, JSON.parse(JSON.stringify(manifest)) as Manifest)).toEqual(lines);
  });

  test('find everything at once, with component and object', async () => {
    const { violations } = await against(schemas, service({ type: 'X', selektor: {} }), deployment({ replcias: 1 }));
    expect(violations.map(({ rule, component, object, field }) => [rule, component, object, field])).toEqual([
      ['published-schema', 'api', 'Service/api', '/spec/selektor'],
      ['published-schema', 'api', 'Service/api', '/spec/type'],
      ['published-schema', 'api', 'Deployment/api', '/spec/replcias'],
    ]);
  });

  test('say of kinds without a schema that they are not checked', async () => {
    const route = { ...service({ anything: true }), apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' };
    expect(await against(schemas, route)).toEqual({
      violations: [],
      checked: 0,
      unchecked: [
        {
          component: 'api',
          object: 'HTTPRoute/api',
          why: 'there is no published schema of gateway.networking.k8s.io/v1 HTTPRoute',
        },
      ],
    });
  });
});

/** An API server that answers everything the same. */
const server = (answer: Answer): Validator => ({
  rule: 'server-dry-run',
  against: 'a server',
  check: () => Promise.resolve(answer),
});

const refused = (message: string, ...causes: readonly { field: string; message: string }[]) =>
  server({ kind: 'refused', refusal: { message, causes }, warnings: [] });

describe('an API server’s words', () => {
  test('several unknown fields, by the keys of a list’s items', async () => {
    const manifest = deployment({ replcias: 1 }, { imag: 'x' });
    const validator = refused(
      'failed to create typed patch object (default/api; apps/v1, Kind=Deployment): errors:\n' +
        '  .spec.template.spec.containers[name="api"].imag: field not declared in schema\n' +
        '  .spec.replcias: field not declared in schema',
    );
    expect(await linesOf(validator, manifest)).toEqual([
      '/spec/template/spec/containers/0/imag: unknown field "imag" → Did you mean image?',
      '/spec/replcias: unknown field "replcias" → Did you mean replicas?',
    ]);
  });

  test('a key whose default the object leaves out', async () => {
    const manifest = service({ ports: [{ port: 79 }, { port: 'x' }] });
    const validator = refused(
      'failed to create typed patch object (default/api; /v1, Kind=Service): .spec.ports[port="x",protocol="TCP"].port: expected numeric (int or float), got string',
    );
    expect(await linesOf(validator, manifest)).toEqual([
      '/spec/ports/1/port: expected numeric (int or float), got string → Give it a numeric value in the chart.',
    ]);
  });

  test('causes, one a field', async () => {
    const validator = refused(
      'Service "api" is invalid: […]',
      { field: 'spec.ports[0].port', message: 'Invalid value: 99999: must be between 1 and 65535, inclusive' },
      { field: 'spec.type', message: 'Unsupported value: "Clusterip": supported values: "ClusterIP", "NodePort"' },
      { field: 'metadata.labels[app.kubernetes.io/name]', message: 'Invalid value: "-"' },
    );
    expect(await linesOf(validator, service({}))).toEqual([
      expect.stringMatching(/^\/spec\/ports\/0\/port: Invalid value: 99999: must be between/),
      expect.stringMatching(/^\/spec\/type: Unsupported value.* → Did you mean ClusterIP\?$/),
      expect.stringMatching(/^\/metadata\/labels\/app.kubernetes.io~1name: /),
    ]);
  });

  test('an immutable field: the value left out, what to do said', async () => {
    const value = JSON.stringify({
      matchLabels: Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`l${n}`, 'x'])),
    });
    const validator = refused('Deployment.apps "api" is invalid', {
      field: 'spec.selector',
      message: `Invalid value: ${value}: field is immutable`,
    });
    const [line = ''] = await linesOf(validator, deployment());
    expect(line).toMatch(/^\/spec\/selector: Invalid value: .*…: field is immutable → .*another name/);
    expect(line.length).toBeLessThan(300);
  });

  test('words without a field are those of the whole object', async () => {
    const validator = refused(
      "failed to convert new object (default/api; apps/v1, Kind=Deployment) to proper version: unable to convert unstructured object to apps/v1, Kind=Deployment: quantities must match the regular expression '^x$'",
    );
    expect(await linesOf(validator, deployment())).toEqual([
      expect.stringMatching(/^: quantities must match the regular expression '\^x\$' → /),
    ]);
  });

  test('a warning is no error', async () => {
    const warning = 'would violate PodSecurity "restricted:latest": privileged';
    expect(await linesOf(server({ kind: 'accepted', warnings: [warning] }), deployment())).toEqual([
      expect.stringMatching(/^warning: : would violate PodSecurity .* → .*securityContext/),
    ]);
  });

  test('what may not be tried is not checked, and not valid', async () => {
    const why = 'User "x" cannot patch resource "deployments"';
    expect(await against(server({ kind: 'unchecked', why }), deployment())).toMatchObject({
      checked: 0,
      violations: [],
      unchecked: [{ object: 'Deployment/api', why }],
    });
  });
});
