import type { Refusal, Render } from '../line/plan.js';
import type { EventReading } from '../events/event.js';
import type { EnvironmentSpec } from '../model/environment.js';
import type { PullRequestRef } from '../model/pull-request.js';
import type { Session } from './session.js';
import { foreignChartsOf } from './sweeping.js';

/** Whether the job of this event has the default branch checked out, whatever the pull request holds: a comment's, or that of another run. */
export const runsOnDefaultBranch = (event: EventReading | undefined): boolean =>
  event?.kind === 'pull-request' && event.labels === undefined;

/**
 * The session of such a job. What needs no charts it may do to every pull request; those that bring charts of their own it leaves as
 * they are, else an environment would fall back to the default branch’s.
 */
export function withDefaultCharts(session: Session, ref: PullRequestRef): Session {
  const { config, forge, line } = session;
  const foreign = foreignChartsOf(config, forge.host);
  if (foreign === undefined) return session;
  const render: Render = async (spec: EnvironmentSpec) => {
    const why = await foreign(await forge.host.read(ref));
    return why === undefined ? line.render(spec) : leave(why);
  };
  return { ...session, line: { ...line, render } };
}

const leave = (why: string): Refusal => ({
  kind: 'ignored',
  reason: 'ChartsChanged',
  message: `not rendered with the charts of the default branch: ${why}`,
});
