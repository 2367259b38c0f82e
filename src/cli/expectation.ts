import type { Expected } from '../controllers/port.js';
import { inTurn } from '../model/in-turn.js';
import type { Base, GitOpsReads } from '../gitops/port.js';
import type { FileTree, Manifest } from '../model/manifest.js';
import { type EnvironmentId, printId } from '../model/names.js';
import type { CommitSha } from '../model/pull-request.js';
import { readManifests } from '../synth/read-manifests.js';
import { at, listAt, podTemplateOf, textAt } from '../synth/views.js';
import type { Held } from '../wait/ask.js';
import { manifestsOf } from './manifests.js';

/** Several environments are waited for at once, and share one temporary repository. */
export const readInTurn = (repository: GitOpsReads): GitOpsReads => {
  const turn = inTurn();
  return {
    read: (ids) => turn(() => repository.read(ids)),
    manifestsAt: (revision, id) => turn(() => repository.manifestsAt(revision, id)),
  };
};

/** What is waited for, and a look at whether Git still holds it. */
export interface Expectation {
  readonly expected: Expected;
  readonly held: () => Promise<Held>;
}

/**
 * The environment as a commit holds it, or as Git does now; undefined: neither holds one. Manifests are known by the id of their tree:
 * other environments' commits move the revision all the time, and this one's may be deployed with any of them.
 */
export async function expectationOf(
  id: EnvironmentId,
  git: GitOpsReads,
  commit?: CommitSha,
): Promise<Expectation | undefined> {
  const base = await git.read([id]);
  const now = await treeIn(base, id, git);
  const wanted = commit === undefined ? now : await git.manifestsAt(commit, id);
  if (wanted === undefined) return undefined;
  const files = base.environments.get(printId(id))?.files ?? new Map<string, string>();
  return {
    expected: {
      id,
      images: now === wanted ? runningImages(files) : [],
      holds: async (revision) => (await git.manifestsAt(revision, id)) === wanted,
    },
    held: async () => {
      const tree = await treeIn(await git.read([id]), id, git);
      return tree === undefined ? 'gone' : tree === wanted ? 'same' : 'other';
    },
  };
}

/** Of a removal: whether Git holds an environment again. */
export const heldAgain =
  (id: EnvironmentId, git: GitOpsReads): (() => Promise<Held>) =>
  async () =>
    (await git.read([id])).environments.has(printId(id)) ? 'other' : 'gone';

const treeIn = async ({ tip, environments }: Base, id: EnvironmentId, git: GitOpsReads): Promise<string | undefined> =>
  tip === undefined || !environments.has(printId(id)) ? undefined : git.manifestsAt(tip, id);

/** Images of pods that there must be: a CronJob’s may not have begun, and nothing sleeps with a pod. Sorted, each once. */
export const runningImages = (files: FileTree): readonly string[] =>
  [
    ...new Set(
      workloadsIn(files)
        .filter((manifest) => manifest.kind !== 'CronJob' && !isAsleep(manifest))
        .flatMap((manifest) => imagesIn(podTemplateOf(manifest))),
    ),
  ].sort();

/** Everything that runs pods, in the order of the files. */
export const workloadsIn = (files: FileTree): readonly Manifest[] =>
  [...manifestsOf(files).values()].flatMap(readManifests).filter((each) => podTemplateOf(each) !== undefined);

const isAsleep = (manifest: Manifest): boolean =>
  at(manifest, 'spec', 'replicas') === 0 || at(manifest, 'spec', 'suspend') === true;

const imagesIn = (template: unknown): readonly string[] =>
  ['initContainers', 'containers'].flatMap((list) =>
    listAt(template, 'spec', list).flatMap((container) => textAt(container, 'image') ?? []),
  );
