import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import type { FileTree, Manifest } from '../../src/model/manifest.js';
import { readBundle, digestOf, printBundle } from '../../src/synth/bundle.js';
import { changesOf } from '../../src/synth/changes.js';
import { environmentFiles } from '../../src/synth/environment.js';
import { addressesOf } from '../../src/synth/exposure.js';
import { parseRecord, printRecord, recordJsonSchema } from '../../src/synth/record.js';
import { whyOf } from '../../src/synth/why.js';
import { aComponent, aConfig, aDesired, anIngress, aService, aSpec, aWorkload, shop } from './builders.js';

const config = aConfig();
const render = (spec: Parameters<typeof aDesired>[0] = {}, components = shop()) =>
  environmentFiles({ desired: aDesired(spec), components, config });
const objects = (files: FileTree, path: string): readonly Manifest[] =>
  parseAllDocuments(files.get(path) ?? '').map((document) => document.toJS() as Manifest);
const failure = (code: string): unknown => expect.objectContaining({ code });

describe('an environment’s directory', () => {
  const { files, record } = render();

  test('has the record, the page, the frame and one file for each component', () => {
    expect([...files.keys()].sort()).toEqual([
      'README.md',
      'environment.json',
      'manifests/api.yaml',
      'manifests/cache.yaml',
      'manifests/database.yaml',
      'manifests/frame.yaml',
      'manifests/mailer.yaml',
      'manifests/namespace.yaml',
      'manifests/web.yaml',
    ]);
  });

  test('writes keys as cdk8s does, sets our namespace and leaves noise out', () => {
    expect(files.get('manifests/web.yaml')?.split('---\n')[1]).toMatchInlineSnapshot(`
     "apiVersion: v1
     kind: Service
     metadata:
       name: web
       namespace: shop-pr-42
     spec:
       ports:
         - name: web
           port: 80
           targetPort: http
       selector:
         app.kubernetes.io/name: web
     "
    `);
  });

  test('is the same in whatever order components and keys come, and with either serializer', () => {
    const reversed = render({}, [...shop()].reverse());
    expect([...reversed.files]).toEqual([...files]);
    const reference = environmentFiles({ desired: aDesired(), components: shop(), config, serializer: 'reference' });
    expect([...reference.files]).toEqual([...files]);
    const published = readBundle(printBundle(aSpec(), shop()));
    expect([...render({}, published.components).files]).toEqual([...files]);
  });

  test('gives a Job a name of its contents: the same again, another for another image', () => {
    const nameIn = (image: string): string => {
      const job = aWorkload('api-migrate', { kind: 'Job', image });
      return objects(render({}, [aComponent('api', job)]).files, 'manifests/api.yaml')[0]!.metadata.name;
    };
    expect(nameIn('a:1')).toMatch(/^api-migrate-[0-9a-f]{10}$/);
    expect(nameIn('a:1')).toBe(nameIn('a:1'));
    expect(nameIn('a:2')).not.toBe(nameIn('a:1'));
  });

  test('puts the workloads of a sleeping environment to zero and suspends its schedules', () => {
    const cron: Manifest = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly' },
      spec: { suspend: false },
    };
    const asleep = render({ state: 'asleep' }, [...shop(), aComponent('nightly', cron)]);
    expect(asleep.record.state).toBe('asleep');
    const spec = (path: string): unknown => objects(asleep.files, path)[0]?.spec;
    expect([spec('manifests/web.yaml'), spec('manifests/database.yaml'), spec('manifests/nightly.yaml')]).toEqual([
      expect.objectContaining({ replicas: 0 }),
      expect.objectContaining({ replicas: 0 }),
      { suspend: true },
    ]);
    expect(asleep.files.get('README.md')).toContain('**It is asleep: nothing runs.**');
  });

  test.each([
    ['EmptyEnvironment', []],
    ['EmptyComponent', [aComponent('api', aWorkload('api')), aComponent('web')]],
    ['InvalidManifest', [aComponent('api', { ...aWorkload('api'), spec: { size: Number.NaN } })]],
    [
      'InvalidManifest',
      [aComponent('api', { ...aWorkload('api'), spec: JSON.parse('{"__proto__": {"a": 1}}') as object })],
    ],
    [
      'InvalidManifest',
      [aComponent('api', { ...aWorkload('api'), spec: JSON.parse(`${'['.repeat(99)}${']'.repeat(99)}`) as object })],
    ],
  ])('is refused: %s', (code, components) => {
    expect(() => render({}, components)).toThrow(failure(code));
  });

  test('knows its URL: of the primary component, else the first public one, else none', () => {
    expect(record.url).toBe('https://shop-pr-42.preview.example.com');
    expect(
      render(
        {},
        shop().filter(({ name }) => name !== 'web'),
      ).record.url,
    ).toBe('https://api-shop-pr-42.preview.example.com');
    expect(render({}, [aComponent('mailer', aWorkload('mailer'))]).record.url).toBe('');
    const exposure = { ...aSpec().exposure, tls: 'none' };
    expect(render({ exposure }).record.url).toBe('http://shop-pr-42.preview.example.com');
  });

  test('lists its addresses, the primary one first', () => {
    expect(addressesOf(shop(), aSpec()).map(({ component, url }) => `${component} ${url}`)).toEqual([
      'web https://shop-pr-42.preview.example.com',
      'api https://api-shop-pr-42.preview.example.com',
    ]);
  });

  test('has a page for people', () => {
    expect(
      render({}, [
        aComponent(
          'web',
          aWorkload('web', { port: 3000 }),
          aService('web', 80),
          anIngress('web', 'shop-pr-42.preview.example.com', 80),
        ),
        aComponent('mailer', aWorkload('mailer', { annotations: { 'bivouac.dev/optional': 'true' } })),
      ]).files.get('README.md'),
    ).toMatchInlineSnapshot(`
     "# shop/pr-42

     The pull-request environment of [acme/shop#42](https://github.com/acme/shop/pull/42), at commit [\`1a2b3c4\`](https://github.com/acme/shop/commit/1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d).

     | Open | Address |
     | --- | --- |
     | web | <https://shop-pr-42.preview.example.com> |

     | Fact | Value |
     | --- | --- |
     | Namespace | \`shop-pr-42\` in cluster \`in-cluster\` |
     | Deployed | 2026-11-23 10:04 UTC |
     | Expires | 2026-11-30 10:04 UTC |
     | Frame | [namespace](manifests/namespace.yaml), [quota, limits, network policies, account](manifests/frame.yaml) |

     ## Components

     | Component | Why it is in | Objects | Runs |
     | --- | --- | --- | --- |
     | [mailer](manifests/mailer.yaml) | asked for | Deployment | \`ghcr.io/acme/mailer:1\` |
     | [web](manifests/web.yaml) | part of every environment of shop | Deployment, Service, Ingress | \`ghcr.io/acme/web:1\` |

     ## Images

     | Image | Reference |
     | --- | --- |
     | api | \`ghcr.io/acme/shop-api:1\` |
     | web | \`ghcr.io/acme/shop-web:2\` |

     ## Resources asked for

     |  | CPU | Memory | Storage |
     | --- | --- | --- | --- |
     | Requested | 200m | 256Mi | 0 |
     | At most | 2 | 1Gi |  |

     By 4 pods that keep running; Jobs come on top while they run.

     Written by Bivouac: a change made here by hand is gone with the next update.
     [environment.json](environment.json) holds these facts for programs.
     "
    `);
  });

  test('has a page without a pull request, and without an end', () => {
    const { spec, repositoryId, deployedAt } = aDesired({ pullRequest: '' });
    const endless = { spec, repositoryId, deployedAt };
    const page = environmentFiles({ desired: endless, components: shop(), config }).files.get('README.md');
    expect(page).toContain('The pull-request environment of shop, from acme/shop at commit [`1a2b3c4`]');
    expect(page).toContain('| Expires | when it is asked to go |');
  });
});

describe('the record', () => {
  const { record, files } = render();
  const text = files.get('environment.json') ?? '';

  test('is JSON with strings alone, sorted, with whole seconds', () => {
    expect(text).toMatchInlineSnapshot(`
     "{
       "schemaVersion": "1",
       "name": "shop-pr-42",
       "application": "shop",
       "environment": "pr-42",
       "preset": "pull-request",
       "state": "active",
       "cluster": "in-cluster",
       "repository": "acme/shop",
       "repositoryId": "724712",
       "pullRequest": "42",
       "headSha": "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d",
       "url": "https://shop-pr-42.preview.example.com",
       "components": [
         "api",
         "cache",
         "database",
         "mailer",
         "web"
       ],
       "images": {
         "api": "ghcr.io/acme/shop-api:1",
         "web": "ghcr.io/acme/shop-web:2"
       },
       "deployedAt": "2026-11-23T10:04:05Z",
       "expiresAt": "2026-11-30T10:04:05Z"
     }
     "
    `);
  });

  test('is read as it was written', () => {
    expect(parseRecord(text)).toEqual({ kind: 'record', record: { ...record } });
    expect(printRecord(record)).toBe(text);
  });

  const changed = (change: Record<string, unknown>): string => JSON.stringify({ ...record, ...change });
  test.each([
    ['no JSON', '{', /no JSON/],
    ['nothing', '', /no JSON/],
    ['a list', '[]', /expected object/],
    ['an unknown key', changed({ extra: 'x' }), /extra/],
    ['a missing key', changed({ url: undefined }), /url/],
    ['a number', changed({ pullRequest: 42 }), /pullRequest/],
    ['a name of another environment', changed({ name: 'shop-pr-43' }), /its name isn’t shop-pr-42/],
    ['a path in a name', changed({ environment: '../x' }), /environment/],
    ['a script as URL', changed({ url: 'javascript:alert(1)' }), /url/],
    ['a version of 0', changed({ schemaVersion: '0' }), /schemaVersion/],
    ['too much', changed({ cluster: 'x'.repeat(70_000) }), /larger/],
  ])('is unreadable with %s', (_, content, problem) => {
    expect(parseRecord(content)).toEqual({ kind: 'unreadable', problem: expect.stringMatching(problem) });
  });

  test('of a newer version is left alone, whatever it holds', () => {
    expect(parseRecord('{"schemaVersion": "2", "anything": 1}')).toEqual({ kind: 'newer', schemaVersion: '2' });
  });

  test('never throws, and any text is an answer', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (content) => {
        expect(parseRecord(content).kind).toBe('unreadable');
      }),
    );
  });

  test('has a closed schema with every key required', () => {
    const schema = recordJsonSchema();
    expect(schema).toMatchObject({ additionalProperties: false, required: Object.keys(record) });
  });
});

describe('why a component is in', () => {
  test('comes from the files in Git', () => {
    expect(Object.fromEntries(whyOf(render().files))).toEqual({
      api: 'part of every environment of shop',
      cache: 'needed by api',
      database: 'part of every environment of shop',
      mailer: 'asked for',
      web: 'part of every environment of shop',
    });
  });

  test.each([
    ['broken', 'apiVersion: [\n'],
    ['too deep', '['.repeat(5000)],
    ['indented without end', `${' '.repeat(5000)}a: 1\n`],
    ['with an alias', 'apiVersion: v1\nkind: A\nmetadata: &a {name: x}\nb: *a\n'],
  ])('is silent about a file that is %s', (_, text) => {
    const files = new Map([...render().files, ['manifests/cache.yaml', text]]);
    expect(whyOf(files).has('cache' as never)).toBe(false);
    expect(whyOf(new Map()).size).toBe(0);
  });
});

describe('changes', () => {
  const before = render().files;

  test('name objects, and a Job that changed is another one', () => {
    const api = aComponent(
      'api',
      aWorkload('api', { image: 'ghcr.io/acme/api:2' }),
      aService('api', 80, 8080),
      aWorkload('api-migrate', { kind: 'Job', image: 'ghcr.io/acme/api:2' }),
    );
    const after = render({}, [...shop().filter(({ name }) => name !== 'api' && name !== 'mailer'), api]).files;
    expect(changesOf(before, after)).toEqual({
      added: [expect.stringMatching(/^Job\/api-migrate-[0-9a-f]{10}$/)],
      changed: ['Deployment/api'],
      removed: [
        'Deployment/mailer',
        'Ingress/api',
        expect.stringMatching(/^Job\/api-migrate-[0-9a-f]{10}$/),
        'NetworkPolicy/bivouac-allow-ingress-api',
      ],
    });
  });

  test('are everything when it comes and when it goes, and nothing in between', () => {
    const all = changesOf(undefined, before).added;
    expect(all).toContain('Namespace/shop-pr-42');
    expect(changesOf(before, undefined)).toEqual({ added: [], changed: [], removed: all });
    expect(changesOf(before, before)).toEqual({ added: [], changed: [], removed: [] });
  });

  test('aren’t misled by text that looks like an object', () => {
    const data = { script: 'kind: Fake\nmetadata:\n  name: fake\n', other: '---\nkind: Fake\n' };
    const map: Manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'true' }, data };
    const after = render({}, [...shop(), aComponent('text', map)]).files;
    expect(changesOf(before, after).added).toEqual(['ConfigMap/true']);
  });
});

describe('the bundle', () => {
  const text = printBundle(aSpec(), shop());

  test('is canonical: the same text in whatever order things come', () => {
    const spec = aSpec({ images: { api: 'ghcr.io/acme/shop-api:1', web: 'ghcr.io/acme/shop-web:2' } });
    expect(printBundle(spec, [...shop()].reverse())).toBe(text);
    expect(digestOf(text)).toMatch(/^sha256:[0-9a-f]{64}$/);
    const read = readBundle(text);
    expect(printBundle(read.spec, read.components)).toBe(text);
  });

  const altered = (
    change: (bundle: { spec: Record<string, unknown>; components: Record<string, unknown[]> }) => void,
  ): string => {
    const bundle = JSON.parse(text) as Parameters<typeof change>[0];
    change(bundle);
    return JSON.stringify(bundle);
  };
  test.each([
    ['no JSON', 'nothing'],
    ['more than 1 MiB', `"${'x'.repeat(1_048_577)}"`],
    [
      'more than 500 objects',
      altered(({ components }) => (components.api = Array(501).fill(components.api![0]) as unknown[])),
    ],
    ['an unknown key', altered((bundle) => Object.assign(bundle, { frame: [] }))],
    ['an unknown key in its spec', altered(({ spec }) => (spec.token = 'x'))],
    ['a name that doesn’t fit', altered(({ spec }) => (spec.name = 'shop-pr-43'))],
    ['a path for a component', altered(({ components }) => (components['../../x'] = []))],
    ['the frame’s name', altered(({ components }) => (components.frame = []))],
    [
      'an object without kind',
      altered(({ components }) => (components.api = [{ apiVersion: 'v1', metadata: { name: 'x' } }])),
    ],
    ['a list that is text', altered(({ components }) => (components.api = 'x' as unknown as unknown[]))],
    ['no full commit', altered(({ spec }) => (spec.headSha = '1a2b3c4'))],
  ])('is refused: %s', (_, content) => {
    expect(() => readBundle(content)).toThrow(failure('InvalidBundle'));
  });
});
