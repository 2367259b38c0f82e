import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answerOf, type Case, expectAnswer, runCases } from './cases.js';
import { createWorld, type Ended, head, nextHead, type World } from './harness.js';

interface Bundle {
  schemaVersion: string;
  spec: Record<string, unknown> & { exposure: Record<string, unknown> };
  components: Record<string, Record<string, unknown>[]>;
}
const publish = (stdin: string, words: readonly string[] = []) => ({ args: ['publish', '-', ...words], stdin });
const digest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

type Tampering = readonly [title: string, change: (bundle: Bundle) => void, as: string, says?: RegExp];
const invalid: readonly Tampering[] = [
  ['application', ({ spec }) => (spec['application'] = 'shap'), 'InvalidBundle', /name isn/],
  ['environment', ({ spec }) => (spec['environment'] = '../x'), 'InvalidBundle', /environment/],
  ['name', ({ spec }) => (spec['name'] = 'kube-system'), 'InvalidBundle', /shop-pr-42/],
  ['pull request and name', ({ spec }) => (spec['pullRequest'] = '43'), 'InvalidBundle', /acme\/shop#43/],
  ['no pull request', ({ spec }) => (spec['pullRequest'] = ''), 'BundleWithoutPullRequest', /up --preset/],
  ['repository', ({ spec }) => (spec['repository'] = 'acme/shap'), 'UnknownRepository', /acme\/shop/],
  ['commit', ({ spec }) => (spec['headSha'] = 'main'), 'InvalidBundle', /commit/],
  ['a key more', ({ spec }) => (spec['frame'] = []), 'InvalidBundle', /frame/],
  ['violations', (bundle) => Object.assign(bundle, { violations: [] }), 'InvalidBundle', /found violations/],
  ['another version', (bundle) => (bundle.schemaVersion = '2'), 'InvalidBundle', /schemaVersion/],
  ['a component that leaves the directory', (bundle) => (bundle.components['../x'] = []), 'InvalidBundle', /component/],
  ['the frame as a component', (bundle) => (bundle.components['frame'] = []), 'InvalidBundle', /frame/],
  [
    'an object without a name',
    ({ components }) => delete components['web']?.[0]?.['metadata'],
    'InvalidBundle',
    /metadata/,
  ],
  [
    '501 objects',
    ({ components }) => (components['web'] = Array.from({ length: 501 }, () => components['web']![0]!)),
    'InvalidBundle',
    /500/,
  ],
];
const moved: readonly Tampering[] = [
  ['another head', ({ spec }) => (spec['headSha'] = nextHead), 'Superseded'],
  ['another preset', ({ spec }) => (spec['preset'] = 'demo'), 'Superseded'],
  ['with', ({ spec }) => (spec['with'] = ['mailer']), 'Superseded'],
  ['without', ({ spec }) => (spec['without'] = ['web']), 'Superseded'],
];
const forged: readonly Tampering[] = [
  ['cluster', ({ spec }) => (spec['cluster'] = 'production'), 'BundleMismatch', /cluster/],
  ['domain', ({ spec }) => (spec['domain'] = 'evil.example.com'), 'BundleMismatch', /domain/],
  ['variables', ({ spec }) => (spec['variables'] = { LOG_LEVEL: 'debug' }), 'BundleMismatch', /variables/],
  ...(['kind', 'class', 'tls', 'annotations'] as const).map((key): Tampering => [
    `exposure.${key}`,
    ({ spec }) => (spec.exposure[key] = { kind: 'gateway', class: 'x', tls: 'x', annotations: { a: 'b' } }[key]),
    'BundleMismatch',
    /exposure/,
  ]),
  [
    'an image of elsewhere',
    ({ components }) => poison(components, 'image', 'evil.example.com/x:1'),
    'PolicyViolation',
    /evil\.example\.com/,
  ],
  [
    'a role for the whole cluster',
    ({ components }) =>
      components['web']!.push({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'x' },
      }),
    'PolicyViolation',
    /ClusterRole/,
  ],
  [
    'another namespace',
    ({ components }) => poison(components, 'namespace', 'kube-system'),
    'PolicyViolation',
    /kube-system/,
  ],
  ['no objects at all', (bundle) => (bundle.components = {}), 'PolicyViolation', /no objects|nothing/],
  [
    'a second namespace quota',
    ({ components }) =>
      components['web']!.push({
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'bivouac-quota' },
        spec: {},
      }),
    'PolicyViolation',
    /ResourceQuota/,
  ],
];

/** Sets a key wherever it stands. */
const poison = (node: unknown, key: string, value: string): void => {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, child] of Object.entries(node)) {
    if (name === key && typeof child === 'string') (node as Record<string, unknown>)[name] = value;
    else poison(child, key, value);
  }
};

describe('a bundle from a job that anybody may have written', () => {
  let world: World;
  let ended: ReadonlyMap<string, Ended>;
  let text: string;
  const cases: Case[] = [];
  beforeAll(async () => {
    world = await createWorld();
    world.github.openPullRequest({ number: 42, headSha: head });
    const rendered = await world.run(['render', '-o', 'json'], await world.event(42, 'opened'));
    text = rendered.stdout;
    const tampered = ([title, change, as, says = /./]: Tampering, code: number): Case => {
      const bundle = JSON.parse(text) as Bundle;
      change(bundle);
      return { title, ...publish(JSON.stringify(bundle)), code, as, says };
    };
    const at = (name: string): string => join(world.platform, name);
    await symlink('/etc/passwd', at('link.json'));
    await mkdir(at('folder.json'));
    await writeFile(at('large.json'), ' '.repeat(1_048_577));
    await writeFile(at('bundle.json'), text);
    cases.push(
      ...invalid.map((each) => tampered(each, 2)),
      ...moved.map((each) => tampered(each, 0)),
      ...forged.map((each) => tampered(each, 3)),
      ...Object.entries({ 'no JSON': '{', 'a list': '[]', nothing: '', 'a deep one': '['.repeat(500_000) }).map(
        ([title, stdin]): Case => ({ title, ...publish(stdin), code: 2, as: 'InvalidBundle', says: /render/ }),
      ),
      ...(
        [
          ['link.json', /regular file/],
          ['folder.json', /regular file/],
          ['large.json', /larger/],
          ['nowhere.json', /exist/],
        ] as const
      ).map(([file, says]): Case => ({ title: file, args: ['publish', file], code: 2, as: 'InvalidBundle', says })),
      { title: 'too much on stdin', ...publish(' '.repeat(1_048_577)), code: 2, as: 'InvalidBundle', says: /larger/ },
      {
        title: 'another digest',
        args: ['publish', 'bundle.json', '--digest', digest(`${text} `)],
        code: 2,
        as: 'BundleDigest',
        says: /render it again/,
      },
      {
        title: 'another pull request than was said',
        args: ['publish', 'bundle.json', '--pull-request', '43'],
        code: 2,
        as: 'BundleOfAnother',
        says: /43/,
      },
    );
    ended = await runCases(world, cases);
  }, 120_000);
  afterAll(() => world.end());

  test('every changed field, shape and place is refused as documented, and nothing is written', async () => {
    expect(cases.length).toBeGreaterThan(35);
    for (const each of cases) expectAnswer(ended.get(each.title), each);
    expect(await world.tree()).toBe('');
    expect(world.github.comments(42).length).toBeLessThanOrEqual(1);
  });

  test('unchanged: from a file with its digest, then again from stdin', async () => {
    const words = ['--digest', digest(text), '--pull-request', '42', '-o', 'json'];
    const dry = await world.run(['publish', 'bundle.json', '--dry-run', ...words]);
    expect(answerOf(dry).outcomes?.[0]).toMatchObject({
      outcome: 'Created',
      message: expect.stringContaining('would be'),
    });
    expect(await world.tree()).toBe('');
    const first = await world.run(['publish', 'bundle.json', ...words]);
    expect(answerOf(first).outcomes?.[0]).toMatchObject({ outcome: 'Created', reason: 'Opened' });
    const second = await world.run(['publish', '-', ...words], {}, text);
    expect(answerOf(second).outcomes?.[0]).toMatchObject({ outcome: 'Unchanged' });
    const reconciled = await world.run(['reconcile', '-o', 'json'], await world.event(42, 'opened'));
    expect(answerOf(reconciled).outcomes?.[0]).toMatchObject({ outcome: 'Unchanged' });
  });

  test.each([
    ['another pull request’s', { pull_requests: [{ number: 43, base: { repo: { id: 724_712 } } }], head_sha: head }],
    ['another commit’s', { pull_requests: [], head_sha: nextHead }],
  ])('a bundle that names 42 in the run of %s is refused: an artifact proves nothing', async (_, run) => {
    const payload = {
      repository: { full_name: 'acme/shop', id: 724_712, default_branch: 'main' },
      workflow_run: { ...run, head_repository: { id: 724_712 } },
    };
    const before = await world.tree();
    const { code, stderr } = await world.run(['publish', 'bundle.json'], await world.eventOf('workflow_run', payload));
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('BundleOfAnother') });
    expect(await world.tree()).toBe(before);
  });

  test('what the other job says of images and state: images are taken, state is our own', async () => {
    const bundle = JSON.parse(text) as Bundle;
    bundle.spec['state'] = 'teardown';
    const { stdout } = await world.run(['publish', '-', '-o', 'json'], {}, JSON.stringify(bundle));
    expect(answerOf({ stdout }).outcomes?.[0]).toMatchObject({ outcome: 'Unchanged' });
  });

  test('a pull request that was closed since: removed, whatever the bundle holds', async () => {
    world.github.close(42);
    const { code, stdout } = await world.run(['publish', '-', '-o', 'json'], {}, text);
    expect({ code, ...answerOf({ stdout }).outcomes?.[0] }).toMatchObject({
      code: 0,
      outcome: 'Removed',
      reason: 'Closed',
    });
  });
});
