import type { Config } from '../config/config.js';
import { fluxKustomization } from '../controllers/flux/kustomization.js';
import { commitMessage, type Deed } from '../gitops/message.js';
import type { Change } from '../gitops/port.js';
import type { EnvironmentRecord } from '../model/environment.js';
import type { WrittenReason } from '../model/outcome.js';
import {
  type CommitSha,
  type PullRequestNumber,
  pullRequestNumber,
  type RepositoryName,
} from '../model/pull-request.js';
import { reasonOf } from '../decide/reason.js';
import { digestOf, printBundle } from '../synth/bundle.js';
import type { Plan } from './plan.js';
import type { Truth } from './truth.js';

export interface ChangeContext {
  readonly truth: Truth;
  readonly config: Config;
  /** Of Bivouac. */
  readonly version: string;
}

/** What a plan does to Git: one change, or none. */
export function changeOf(plan: Plan, context: ChangeContext): readonly Change[] {
  const { id } = plan.candidate;
  const author = context.truth.pullRequest?.author.login;
  const common = {
    id,
    forge: context.config.forge,
    version: context.version,
    ...(author !== undefined && { author }),
  };
  if (plan.kind === 'remove') {
    if (plan.record === undefined) return [];
    const { teardown, record } = plan;
    const deed: Deed = { verb: teardown === undefined ? 'remove' : 'tear down', reason: plan.desired.reason };
    const message = commitMessage({ ...common, deed, ...sourceOf(record) });
    if (teardown === undefined) return [{ id, files: new Map(), message }];
    return [{ id, files: teardown.files, message, ...fluxOf(teardown.record, context.config) }];
  }
  if (plan.kind !== 'write') return [];
  const { rendering, desired } = plan;
  const deed: Deed = { verb: plan.record === undefined ? 'create' : verbs[reasonOf(plan.record, rendering.record)] };
  const bundle = digestOf(printBundle(desired.spec, rendering.components));
  const message = commitMessage({ ...common, deed, bundle, ...sourceOf(rendering.record) });
  return [{ id, files: rendering.files, message, ...fluxOf(rendering.record, context.config) }];
}

/** With Flux: its Kustomization comes and goes with the directory. */
const fluxOf = (record: EnvironmentRecord, { controller }: Config): Pick<Change, 'flux'> =>
  controller.kind === 'flux' ? { flux: fluxKustomization(record) } : {};

const verbs: Record<WrittenReason, 'create' | 'update' | 'extend' | 'sleep' | 'wake'> = {
  Opened: 'create',
  HeadCommitChanged: 'update',
  SelectionChanged: 'update',
  ChartsChanged: 'update',
  Extended: 'extend',
  Slept: 'sleep',
  Woken: 'wake',
};

interface Source {
  readonly repository: RepositoryName;
  readonly headSha: CommitSha;
  readonly pullRequest?: PullRequestNumber;
}

const sourceOf = (record: NonNullable<Plan['record']>): Source => ({
  repository: record.repository,
  headSha: record.headSha,
  ...(record.pullRequest !== '' && { pullRequest: pullRequestNumber(record.pullRequest) }),
});
