import type { Config } from '../config/config.js';
import { secretValues, serializerOf } from '../config/environment.js';
import type { Render } from '../line/plan.js';
import { readPullRequest, type Truth } from '../line/truth.js';
import { sameId } from '../model/names.js';
import type { Outcome } from '../model/outcome.js';
import type { PullRequestRef } from '../model/pull-request.js';
import { type Line, reconcile, type Reconciled, type Subject } from '../reconcile.js';
import { type Addressed, candidatesOf } from './arguments.js';
import type { Context } from './context.js';
import { version } from './version.js';
import { readRecordOf } from './stored.js';
import { redactor } from './redact.js';
import { tell } from './tell.js';
import { teardownObserver } from './teardown.js';
import { follow } from './following.js';
import { type Watch, watchedUntil, watchOf } from './waiting.js';
import { refuseCharts } from './trust.js';
import { chartsOf, controllerOf, type Forge, forgeOf, gitopsOf, hasController, isRehearsal } from './wire.js';

/** Everything that the line needs, wired once a command. */
export interface Session {
  readonly config: Config;
  readonly forge: Forge;
  /** Takes secrets out of what the pull request is told. */
  readonly clean: (text: string) => string;
  readonly line: Line;
  /** Refuses what this checkout's charts mustn't render beside credentials; a bundle's components are data. */
  readonly vet: (truth: Truth) => Promise<Truth>;
  /** Where what was done is waited for. */
  readonly watch?: Watch;
  /** The line renders what a bundle holds, and so nothing to compare it with. */
  readonly bundled?: true;
}

export interface SessionOptions {
  readonly dryRun?: boolean;
  /** For a local trial: the commit that the pull request is taken to be at. */
  readonly headSha?: string;
  /** Instead of this checkout's charts: a bundle's components. */
  readonly render?: Render;
  /** Milliseconds to wait for what was done; absent: nobody waits. */
  readonly waitMs?: number;
}

/** Opens the ports, runs the work, and closes the temporary repository whatever happens. */
export async function inSession<Result>(
  config: Config,
  context: Context,
  { options, work }: { readonly options: SessionOptions; readonly work: (session: Session) => Promise<Result> },
): Promise<Result> {
  const forge = await forgeOf(config, context, options);
  const repository = await gitopsOf(config, context);
  try {
    const { waitMs: timeoutMs } = options;
    const watch = timeoutMs === undefined ? undefined : await watchOf(config, context, { repository, timeoutMs });
    const render = options.render ?? (await renderWithCharts(config, context));
    const { clock } = context.io;
    const mode = options.dryRun === true ? 'dry-run' : 'push';
    const look = hasController(config, context.io)
      ? teardownObserver(repository, () => controllerOf(config, context))
      : undefined;
    return await work({
      config,
      forge,
      clean: redactor(secretValues(context.io.environment)),
      ...(watch !== undefined && { watch }),
      ...(options.render !== undefined && { bundled: true as const }),
      vet: async (truth) =>
        options.render !== undefined || isRehearsal(config, context.io)
          ? truth
          : refuseCharts(truth, config, forge.host),
      line: {
        config,
        repository,
        ...forge,
        render,
        clock,
        mode,
        version: version(context.io.packageDirectory),
        serializer: serializerOf(context.io.environment),
        ...(look !== undefined && { observe: look }),
      },
    });
  } finally {
    await repository.close();
  }
}

/** Charts are loaded when the first environment has to be rendered: a removal needs none. */
async function renderWithCharts(config: Config, context: Context): Promise<Render> {
  const loader = await chartsOf(config, context);
  return async (spec) => (await loader.load(spec.application))(spec);
}

/** The pull request as the line takes it. */
export const pullRequestSubject = (
  ref: PullRequestRef,
  { config, forge, vet }: Session,
  rest: Pick<Subject, 'candidates' | 'images' | 'asked'>,
): Subject => ({
  ...rest,
  ref,
  truth: async () => vet(await readPullRequest(ref, rest.candidates, { host: forge.host, config })),
});

/**
 * Reconciles, then tells the pull request: what failed there is a warning, since Git holds what was decided. Where it is waited for, the
 * pull request is told once more, what was seen; what didn't change is told of then alone. `commanded`: what a comment had changed before.
 */
export async function reconcileAndTell(
  subject: Subject,
  session: Session,
  commanded: readonly Outcome[] = [],
): Promise<readonly Outcome[]> {
  const { ref } = subject;
  const { watch, line } = session;
  const results = withCommanded(await reconcile(subject, line), commanded);
  if (line.mode === 'dry-run') return results.map(({ outcome }) => outcome);
  const told = await tellDone(results, ref, session);
  if (watch === undefined) return told.map(({ outcome }) => outcome);
  return Promise.all(told.map((each) => follow(each, { audience: session, watch, ...(ref !== undefined && { ref }) })));
}

/** Tells what was done, before anybody has looked at the cluster. */
export async function tellDone(
  results: readonly Reconciled[],
  ref: PullRequestRef | undefined,
  session: Session,
): Promise<readonly Reconciled[]> {
  if (ref === undefined) return results;
  const until = session.watch && watchedUntil(session.watch);
  const isNews = ({ outcome }: Outcome): boolean => until === undefined || outcome !== 'Unchanged';
  const told = await tell(ref, results, { ...session, isNews, ...(until !== undefined && { watchedUntil: until }) });
  return results.map(({ plan }, index) => ({ plan, outcome: told[index]! }));
}

/** Nothing was written by the reconcile itself. */
const isUntouched = ({ outcome, reason }: Outcome): boolean =>
  outcome === 'Unchanged' || (outcome === 'Ignored' && reason === 'ChartsChanged');

/** What a command had changed before isn't unchanged. */
export const withCommanded = (results: readonly Reconciled[], commanded: readonly Outcome[]): readonly Reconciled[] =>
  results.map(({ plan, outcome }) => {
    const { id } = outcome;
    const before = commanded.find((each) => id !== undefined && each.id !== undefined && sameId(each.id, id));
    return { plan, outcome: before === undefined || !isUntouched(outcome) ? outcome : before };
  });

/** One environment by its address, as the line takes it; without a pull request, what its record says of it. */
export async function subjectOf({ id, ref }: Addressed, session: Session): Promise<Subject> {
  if (ref !== undefined) {
    const candidates = candidatesOf(ref, session.config).filter((each) => sameId(each.id, id));
    return pullRequestSubject(ref, session, { candidates, images: {} });
  }
  const { record } = readRecordOf(id, await session.line.repository.read([id]));
  const revision = { repository: record.repository, repositoryId: record.repositoryId, sha: record.headSha };
  return {
    candidates: [{ id, preset: record.preset }],
    images: record.images,
    truth: () => Promise.resolve({ approvals: [], revision }),
  };
}
