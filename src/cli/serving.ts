import { resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { secretValues, serializerOf } from '../config/environment.js';
import { loadConfig } from '../config/load.js';
import { sameRepository } from '../decide/candidates.js';
import { webhooksOf } from '../events/webhooks/webhooks.js';
import type { Truth } from '../line/truth.js';
import type { Observe } from '../line/watch.js';
import type { Clock } from '../model/clock.js';
import { userError } from '../model/errors.js';
import type { RepositoryName } from '../model/pull-request.js';
import { errorFields } from '../server/log-fields.js';
import type { Log } from '../server/log.js';
import type { Metrics } from '../server/metrics.js';
import type { Served } from '../server/service.js';
import { sharedLists } from '../server/shared-lists.js';
import type { LastRead, Warm } from '../server/warm.js';
import { keepWatches } from '../server/watches.js';
import { checkCharts } from './chart-check.js';
import type { Context } from './context.js';
import { redactor } from './redact.js';
import { workOf, type Working } from './serving-work.js';
import { openWriter, type Writer } from './serving-writer.js';
import type { Session } from './session.js';
import { foreignChartsOf, type OwnCheckout } from './sweeping.js';
import { teardownObserver } from './teardown.js';
import { version } from './version.js';
import type { Watch } from './waiting.js';
import { chartsOf, controllerOf, forgeOf, gitopsOf } from './wire.js';

export interface OpenOptions {
  readonly context: Context;
  readonly metrics: Metrics;
  readonly log: Log;
  /** How long an environment is watched after a push; milliseconds. */
  readonly timeoutMs: number;
  /** `bivouac.yaml`, relative to the platform's directory. */
  readonly configFile: string;
  /** The repository and the commit that a directory holds, where the service laid it. */
  readonly ownOf: (directory: string) => OwnCheckout | undefined;
}

export interface Opener {
  /** Loads one version of the platform and checks all of it. @throws whatever is wrong with it */
  open(directory: string): Promise<Served>;
  readonly lastRead: LastRead;
  /** Environments that are watched. */
  readonly watched: number;
  close(): Promise<void>;
}

/** Wires versions of the platform; the GitOps repository and its one writer stay the same as long as its address does. */
export function platformOpener(options: OpenOptions): Opener {
  const { context } = options;
  const { clock } = context.io;
  const writers = new Map<string, Promise<Writer>>();
  const watches = keepWatches({
    clock,
    failed: (key, error) => options.log('warn', 'watch failed', { of: key, ...errorFields(error) }),
  });
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
    get watched() {
      return watches.running;
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
      const [writer, controller] = await Promise.all([writerOf(config), controllerOf(config, context)]);
      const { looking } = writer;
      const watch: Watch | undefined = controller && {
        ...{ controller, git: looking, clock, timeoutMs: options.timeoutMs, note: context.detail },
      };
      const session: Session = {
        config,
        forge,
        clean: redactor(secretValues(context.io.environment)),
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
          looks: 'once',
          ...(controller !== undefined && {
            observe: soon(
              teardownObserver(looking, () => Promise.resolve(controller)),
              clock,
            ),
          }),
          version: version(context.io.packageDirectory),
          serializer: serializerOf(context.io.environment),
        },
      };
      return {
        forge: config.forge.kind,
        webhooks,
        known: knownIn(config),
        ...workOf({
          session,
          publish: writer.publish,
          open: () => gitopsOf(config, context),
          foreign,
          watch: watch && { watches, watch, log: options.log, metrics: options.metrics },
        }),
      };
    },
    close: async () => {
      watches.stop();
      for (const { warm, looking } of await Promise.all(writers.values()))
        await Promise.all([warm.repository.close(), looking.close()]);
    },
  };
}

/** How long the push of others may be held up by a look at the cluster; milliseconds. */
const lookMs = 3_000;

/** A look whose answer takes too long isn't waited for. */
const soon =
  (look: Observe, clock: Clock): Observe =>
  (...of) =>
    Promise.race([look(...of), clock.wait(lookMs).then(() => 'unknown' as const)]);

/** A service renders with the platform's charts alone. */
async function refuseForeign(truth: Truth, foreign: Working['foreign']): Promise<Truth> {
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
