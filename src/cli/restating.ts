import { restateEnvironments } from '../line/restate.js';
import { userError } from '../model/errors.js';
import { printId } from '../model/names.js';
import type { Outcome } from '../model/outcome.js';
import type { Restatement } from '../synth/restate.js';
import { addressed, type PullRequestFlags } from './arguments.js';
import type { Context } from './context.js';
import { presentOutcomes } from './output/outcomes.js';
import type { Presentation } from './output/presentation.js';
import { inSession, type Session } from './session.js';
import { readRecordOf } from './stored.js';
import { tell } from './tell.js';
import { configuration } from './wire.js';

export interface RestateFlags extends PullRequestFlags {
  readonly dryRun?: true;
}

/** `extend`, `sleep` and `wake`: one environment gets another end or another state in Git, and its pull request hears of it. */
export async function restateOne(
  environment: string | undefined,
  how: Restatement,
  { flags, context }: { readonly flags: RestateFlags; readonly context: Context },
): Promise<Presentation> {
  const config = configuration(context, 'embedded');
  const { id, ref } = addressed(environment, flags, config);
  const outcomes = await inSession(config, context, {
    options: { ...(flags.dryRun && { dryRun: true }) },
    work: async (session: Session): Promise<readonly Outcome[]> => {
      const { line } = session;
      const { record } = readRecordOf(id, await line.repository.read([id]));
      const results = await restateEnvironments({ candidates: [{ id, preset: record.preset }], how }, line);
      const outcomes = results.map(({ outcome }) => outcome);
      const leaving = outcomes.find(({ reason }) => reason === 'TearingDown');
      if (leaving !== undefined)
        throw userError('EnvironmentLeaving', leaving.message, {
          where: printId(id),
          remedy: 'bivouac up makes it anew; or wait until it is gone.',
        });
      if (ref === undefined || line.mode === 'dry-run') return outcomes;
      return tell(ref, results, { ...session, isNews: ({ outcome }) => outcome === 'Updated' });
    },
  });
  return presentOutcomes(outcomes, context.io.clock.now());
}
