import { describe, expect, test } from '@jest/globals';
import type { RecordFact } from '../../src/controllers/argocd/installed-set.js';
import { compareInstalled, expectedArgoCd, type InstalledArgoCd } from '../../src/controllers/argocd/installed.js';
import { judgeVersion } from '../../src/controllers/argocd/known-versions.js';
import { installedInCluster, readInstalled } from '../../src/controllers/argocd/read-installed.js';
import { compareFlux } from '../../src/controllers/flux/installed.js';
import { fluxObjects } from '../../src/controllers/flux/objects.js';
import type { Cluster, ClusterObject } from '../../src/controllers/kubernetes/cluster.js';
import type { Notice } from '../../src/controllers/notice.js';
import { refusedError } from '../../src/model/errors.js';
import { applicationName } from '../../src/model/names.js';
import { exampleConfig } from '../init/example.js';

const shop = applicationName('shop');
const config = exampleConfig();
const keys = ['name', 'repository', 'pullRequest', 'headSha', 'url'];
const record = (environment: string): RecordFact => ({
  path: `environments/shop/${environment}/environment.json`,
  application: shop,
  keys,
});

type Tree = { [key: string]: Tree } & { [index: number]: Tree };
type Edit = (tree: Tree) => void;

/** What `init gitops` wrote, with one thing changed by hand. */
const installed = (change: { project?: Edit; set?: Edit } = {}): InstalledArgoCd => {
  const [application] = structuredClone(expectedArgoCd(config)).applications;
  const { project, set } = application!;
  change.project?.(project as unknown as Tree);
  change.set?.(set as unknown as Tree);
  return {
    version: { value: 'v3.6.1+unknown' },
    webhook: { value: true },
    applications: new Map([[shop, { project: { value: project }, set: { value: set } }]]),
  };
};
const problemsOf = (notices: readonly Notice[]): readonly string[] =>
  notices.filter(({ status }) => status === 'problem').map(({ text }) => text);
const compare = (given: InstalledArgoCd, records: readonly RecordFact[] = [record('pr-42')]) =>
  compareInstalled(expectedArgoCd(config, records), given);

const put = (value: unknown) => value as Tree;

describe('Argo CD’s objects as they are installed', () => {
  test('as init wrote them: nothing to say, and nothing skipped', () => {
    const notices = compare(installed());
    expect(notices.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  test.each<[string, Edit, RegExp]>([
    ['another source', ({ spec }) => (spec!['sourceRepos'] = put(['*'])), /allows too much: sources \*/],
    [
      'no source',
      ({ spec }) => (spec!['sourceRepos'] = put([])),
      /too little: sources https:\/\/github\.com\/acme\/gitops\.git/,
    ],
    [
      'every namespace of the application',
      ({ spec }) => (spec!['destinations']![0]!['namespace'] = put('shop-*')),
      /too much: destinations shop-\* on https:\/\/kubernetes/,
    ],
    [
      'a preset’s namespaces missing',
      ({ spec }) => (spec!['destinations'] = put((spec!['destinations'] as unknown as unknown[]).slice(1))),
      /too little: destinations shop-bench-\*/,
    ],
    [
      'every Namespace, as before 3.3',
      ({ spec }) => delete spec!['clusterResourceWhitelist']![0]!['name'],
      /too much: cluster-scoped kinds Namespace \*/,
    ],
    [
      'no list of kinds, which is all',
      ({ spec }) => delete spec!['namespaceResourceWhitelist'],
      /too much: namespaced kinds \*\/\*/,
    ],
    [
      'Pods and ReplicaSets missing',
      ({ spec }) =>
        (spec!['namespaceResourceWhitelist'] = put(
          (spec!['namespaceResourceWhitelist'] as unknown as { kind: string }[]).filter(
            ({ kind }) => kind !== 'Pod' && kind !== 'ReplicaSet',
          ),
        )),
      /too little: namespaced kinds Pod, apps\/ReplicaSet/,
    ],
    [
      'a kind forbidden above the list',
      ({ spec }) => (spec!['namespaceResourceBlacklist'] = put([{ group: 'apps', kind: '*' }])),
      /too little: it forbids apps\/Deployment/,
    ],
    ['the role gone', ({ spec }) => delete spec!['roles'], /lacks the role “status”/],
  ])('a project with %s', (_, project, says) => {
    expect(problemsOf(compare(installed({ project })))).toEqual([expect.stringMatching(says)]);
  });

  test.each<[string, Edit, RegExp]>([
    [
      'another branch',
      (set) => (gitOf(set)['revision'] = put('refs/heads/master')),
      /environments from another branch.*"master", expected "main"/,
    ],
    ['another path', (set) => (gitOf(set)['files']![0]!['path'] = put('envs/*/environment.json')), /another path/],
    ['another repository', (set) => (gitOf(set)['repoURL'] = put('https://example.com/x.git')), /another repository/],
    ['no finalizer', (set) => delete templateOf(set)['metadata']!['finalizers'], /leaves namespaces behind.*not set/],
    ['no prune', (set) => (automatedOf(set)['prune'] = put(false)), /keeps objects that left/],
    ['no self-heal', (set) => delete automatedOf(set)['selfHeal'], /can miss a commit/],
    [
      'server-side diff',
      (set) => delete templateOf(set)['metadata']!['annotations']!['argocd.argoproj.io/compare-options'],
      /calls a change synced/,
    ],
    ['a project by template', (set) => (templateOf(set)['spec']!['project'] = put('{{ .name }}')), /another project/],
    ['a template patch', ({ spec }) => (spec!['templatePatch'] = put('x')), /templatePatch/],
    [
      'kept resources',
      ({ spec }) => (spec!['syncPolicy']!['preserveResourcesOnDeletion'] = put(true)),
      /leaves everything running/,
    ],
  ])('a set with %s', (_, set, says) => {
    expect(problemsOf(compare(installed({ set })))).toEqual([expect.stringMatching(says)]);
  });

  test('the short name of the branch, and what is off left away, are no difference', () => {
    const set: Edit = (tree) => {
      gitOf(tree)['revision'] = put('main');
      delete tree['spec']!['syncPolicy']!['preserveResourcesOnDeletion'];
      templateOf(tree)['metadata']!['annotations']!['example.com/more'] = put('{{ .url }} at {{ .path.path }}');
    };
    expect(problemsOf(compare(installed({ set })))).toEqual([]);
  });

  test('a frozen set: its own words, and the file that it doesn’t name', () => {
    const set: Edit = (tree) =>
      (tree['status'] = put({
        conditions: [{ type: 'ErrorOccurred', status: 'True', message: 'map has no entry for key "headSha"' }],
      }));
    const broken: RecordFact = {
      path: 'environments/shop/pr-9/environment.json',
      application: shop,
      problem: 'headSha: expected string',
    };
    const foreign: RecordFact = {
      ...broken,
      path: 'environments/blog/pr-1/environment.json',
      application: applicationName('blog'),
    };
    const [text = '', ...more] = problemsOf(compare(installed({ set }), [record('pr-42'), broken, foreign]));
    expect(more).toEqual([]);
    expect(text).toMatch(
      /stands still.*no entry for key "headSha".*environments\/shop\/pr-9\/environment\.json \(headSha/,
    );
    expect(text).not.toContain('blog');
    expect(problemsOf(compare(installed({ set })))).toEqual([
      expect.stringContaining('every record of the tree can be read'),
    ]);
  });

  test('a template key that a record lacks names both', () => {
    const set: Edit = (tree) =>
      (templateOf(tree)['metadata']!['annotations']!['x'] = put('{{ .tenant }}/{{index . "team"}}'));
    expect(problemsOf(compare(installed({ set }), [record('pr-42')]))).toEqual([
      expect.stringMatching(/reads \.tenant, \.team, which environments\/shop\/pr-42\/environment\.json lacks/),
    ]);
  });

  test('what isn’t there is a problem, what can’t be read is skipped with why', () => {
    const none = { value: undefined };
    const given = {
      ...installed(),
      webhook: { value: false },
      applications: new Map([[shop, { project: none, set: { unread: 'no right' } }]]),
    };
    const notices = compareInstalled(expectedArgoCd(config), given);
    expect(problemsOf(notices)).toEqual([
      'shop-environments isn’t installed',
      expect.stringContaining('no secret for'),
    ]);
    expect(notices.filter(({ status }) => status === 'skipped').map(({ text }) => text)).toEqual([
      'shop-environments: not looked at, no right',
      expect.stringContaining('the GitOps repository can’t be read'),
    ]);
  });
});

const gitOf = ({ spec }: Tree): Tree => spec!['generators']![0]!['git']!;
const templateOf = ({ spec }: Tree): Tree => spec!['template']!;
const automatedOf = (set: Tree): Tree => templateOf(set)['spec']!['syncPolicy']!['automated']!;

describe('versions of Argo CD', () => {
  test.each([
    ['v3.6.1+unknown', []],
    ['3.3.0', []],
    ['v3.5.0', []],
    ['v3.4.5', []],
    ['v3.4.4', [/leave out a commit/]],
    ['v3.2.9', [/names of Namespaces/]],
    ['v3.1.1', [/names of Namespaces/, /CVE-2025-55190/]],
    ['v3.1.2', [/names of Namespaces/]],
    ['v2.14.15', [/names of Namespaces/, /CVE-2025-55190/]],
    ['v2.13.4', [/older than/, /CVE-2025-55190/]],
    ['v2.11.3', [/removes environments/, /older than/, /CVE-2025-55190/, /CVE-2025-23216/]],
    ['v2.11.4', [/older than/, /CVE-2025-55190/, /CVE-2025-23216/]],
  ])('%s', (text, says) => {
    expect(problemsOf(judgeVersion(text))).toEqual(says.map((each): unknown => expect.stringMatching(each)));
  });

  test('one that can’t be told is skipped', () => {
    expect(judgeVersion('latest')).toEqual([expect.objectContaining({ status: 'skipped' })]);
  });
});

describe('reading through the Kubernetes API', () => {
  const clusterOf = (objects: Readonly<Record<string, ClusterObject | Error>>): Cluster => ({
    server: 'https://cluster.example.com',
    get: (path) => {
      const found = objects[path];
      return found instanceof Error ? Promise.reject(found) : Promise.resolve(found);
    },
    list: () => Promise.resolve([]),
    patch: () => Promise.reject(new Error('nothing is ever written')),
  });
  const read = (objects: Readonly<Record<string, ClusterObject | Error>>) =>
    readInstalled(installedInCluster(clusterOf(objects), 'github'), [shop]);
  const server = '/apis/apps/v1/namespaces/argocd/deployments/argocd-server';
  const secret = '/api/v1/namespaces/argocd/secrets/argocd-secret';
  const image = (name: string) => ({ spec: { template: { spec: { containers: [{ image: name }] } } } });

  test('the version from the image, the webhook from the names of secrets alone', async () => {
    const found = await read({
      [server]: image('quay.io:443/argoproj/argocd:v3.5.2@sha256:abc'),
      [secret]: { data: { 'webhook.github.secret': 'aGlkZGVu' } },
      '/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop-environments': { kind: 'AppProject' },
    });
    expect(found).toEqual({
      version: { value: 'v3.5.2' },
      webhook: { value: true },
      applications: new Map([[shop, { project: { value: { kind: 'AppProject' } }, set: { value: undefined } }]]),
    });
    expect(JSON.stringify(found)).not.toContain('aGlkZGVu');
  });

  test('what may not be read, and what says nothing, has the reason in its place', async () => {
    const forbidden = refusedError('ClusterForbidden', 'the cluster forbids it: secrets');
    const found = await read({ [secret]: forbidden, [server]: image('registry.example.com:5000/argocd') });
    expect(found).toMatchObject({
      webhook: { unread: 'the cluster forbids it: secrets' },
      version: { unread: expect.stringContaining('controller.url') },
    });
  });
});

describe('Flux’s objects as they are installed', () => {
  const [source, kustomization] = fluxObjects(config);

  test('as init wrote them, changed, broken, gone', () => {
    const right = { source: { value: source! }, kustomization: { value: kustomization! } };
    expect(problemsOf(compareFlux(config, right))).toEqual([]);
    const changed = {
      source: { value: { ...source, spec: { ...(source!['spec'] as object), ref: { branch: 'master' } } } },
      kustomization: {
        value: {
          ...kustomization,
          status: { conditions: [{ type: 'Ready', status: 'False', message: 'path not found' }] },
        },
      },
    };
    expect(problemsOf(compareFlux(config, changed))).toEqual([
      expect.stringMatching(/another branch.*"master"/),
      'environments isn’t ready: path not found',
    ]);
    expect(problemsOf(compareFlux(config, { ...right, source: { value: undefined } }))).toEqual([
      'environments isn’t installed',
    ]);
  });
});
