import { Option } from '@commander-js/extra-typings';
import { parseDuration, timeoutBounds } from '../config/duration.js';
import type { Config } from '../config/config.js';
import type { Controller } from '../controllers/port.js';
import { isLive } from '../feedback/deployment.js';
import type { GitOpsReads, GitOpsRepository } from '../gitops/port.js';
import type { Clock } from '../model/clock.js';
import { BivouacError, isBivouacError, userError } from '../model/errors.js';
import { printTime } from '../model/environment.js';
import { type EnvironmentId, printId } from '../model/names.js';
import { type Deployment, noChanges, type Outcome } from '../model/outcome.js';
import { shortSha } from '../model/pull-request.js';
import { askPatiently } from '../wait/ask.js';
import { untilReady } from '../wait/until-ready.js';
import { type Removed, untilRemoved } from '../wait/until-removed.js';
import type { Context } from './context.js';
import { type Expectation, expectationOf, heldAgain, readInTurn } from './expectation.js';
import { oneLine } from './redact.js';
import { controllerOf } from './wire.js';

const defaultTimeout = '15m';

export interface WaitFlags {
  readonly wait?: true;
  readonly timeout?: string;
}

export const waitOption = () => new Option('--wait', 'until the cluster runs it, or until it is gone');
export const timeoutOption = () =>
  new Option('--timeout <duration>', `how long to wait, such as 30m (${defaultTimeout} unless given)`);

/** Milliseconds. @default 15 minutes @throws UserError InvalidDuration */
export const readTimeout = (text: string = defaultTimeout): number => parseDuration(text, timeoutBounds, '--timeout');

/** Milliseconds to wait; undefined: nobody asked to. @throws UserError InvalidFlag, InvalidDuration */
export const timeoutOf = ({ wait, timeout }: WaitFlags): number | undefined => {
  if (wait === true) return readTimeout(timeout);
  if (timeout === undefined) return undefined;
  throw userError('InvalidFlag', '--timeout says how long to wait, and --wait isn’t there', {
    where: '--timeout',
    remedy: 'Add --wait, or leave --timeout away.',
  });
};

/** What a command that waits has at hand. */
export interface Watch {
  /** Absent: there is none that could be read. */
  readonly controller?: Controller;
  readonly git: GitOpsReads;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** A line for people, on stderr. */
  readonly note: (text: string) => void;
}

/** @throws UserError, where what is configured can't be used */
export async function watchOf(
  config: Config,
  context: Context,
  { repository, timeoutMs }: { readonly repository: GitOpsRepository; readonly timeoutMs: number },
): Promise<Watch> {
  const controller = await controllerOf(config, context);
  const { io, note } = context;
  return {
    ...(controller !== undefined && { controller }),
    git: readInTurn(repository),
    clock: io.clock,
    timeoutMs,
    note,
  };
}

/** Until when somebody looks, as it is told; undefined: nobody does. */
export const watchedUntil = ({ controller, clock, timeoutMs }: Watch): string | undefined =>
  controller && printTime(new Date(clock.now().getTime() + timeoutMs));

/** Whether somebody looked, so that the pull request may be told. */
export const wasSeen = ({ deployment }: Outcome): boolean =>
  deployment !== undefined && ['ready', 'removed', 'failed', 'late'].includes(deployment.state);

const howToRead = 'set controller.url and BIVOUAC_ARGOCD_TOKEN, or KUBECONFIG, to have the cluster watched';

/** @throws UserError ControllerNotConfigured */
export const watching = ({ controller, ...watch }: Watch): Watching => {
  if (controller !== undefined) return { ...watch, controller };
  throw userError('ControllerNotConfigured', 'nothing is configured that shows what the cluster runs', {
    where: 'controller.url, KUBECONFIG',
    remedy:
      'Set controller.url in bivouac.yaml and BIVOUAC_ARGOCD_TOKEN to a token of the project’s role “status”, or KUBECONFIG to a file.',
  });
};

/** Whether the cluster has anything to show of it. */
export const isObservable = (outcome: Outcome): boolean => isLive(outcome) || outcome.outcome === 'Removed';

/** Waits for what a run has done to one environment. @throws RefusedError, which says what stands in Git all the same */
export async function observe(outcome: Outcome, watch: Watch): Promise<Outcome> {
  const { id } = outcome;
  const { controller } = watch;
  if (id === undefined || !isObservable(outcome)) return outcome;
  if (controller === undefined) return notObserved(outcome, howToRead);
  try {
    if (isLive(outcome)) return { ...outcome, deployment: await ready(id, outcome, { ...watch, controller }) };
    const objects = (outcome.changes ?? noChanges).removed;
    return { ...outcome, ...(await waitRemoved({ id, objects }, { ...watch, controller })) };
  } catch (error) {
    throw standing(error, outcome);
  }
}

const ended = (state: Deployment['state'], message: string): Deployment => ({ state, message, causes: [], steps: [] });

/** What stands in Git, and why nobody could look at the cluster. */
export const notObserved = (outcome: Outcome, why: string): Outcome => {
  const what = isLive(outcome) ? 'committed, not observed' : 'removed from Git, not observed';
  return { ...outcome, deployment: ended('not-observed', `${what}: ${why}`) };
};

/** With somebody to ask. */
export type Watching = Watch & { readonly controller: Controller };

const ready = async (id: EnvironmentId, { commit }: Outcome, watch: Watching): Promise<Deployment> => {
  const look = () => expectationOf(id, watch.git, commit);
  const { value: expectation, left } = await askPatiently(look, optionsFor(id, watch));
  return expectation === undefined
    ? ended('superseded', 'it was removed from Git meanwhile')
    : waitReady(expectation, { ...watch, timeoutMs: left });
};

export const waitReady = ({ expected, held }: Expectation, watch: Watching): Promise<Deployment> =>
  untilReady(watch.controller, expected, { ...optionsFor(expected.id, watch), held });

export const waitRemoved = (
  removal: { readonly id: EnvironmentId; readonly objects: readonly string[] },
  watch: Watching,
): Promise<Removed> =>
  untilRemoved(
    watch.controller,
    { ...removal, removedAt: watch.clock.now() },
    { ...optionsFor(removal.id, watch), held: heldAgain(removal.id, watch.git) },
  );

const optionsFor = (id: EnvironmentId, { clock, timeoutMs, note }: Watching) => ({
  clock,
  timeoutMs,
  tell: (message: string) => note(oneLine(`${printId(id)}: ${message}`)),
});

/** An error while waiting takes nothing back of what was pushed before. */
const standing = (error: unknown, { id, outcome, commit }: Outcome): unknown => {
  if (!isBivouacError(error) || id === undefined) return error;
  const at = commit === undefined ? '' : ` (GitOps commit ${shortSha(commit)})`;
  const what = outcome === 'Removed' ? 'removed from Git' : 'in Git as it should be';
  const { class: kind, code, message, where, remedy, data } = error;
  return new BivouacError({
    ...{ class: kind, code, message, data, cause: error },
    ...(where !== undefined && { where }),
    ...(remedy !== undefined && { remedy }),
    changed: `${printId(id)} is ${what}${at}; what the cluster runs was not observed`,
  });
};
