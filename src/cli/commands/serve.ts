import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Command } from '@commander-js/extra-typings';
import { type DurationBounds, parseDuration } from '../../config/duration.js';
import { type Environment, secretsOf, secretValues } from '../../config/environment.js';
import { loadConfig } from '../../config/load.js';
import { touchTemporaries } from '../../gitops/git/temporary.js';
import type { Clock } from '../../model/clock.js';
import { userError } from '../../model/errors.js';
import { httpApp, type Mailbox } from '../../server/http.js';
import { listen } from '../../server/listen.js';
import { jsonLog, type Log } from '../../server/log.js';
import { errorFields } from '../../server/log-fields.js';
import type { Metrics } from '../../server/metrics.js';
import { keepPlatform, type Platform } from '../../server/platform.js';
import { serviceMetrics } from '../../server/service-metrics.js';
import { type Served, type Service, serviceOf } from '../../server/service.js';
import { rememberVain } from '../../server/vain.js';
import type { Context, Run } from '../context.js';
import { atSignal } from '../interrupt.js';
import type { Presentation } from '../output/presentation.js';
import { cleanedBy, redactor } from '../redact.js';
import { type Opener, platformOpener } from '../serving.js';
import { forService } from '../serving-errors.js';
import { type Place, placeOf, type PlatformFlags } from '../platform-place.js';
import { readTimeout } from '../waiting.js';
import { lookerOf } from '../wire.js';

interface Flags extends PlatformFlags {
  readonly port: string;
  readonly sweepInterval: string;
  readonly timeout: string;
}

/** How often a newer version of the platform is looked for; milliseconds. */
const platformMs = 60_000;
const hourMs = 3_600_000;
/** Shorter would spend the code host's quota; what nobody repairs for longer than a day isn't swept at all. */
const sweepBounds: DurationBounds = { least: 300_000, most: 24 * hourMs };
/** After a signal; Kubernetes kills after 30 seconds. */
const deadlineMs = 20_000;

export const serveCommand = (run: Run) =>
  new Command('serve')
    .description('take webhooks, publish at once, and sweep every few minutes')
    .option('--port <number>', 'to listen on', '8080')
    .option('--sweep-interval <duration>', 'such as 10m; 5m to 1d', '5m')
    .option('--timeout <duration>', 'how long an environment is watched after a push', '15m')
    .option('--platform-repository <url>', 'where configuration and charts come from, in place of a directory')
    .option('--platform-branch <name>', 'of the platform repository (main unless given)')
    .action((options, command) => run(command, (context) => serve(options, context)));

async function serve(flags: Flags, given: Context): Promise<Presentation> {
  setFlagsFromString('--heap-growing-percent=50'); // V8 lets garbage grow to several times what lives: 260 MB where 180 do, at the same speed
  const { clock, environment, stdout } = given.io;
  const secrets = webhookSecrets(environment);
  const [port, sweepMs] = [portOf(flags.port), parseDuration(flags.sweepInterval, sweepBounds, '--sweep-interval')];
  const timeoutMs = readTimeout(flags.timeout);
  const clean = redactor(secretValues(environment));
  const log = jsonLog({ clock, write: stdout, clean });
  const context: Context = {
    ...given,
    note: (text) => log('info', 'note', { text }),
    detail: (text) => (given.globals.verbose === true ? log('info', 'detail', { text }) : undefined),
  };
  const running: Running = {};
  const metrics = serviceMetrics({
    waiting: () => running.service?.queue.waiting ?? 0,
    running: () => running.service?.queue.running ?? 0,
    quarantined: () => running.service?.queue.quarantined ?? 0,
    platformBroken: () => (running.platform?.state.broken === undefined ? 0 : 1),
    watched: () => opener.watched,
    lastRead: () => (opener.lastRead.at?.getTime() ?? 0) / 1000,
    residentBytes: () => process.memoryUsage.rss(),
  });
  const place = await placeOf(flags, context);
  const opener = platformOpener({ ...place, context, metrics, log, timeoutMs });
  try {
    const looker = (directory: string): string =>
      lookerOf(loadConfig(resolve(directory, place.configFile)), context.io);
    await runUntilSignal({ port, sweepMs, secrets, clean, clock, log, metrics, place, opener, looker }, running);
  } finally {
    await Promise.all([opener.close(), place.close()]);
  }
  return { data: { schemaVersion: '1' }, text: '', markdown: '', variables: {}, exitCode: 0 };
}

/** What there is so far: metrics are asked for before and after. */
interface Running {
  service?: Service;
  platform?: Platform<Served>;
}

interface Parts {
  readonly port: number;
  readonly sweepMs: number;
  readonly secrets: readonly string[];
  readonly clean: (text: string) => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly place: Place;
  readonly opener: Opener;
  /** Who looks at the cluster by the configuration in a directory, in words. */
  readonly looker: (directory: string) => string;
}

async function runUntilSignal(parts: Parts, running: Running): Promise<void> {
  const { clock, log, metrics, opener, clean } = parts;
  const vain = rememberVain(clock);
  let watch = '';
  const load = async (directory: string): Promise<Served> => {
    const served = await opener.open(directory).catch((error: unknown) => {
      throw forService(error, directory, parts.place);
    });
    watch = parts.looker(directory);
    vain.forget(); // newer charts may do what the ones before couldn't
    return served;
  };
  const platform = await keepPlatform({ source: parts.place.source, load, log });
  const service = serviceOf({ served: () => platform.current, clock, log, metrics, inVain: vain });
  Object.assign(running, { service, platform });
  const app = httpApp({
    secrets: parts.secrets,
    served: () => platform.current.forge,
    mailbox: (name) => (platform.current.forge === name ? mailboxOf(platform.current, service) : undefined),
    readiness: () => cleanedBy(clean, { platform: platform.state, gitops: opener.lastRead }),
    metrics: () => metrics.print(),
    answered: (forge, status) => metrics.count('bivouac_webhooks_total', { forge, status: String(status) }),
    failed: (error) => log('error', 'request failed', errorFields(error)),
  });

  const stopping = signal(log);
  const listening = await listen(app, { port: parts.port });
  log('info', 'listening', { port: listening.port, watch });
  const every = async (milliseconds: number, work: () => Promise<void>): Promise<void> => {
    while (!stopping.isOver()) {
      await Promise.race([clock.wait(milliseconds * (0.9 + 0.2 * clock.random())), stopping.over]); // replicas spread
      if (!stopping.isOver()) await work();
    }
  };
  void service.resume();
  void service.sweep(); // what was missed while nobody listened
  void every(parts.sweepMs, () => service.sweep());
  void every(platformMs, () => platform.refresh());
  void every(hourMs, () => touchTemporaries(clock.now())); // other processes sweep what looks a day old
  await stopping.over;
  await Promise.all([listening.stop(), service.stop(deadlineMs)]);
}

const mailboxOf = ({ webhooks }: Served, service: Service): Mailbox => ({
  signatureHeader: webhooks.signatureHeader,
  signaturePrefix: webhooks.signaturePrefix,
  receive: (headers, payload) => service.receive({ headers, payload }),
});

/** Resolves at SIGTERM or SIGINT. */
const signal = (log: Log) => {
  let isOver = false;
  const over = new Promise<void>((resolveIt) => {
    atSignal(() => {
      isOver = true;
      log('info', 'stopping');
      resolveIt();
      return Promise.resolve();
    });
  });
  return { over, isOver: () => isOver };
};

/** @throws UserError CredentialMissing: without one anybody could deliver */
function webhookSecrets(environment: Environment): readonly string[] {
  const { webhookSecret, webhookSecretPrevious } = secretsOf(environment);
  if (webhookSecret === undefined)
    throw userError('CredentialMissing', 'BIVOUAC_WEBHOOK_SECRET is not set', {
      where: 'environment',
      remedy: 'Set it to a long random text (openssl rand -hex 32), and give the webhook the same one.',
    });
  return [webhookSecret, ...(webhookSecretPrevious === undefined ? [] : [webhookSecretPrevious])];
}

function portOf(text: string): number {
  if (/^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw userError('InvalidFlag', `--port ${text} is no port`, {
    where: '--port',
    remedy: 'Give a number such as 8080.',
  });
}
