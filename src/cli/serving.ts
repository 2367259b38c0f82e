import { resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { serializerOf } from '../config/environment.js';
import { loadConfig } from '../config/load.js';
import { candidates, sameRepository } from '../decide/candidates.js';
import { webhooksOf } from '../events/webhooks/webhooks.js';
import { groupCommit, type Publish } from '../gitops/group.js';
import type { Truth } from '../line/truth.js';
import { userError } from '../model/errors.js';
import type { RepositoryName } from '../model/pull-request.js';
import type { Metrics } from '../server/metrics.js';
import type { Served } from '../server/service.js';
import { sharedLists } from '../server/shared-lists.js';
import { keepWarm, type LastRead, type Warm } from '../server/warm.js';
import { sweep } from '../sweep.js';
import { checkCharts } from './chart-check.js';
import { runComment, withCommanded } from './comment-command.js';
import type { Context } from './context.js';
import { pullRequestSubject, reconcileAndTell, type Session } from './session.js';
import { foreignChartsOf, type OwnCheckout, reconcileItem } from './sweeping.js';
import { version } from './version.js';
import { chartsOf, forgeOf, gitopsOf } from './wire.js';

/** At most so many renderings a sweep, so that a rush of them doesn't stand in the way of events. */
const mostRenderings = 20;

export interface OpenOptions {
  readonly context: Context;
  readonly metrics: Metrics;
  /** `bivouac.yaml`, relative to the platform's directory. */
  readonly configFile: string;
  /** The repository and the commit that a directory holds, where the service laid it. */
  readonly ownOf: (directory: string) => OwnCheckout | undefined;
}

export interface Opener {
  /** Loads one version of the platform and checks all of it. @throws whatever is wrong with it */
  open(directory: string): Promise<Served>;
  readonly lastRead: LastRead;
  close(): Promise<void>;
}

/** Wires versions of the platform; the GitOps repository and its one writer stay the same as long as its address does. */
export function platformOpener(options: OpenOptions): Opener {
  const { context } = options;
  const { clock } = context.io;
  const writers = new Map<string, Promise<Writer>>();
  let newest: Warm | undefined;
  const writerOf = async (config: Config): Promise<Writer> => {
    const key = `${config.gitops.branch} ${config.gitops.repository}`;
    const writer = writers.get(key) ?? openWriter(config, options);
    writers.set(key, writer);
    writer.catch(() => writers.delete(key));
    newest = (await writer).warm;
    return writer;
  };
  return {
    get lastRead() {
      return newest?.lastRead ?? {};
    },
    open: async (directory) => {
      const config = loadConfig(resolve(directory, options.configFile));
      const webhooks = webhooksOf(config.forge.kind);
      if (webhooks === undefined)
        throw userError('ForgeUnsupported', `this version takes no webhooks of ${config.forge.kind}`, {
          where: 'forge.kind',
          remedy: 'Let the CI jobs reconcile, and sweep on a schedule.',
        });
      const charts = await chartsOf(config, context);
      await checkCharts(config, charts);
      const forge = await forgeOf(config, context);
      const foreign = foreignChartsOf(config, forge.host, options.ownOf(directory));
      const writer = await writerOf(config);
      const session: Session = {
        config,
        forge,
        vet: (truth) => refuseForeign(truth, foreign),
        line: {
          config,
          ...forge,
          host: { ...forge.host, listOpen: sharedLists(forge.host, clock) },
          repository: writer.warm.repository,
          publish: writer.publish,
          render: async (spec) => (await charts.load(spec.application))(spec),
          clock,
          mode: 'push',
          version: version(context.io.packageDirectory),
          serializer: serializerOf(context.io.environment),
        },
      };
      return {
        forge: config.forge.kind,
        webhooks,
        known: knownIn(config),
        ...workOf({ session, publish: writer.publish, context, foreign }),
      };
    },
    close: async () => {
      for (const writer of writers.values()) await (await writer).warm.repository.close();
    },
  };
}

interface Writer {
  readonly warm: Warm;
  readonly publish: Publish;
}

async function openWriter(config: Config, { context, metrics }: OpenOptions): Promise<Writer> {
  const { clock } = context.io;
  const warm = await keepWarm({ open: () => gitopsOf(config, context), clock });
  await warm.repository.read([]); // address, branch and credentials are right
  const publish = groupCommit(warm.repository, {
    clock,
    between: () => warm.renew(),
    pushed: (asks) => {
      metrics.count('bivouac_pushes_total');
      metrics.count('bivouac_pushed_asks_total', {}, asks);
    },
  });
  return { warm, publish };
}

type Foreign = ReturnType<typeof foreignChartsOf>;

interface Working {
  readonly session: Session;
  readonly publish: Publish;
  readonly context: Context;
  readonly foreign: Foreign;
}

function workOf({
  session,
  publish,
  context,
  foreign,
}: Working): Pick<Served, 'command' | 'reconcile' | 'reconcileAlone' | 'sweep'> {
  const { config, line, forge } = session;
  const telling = (pushed: () => void): Session => {
    const told: Publish = async (ask, options) => {
      const published = await publish(ask, options);
      if (options.mode !== 'dry-run' && published.commit.tip !== undefined) pushed();
      return published;
    };
    return { ...session, line: { ...line, publish: told } };
  };
  return {
    command: (ref, commentId, pushed) => runComment(ref, commentId, telling(pushed)),
    reconcile: async (ref, { commanded, pushed }) => {
      const own = telling(pushed);
      const subject = pullRequestSubject(ref, own, { candidates: candidates(ref, config), images: {} });
      return withCommanded(await reconcileAndTell(subject, own), commanded);
    },
    reconcileAlone: async (item) => {
      const repository = await gitopsOf(config, context); // the warm one is its writer's alone
      try {
        return await reconcileItem(item, { ...session, line: { ...line, repository } });
      } finally {
        await repository.close();
      }
    },
    sweep: async ({ reconcile, inVain }) => {
      const repository = await gitopsOf(config, context);
      try {
        return await sweep(
          { max: mostRenderings },
          {
            config,
            host: forge.host,
            repository,
            clock: line.clock,
            reconcile,
            inVain,
            ...(foreign !== undefined && { foreignCharts: foreign }),
          },
        );
      } finally {
        await repository.close();
      }
    },
  };
}

/** A service renders with the platform's charts alone. */
async function refuseForeign(truth: Truth, foreign: Foreign): Promise<Truth> {
  const { pullRequest } = truth;
  if (foreign === undefined || pullRequest === undefined || pullRequest.state === 'closed') return truth;
  const why = await foreign(pullRequest);
  if (why === undefined) return truth;
  const message = `the service renders with the charts of the platform’s own branch, and this pull request needs its own: ${why}`;
  return { ...truth, refusal: { reason: 'UntrustedCharts', message } };
}

const knownIn =
  ({ applications }: Config) =>
  (fullName: string): RepositoryName | undefined =>
    [...applications.values()]
      .flatMap(({ repositories }) => repositories.map(({ name }) => name))
      .find((name) => sameRepository(name, fullName as RepositoryName));
