import { candidates } from '../decide/candidates.js';
import type { Publish } from '../gitops/group.js';
import { recentIn } from '../line/recent.js';
import { heldIn } from '../line/sweep-outcomes.js';
import type { GitOpsRepository } from '../gitops/port.js';
import type { Outcome } from '../model/outcome.js';
import type { PullRequest, PullRequestRef } from '../model/pull-request.js';
import { reconcile } from '../reconcile.js';
import type { Served, Wanted } from '../server/service.js';
import { sweep } from '../sweep.js';
import { runComment } from './comment-command.js';
import { endRemovalWatches, endWatches, type ServingWatch, startWatches } from './serving-watch.js';
import { pullRequestSubject, type Session, tellDone, withCommanded } from './session.js';
import { reconcileItem } from './sweeping.js';

/** At most so many renderings a sweep, so that a rush of them doesn't stand in the way of events. */
const mostRenderings = 20;

export interface Working {
  readonly session: Session;
  readonly publish: Publish;
  /** Another GitOps repository than the writer’s, which is its alone. */
  readonly open: () => Promise<GitOpsRepository>;
  /** Why the platform’s charts are not those of a pull request; absent: they are. */
  readonly foreign: ((pullRequest: PullRequest) => Promise<string | undefined>) | undefined;
  /** Absent: nobody can look at the cluster. */
  readonly watch: ServingWatch | undefined;
}

type Work = Pick<Served, 'command' | 'reconcile' | 'reconcileAlone' | 'sweep' | 'recent'>;

/** What one version of the platform does: the line, with a writer that is shared. */
export const workOf = (working: Working): Work => {
  const { session, open, foreign } = working;
  const { config, line, forge } = session;
  const within = async <Result>(use: (repository: GitOpsRepository) => Promise<Result>): Promise<Result> => {
    const repository = await open();
    try {
      return await use(repository);
    } finally {
      await repository.close();
    }
  };
  return {
    command: (ref, commentId, pushed) => runComment(ref, commentId, telling(working, pushed)),
    reconcile: (ref, wanted) => reconcileOne(ref, wanted, working),
    reconcileAlone: (item) =>
      within((repository) => reconcileItem(item, { ...session, line: { ...line, repository } })),
    sweep: ({ reconcile: along, inVain }) =>
      within((repository) =>
        sweep(
          { max: mostRenderings },
          {
            ...{ config, host: forge.host, repository, clock: line.clock, reconcile: along, inVain },
            ...(foreign !== undefined && { foreignCharts: foreign }),
          },
        ),
      ),
    recent: async () => {
      const { watch } = working;
      if (watch === undefined) return [];
      const since = new Date(line.clock.now().getTime() - watch.watch.timeoutMs);
      return within(async (repository) => recentIn(heldIn(await repository.readAll()), since, config));
    },
  };
};

/** Whoever watches these environments stops before anything new is told of them, and begins again after. */
async function reconcileOne(ref: PullRequestRef, wanted: Wanted, working: Working): Promise<readonly Outcome[]> {
  const watch = working.watch?.watches.hasRoom === true ? working.watch : undefined; // else nothing is claimed of the cluster
  const { clock } = working.session.line;
  let since: number | undefined;
  const pushed = (): void => {
    since = clock.now().getTime();
    wanted.pushed();
  };
  const session = { ...telling(working, pushed), ...(watch !== undefined && { watch: watch.watch }) };
  const all = candidates(ref, session.config);
  const subject = pullRequestSubject(ref, session, { candidates: all, images: {} });
  const results = withCommanded(await reconcile(subject, session.line), wanted.commanded);
  await Promise.all([endWatches(all, working.watch), endRemovalWatches(results, working.watch)]);
  since ??= clock.now().getTime();
  const told = await tellDone(results, ref, session);
  if (watch !== undefined) startWatches(told, { ref, session, since, again: wanted.again }, watch);
  return told.map(({ outcome }) => outcome);
}

const telling = ({ session, publish }: Working, pushed: () => void): Session => {
  const told: Publish = async (ask, options) => {
    const published = await publish(ask, options);
    if (options.mode !== 'dry-run' && published.commit.tip !== undefined) pushed();
    return published;
  };
  return { ...session, line: { ...session.line, publish: told } };
};
