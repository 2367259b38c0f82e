import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { openArgoCdInCluster } from '../../src/controllers/argocd/in-cluster.js';
import { openFluxInCluster } from '../../src/controllers/flux/in-cluster.js';
import type { Cluster, ClusterObject } from '../../src/controllers/kubernetes/cluster.js';
import type { Controller } from '../../src/controllers/port.js';
import { anExpected, answer, fakeClock, id } from '../controllers/answers.js';
import { fakeCluster, type Lies } from '../controllers/kubernetes/fake-cluster.js';
import { chart } from './rendering.js';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** `get argoproj.io/applications` */
const granted = (file: string): readonly string[] => {
  const rules = parse(readFileSync(join(chart, `files/watch/${file}.yaml`), 'utf8')) as readonly Rule[];
  return rules
    .flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
      ),
    )
    .sort();
};

const path = /^\/(?:api|apis\/([^/]+))\/v[^/]+(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?$/;

interface Need {
  readonly right: string;
  readonly namespace: string;
}

const needOf = (asked: string): Need => {
  const [, group = '', namespace = '', resource = '', name] = path.exec(asked) ?? [];
  return { right: `${name === undefined ? 'list' : 'get'} ${group}/${resource}`, namespace };
};

interface Case {
  readonly file: string;
  readonly namespace: string;
  /** The environment's own object, failing. */
  readonly own: string;
  readonly failing: ClusterObject;
  readonly open: (cluster: Cluster) => Controller;
}

const cases: readonly Case[] = [
  {
    file: 'argocd',
    namespace: 'argocd',
    own: '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/shop-pr-42',
    failing: answer<{ application: ClusterObject }>('argocd/answers/image-missing').application,
    open: (cluster) => openArgoCdInCluster(cluster, { clock: fakeClock() }),
  },
  {
    file: 'flux',
    namespace: 'flux-system',
    own: '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/shop-pr-42',
    failing: answer<ClusterObject>('flux/answers/image-missing'),
    open: openFluxInCluster,
  },
];

/** Every reading there is: of what isn't there, what fails, and what is being removed. */
const needsOf = async ({ own, failing, open }: Case): Promise<readonly Need[]> => {
  const going = { ...failing, metadata: { ...failing.metadata, deletionTimestamp: '2026-11-25T23:40:00Z' } };
  const asked = await Promise.all(
    [{}, { [own]: failing }, { [own]: going }].map(async (lies: Lies) => {
      const cluster = fakeCluster(lies);
      const controller = open(cluster);
      await controller.status(anExpected());
      await controller.remains(id);
      return cluster.asked;
    }),
  );
  return asked.flat().map(needOf);
};

const unique = (needs: readonly Need[]): readonly string[] => [...new Set(needs.map(({ right }) => right))].sort();

describe.each(cases)('with $file, the service’s account may', (each) => {
  test('read in the controller’s namespace what is asked there, and no more', async () => {
    const needs = await needsOf(each);
    expect(unique(needs.filter(({ namespace }) => namespace === each.namespace))).toEqual(granted(each.file));
  });

  test('read everywhere what is asked of environments, and no more', async () => {
    const needs = await needsOf(each);
    expect(unique(needs.filter(({ namespace }) => namespace !== each.namespace))).toEqual(granted('environments'));
  });
});

test('everything that the chart grants is in the role that docs/cluster.md names for people', () => {
  const example = readFileSync(join(chart, '../../../examples/kubernetes/reader.yaml'), 'utf8');
  const { rules } = parse(example) as { readonly rules: readonly Rule[] };
  const readable = rules.flatMap(({ apiGroups, resources }) =>
    apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource}`)),
  );
  const all = ['environments', 'argocd', 'flux'].flatMap(granted).map((right) => right.split(' ')[1]);
  expect(all.filter((each) => !readable.includes(each!))).toEqual([]);
});
