import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { serveCommand } from '../../src/cli/commands/serve.js';
import { secretsOf } from '../../src/config/environment.js';
import type { Manifest } from '../../src/model/manifest.js';
import { checkPod } from '../../src/policy/pod-security/check-pod.js';
import type { PodView } from '../../src/policy/view.js';
import { readManifests } from '../../src/synth/read-manifests.js';
import { publishedSchemas } from '../../src/validate/schemas.js';
import { validate } from '../../src/validate/validate.js';
import { schemaFile } from '../validate/builders.js';
import { chart, render, renderedFile, type Sample, samples, sourceDigest, valuesFile } from './rendering.js';

const inChart = (file: string): string => readFileSync(join(chart, file), 'utf8');
const rendered = (sample: Sample): readonly Manifest[] => readManifests(readFileSync(renderedFile(sample), 'utf8'));

interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly securityContext: { readonly readOnlyRootFilesystem?: boolean };
}
type Pod = PodView & {
  readonly automountServiceAccountToken: boolean;
  readonly enableServiceLinks: boolean;
  readonly containers: readonly Container[];
};

const podOf = (sample: Sample): Pod => {
  const deployment = rendered(sample).find(({ kind }) => kind === 'Deployment');
  return (deployment as unknown as { spec: { template: { spec: Pod } } }).spec.template.spec;
};
const containerOf = (sample: Sample): Container => podOf(sample).containers[0]!;
const valueOf = (sample: Sample, name: string): string | undefined =>
  containerOf(sample).env.find((each) => each.name === name)?.value;
const secretVariables = (sample: Sample): readonly string[] =>
  containerOf(sample).env.flatMap(({ name, valueFrom }) => (valueFrom === undefined ? [] : [name]));

test('chart, program and image have one version', () => {
  const { version } = JSON.parse(readFileSync(join(chart, '../../../package.json'), 'utf8')) as { version: string };
  expect(parse(inChart('Chart.yaml'))).toMatchObject({ version, appVersion: version });
});

const helm = process.env['HELM'];
if (helm === undefined) {
  // eslint-disable-next-line jest/no-disabled-tests -- said aloud: building Helm takes minutes
  test.skip('skipped: no helm (set HELM to the program)', () => expect(helm).toBeDefined());
} else {
  test.each(samples)('what Helm makes of the values %s is what lies here', (sample) => {
    expect(render(helm, sample)).toBe(readFileSync(renderedFile(sample), 'utf8'));
  });
}

describe.each(samples)('what Helm made with the values %s', (sample) => {
  test('was made from the chart as it is: else HELM=helm npx tsx test/deploy/render.ts', () => {
    expect(readFileSync(renderedFile(sample), 'utf8').split('\n')[0]).toContain(sourceDigest(sample));
  });

  test('fits the published schemas', async () => {
    const validator = publishedSchemas(schemaFile);
    const { violations, unchecked } = await validate(
      rendered(sample).map((manifest) => ({ manifest })),
      { validator, siblings: (manifest) => (field) => validator.siblings(manifest, field) },
    );
    expect(violations).toEqual([]);
    const kinds = unchecked.map(({ object }) => object.replace(/\/.*/, ''));
    expect(kinds.filter((kind) => !/^(?:Cluster)?Role(?:Binding)?$/.test(kind))).toEqual([]);
  });

  test('runs in a namespace of Pod Security restricted, and on a root that it can’t write', () => {
    expect(checkPod({ metadata: {}, spec: podOf(sample) }, { level: 'restricted', version: 'v1.35' })).toEqual([]);
    expect(containerOf(sample).securityContext.readOnlyRootFilesystem).toBe(true);
    expect(podOf(sample).enableServiceLinks).toBe(false);
  });

  test('starts the service with flags that it has', () => {
    const known = serveCommand(() => Promise.resolve()).options.map(({ long }) => long);
    const [command, ...flags] = containerOf(sample).args;
    expect(command).toBe('serve');
    expect(flags.map((flag) => flag.split('=')[0]).filter((flag) => ![...known, '--config'].includes(flag))).toEqual(
      [],
    );
  });

  test('hands over secrets by variables that it reads', () => {
    const set = secretVariables(sample);
    expect(
      Object.keys(secretsOf(Object.fromEntries(set.map((name) => [name, 'a-secret-of-some-length'])))),
    ).toHaveLength(set.length);
    expect(set).toContain('BIVOUAC_WEBHOOK_SECRET');
  });

  test('has a token of the cluster if it watches, and an account that may read', () => {
    const kinds = rendered(sample).map(({ kind }) => kind);
    const watches = valueOf(sample, 'KUBECONFIG') === 'in-cluster';
    expect(watches).toBe(sample !== 'least');
    expect(podOf(sample).automountServiceAccountToken).toBe(watches);
    expect(kinds.filter((kind) => kind.includes('Role')).sort()).toEqual(
      watches ? ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'] : [],
    );
  });
});

test('an App goes before a token, whose key needn’t be there', () => {
  expect(secretVariables('most')).toEqual(expect.arrayContaining(['BIVOUAC_APP_ID', 'BIVOUAC_PRIVATE_KEY']));
  expect(secretVariables('most')).not.toContain('BIVOUAC_GITHUB_TOKEN');
});

test('who watches reaches the API server, too', () => {
  const policy = (sample: Sample): string =>
    JSON.stringify(rendered(sample).find(({ kind }) => kind === 'NetworkPolicy'));
  expect(policy('least')).not.toContain('6443');
  expect(policy('flux')).toContain('"port":6443');
});

describe('values', () => {
  const accepts = new Ajv({ strict: false }).compile(JSON.parse(inChart('values.schema.json')) as object);
  type Values = Readonly<Record<string, unknown>>;
  const isValues = (value: unknown): value is Values =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  /** As Helm lays a file over the defaults. */
  const over = (base: unknown, top: unknown): unknown =>
    isValues(base) && isValues(top)
      ? Object.fromEntries(
          [...new Set([...Object.keys(base), ...Object.keys(top)])].map((key) => [
            key,
            key in top ? over(base[key], top[key]) : base[key],
          ]),
        )
      : top;
  const defaults: unknown = parse(inChart('values.yaml'));
  const least = over(defaults, parse(readFileSync(valuesFile('least'), 'utf8')));

  test.each(samples)('%s are taken', (sample) => {
    expect(accepts(over(defaults, parse(readFileSync(valuesFile(sample), 'utf8'))))).toBe(true);
  });

  test('as docs/service.md shows them are taken', () => {
    const section = readFileSync(join(chart, '../../../docs/service.md'), 'utf8').split('## In Kubernetes')[1] ?? '';
    const shown = [...section.matchAll(/```yml\n([\s\S]*?)```/g)].map(([, text]): unknown => parse(text!));
    expect(shown).toHaveLength(2);
    expect(accepts(shown.reduce(over, defaults))).toBe(true);
  });

  test('as README.md shows them are taken, with the ingress controller’s namespace let in', () => {
    const section = readFileSync(join(chart, '../../../README.md'), 'utf8').split('### The service')[1] ?? '';
    const shown: unknown = parse(/```yml\n([\s\S]*?)```/.exec(section)?.[1] ?? '');
    expect(accepts(over(defaults, shown))).toBe(true);
    const { ingress, networkPolicy } = shown as {
      ingress: { className: string };
      networkPolicy?: { deliveriesFrom: object };
    };
    expect(networkPolicy?.deliveriesFrom).toEqual({ 'kubernetes.io/metadata.name': ingress.className });
  });

  test('the defaults alone lack a platform', () => {
    expect(accepts(defaults)).toBe(false);
  });

  test.each<[string, object]>([
    ['an unknown key', { watch: { enable: true } }],
    ['an unknown controller', { watch: { controller: 'argo' } }],
    ['two places of the platform', { platform: { volume: { emptyDir: {} } } }],
    ['an ingress without a host', { ingress: { enabled: true } }],
    ['no webhook secret', { secrets: { webhook: { name: '' } } }],
    ['a number as a variable', { variables: { DEPTH: 3 } }],
    ['a second KUBECONFIG', { watch: { enabled: true }, variables: { KUBECONFIG: '/etc/kubeconfig' } }],
    ['a volume that is there already', { volumes: [{ name: 'tmp', emptyDir: {} }] }],
    ['a sweep every second', { sweepInterval: '1s' }],
    ['a digest that is none', { image: { digest: 'sha256:1234' } }],
  ])('%s: refused', (_, change) => {
    expect(accepts(over(least, change))).toBe(false);
  });

  test('a secret among the variables is refused, whichever it is', () => {
    const all = [...secretVariables('most'), ...secretVariables('least')];
    const taken = all.filter((name) => accepts(over(least, { variables: { [name]: 'secret' } })));
    expect(all.length).toBeGreaterThan(8);
    expect(taken).toEqual([]);
  });

  test('each has a place in the schema, and each of the schema a default', () => {
    const { properties } = JSON.parse(inChart('values.schema.json')) as { properties: object };
    expect(
      Object.keys(properties)
        .filter((key) => key !== 'global' && key !== 'nameOverride')
        .sort(),
    ).toEqual(Object.keys(defaults as object).sort());
  });
});

describe('the image', () => {
  const file = (name: string): string => readFileSync(join(chart, '../..', name), 'utf8');
  const { bin, files } = JSON.parse(readFileSync(join(chart, '../../../package.json'), 'utf8')) as {
    bin: { bivouac: string };
    files: readonly string[];
  };

  test('starts the program', () => {
    expect(file('Containerfile')).toContain(`"/opt/bivouac/${bin.bivouac}"]\nCMD ["serve"]`);
  });

  test('is built with all that the package is made of', () => {
    const read = ['docs/**/*.md', 'docs/images/*.svg', 'examples', 'environments/shop', 'CHANGELOG.md', 'action.yml'];
    const left = ['dist', '!dist/**/*.cache', ...read]; // made there, or read by people alone
    const needed = [...files.filter((each) => !left.includes(each)), 'src', 'scripts', 'tsconfig.json'];
    const ignored = file('Containerfile.dockerignore').split('\n').filter(Boolean);
    expect(needed.filter((each) => ignored.some((one) => each === one || each.startsWith(`${one}/`)))).toEqual([]);
  });
});
