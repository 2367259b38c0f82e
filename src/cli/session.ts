import type { Config } from '../config/config.js';
import { serializerOf } from '../config/environment.js';
import type { Render } from '../line/plan.js';
import { readPullRequest, type Truth } from '../line/truth.js';
import { sameId } from '../model/names.js';
import type { Outcome } from '../model/outcome.js';
import type { PullRequestRef } from '../model/pull-request.js';
import { type Line, reconcile, type Subject } from '../reconcile.js';
import { type Addressed, candidatesOf } from './arguments.js';
import type { Context } from './context.js';
import { version } from './version.js';
import { readRecordOf } from './stored.js';
import { tell } from './tell.js';
import { teardownObserver } from './teardown.js';
import { observe, wasSeen, type Watch, watchOf } from './waiting.js';
import { refuseCharts } from './trust.js';
import { chartsOf, type Forge, forgeOf, gitopsOf, isRehearsal } from './wire.js';

/** Everything that the line needs, wired once a command. */
export interface Session {
  readonly config: Config;
  readonly forge: Forge;
  readonly line: Line;
  /** Refuses what this checkout's charts mustn't render beside credentials; a bundle's components are data. */
  readonly vet: (truth: Truth) => Promise<Truth>;
  /** Where what was done is waited for. */
  readonly watch?: Watch;
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
    const look = teardownObserver(config, context, repository);
    return await work({
      config,
      forge,
      ...(watch !== undefined && { watch }),
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
 * pull request is told once more, what was seen; what didn't change is told of then alone.
 */
export async function reconcileAndTell(subject: Subject, session: Session): Promise<readonly Outcome[]> {
  const { line, watch } = session;
  const results = await reconcile(subject, line);
  const outcomes = results.map(({ outcome }) => outcome);
  const { ref } = subject;
  if (line.mode === 'dry-run') return outcomes;
  const isWatched = watch?.controller !== undefined;
  const isNews = ({ outcome }: Outcome): boolean => !isWatched || outcome !== 'Unchanged';
  const told = ref === undefined ? outcomes : await tell(ref, results, { ...session, isNews });
  if (watch === undefined) return told;
  const seen = await observe(told, watch);
  if (ref === undefined) return seen;
  const observed = results.map(({ plan }, index) => ({ plan, outcome: seen[index]! }));
  return tell(ref, observed, { ...session, isNews: wasSeen });
}

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
