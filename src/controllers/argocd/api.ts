import type { Clock } from '../../model/clock.js';
import type { Cause, DeploymentStatus, Remains } from '../../model/deployment.js';
import { isBivouacError } from '../../model/errors.js';
import { type EnvironmentId, joinedName } from '../../model/names.js';
import type { Workload } from '../kubernetes/workload.js';
import type { Controller, Expected } from '../port.js';
import {
  type Application,
  applicationView,
  comparisonErrorOf,
  eventsView,
  setName,
  setView,
  treeView,
} from './application.js';
import { judge } from './judge.js';
import { holdUps } from './removal.js';
import { type Ask, openRest, type RestOptions } from './rest.js';
import { frozenSetOf } from './set.js';
import { isSilent, warningsOf, workloadsOf } from './tree.js';

export interface ArgoCdOptions extends RestOptions {
  readonly clock: Clock;
  /** Where Argo CD lives: for commands in texts, and its page. @default 'argocd' */
  readonly namespace?: string;
}

/** A refresh costs Argo CD a comparison: at most this often, but for what looks ready. Milliseconds. */
const refreshPause = 30_000;
/** Objects whose events are asked for in one reading. */
const eventLimit = 4;

/** Argo CD by its own API, with a project role’s token. @throws UserError InvalidControllerUrl */
export const openArgoCdApi = ({ clock, namespace = 'argocd', ...rest }: ArgoCdOptions): Controller => {
  const ask = openRest(rest);
  const refreshed = new Map<string, number>();
  /** The error of a comparison that was made after the waiting began: it is about what is waited for. */
  const errors = new WeakMap<Expected, string>();

  const refresh = async (id: EnvironmentId): Promise<Application | undefined> => {
    refreshed.set(joinedName(id), clock.now().getTime());
    try {
      return await readApplication(ask, id, { refresh: 'normal' });
    } catch (error) {
      // it answers once it has compared: on a busy day later than a request may last
      if (isBivouacError(error) && error.code === 'ControllerUnavailable') return undefined;
      throw error;
    }
  };
  const isDue = (id: EnvironmentId): boolean =>
    clock.now().getTime() - (refreshed.get(joinedName(id)) ?? -Infinity) >= refreshPause;

  const status = async (expected: Expected): Promise<DeploymentStatus> => {
    const { id } = expected;
    const polled = await readApplication(ask, id);
    if (polled === undefined) return absent(await readSet(ask, id, namespace));
    const first = await judge(polled, expected);
    const wantsFresh = first.phase === 'ready' || (first.phase === 'deploying' && !first.isRunning && isDue(id));
    const fresh = wantsFresh ? await refresh(id) : undefined;
    const application = fresh ?? polled;
    const verdict = fresh === undefined ? first : await judge(fresh, expected);
    const shown = verdict.phase === 'ready' && fresh === undefined ? unconfirmed(verdict.revision) : verdict;
    if (shown.phase === 'ready' || shown.phase === 'removing' || isFine(application)) return statusOf(shown, []);
    const workloads = await readWorkloads(ask, id, application);
    const error = comparisonErrorOf(application);
    if (fresh !== undefined && error !== undefined) errors.set(expected, error);
    const isFresh = error !== undefined && errors.get(expected) === error;
    return statusOf(shown, verdict.causes({ workloads, isFresh }));
  };

  const remains = async (id: EnvironmentId): Promise<Remains> => {
    const name = joinedName(id);
    const application = await readApplication(ask, id);
    const unread = { name, presence: 'unread', why: 'Argo CD’s API doesn’t show it; a kubeconfig does' } as const;
    return {
      parts: [
        { kind: 'Application', name, presence: application === undefined ? 'gone' : 'there' },
        { kind: 'Namespace', ...unread },
        { kind: 'PersistentVolume', ...unread },
      ],
      causes: application === undefined ? [] : await whyThere(id, application),
    };
  };

  const whyThere = async (id: EnvironmentId, application: Application): Promise<readonly Cause[]> => {
    if (application.metadata?.deletionTimestamp === undefined) return (await readSet(ask, id, namespace)) ?? [];
    const workloads = await readTree(ask, id);
    return holdUps(application, { name: joinedName(id), namespace, workloads });
  };

  const page = (id: EnvironmentId): string =>
    `${rest.url.replace(/\/+$/, '')}/applications/${namespace}/${joinedName(id)}`;
  return { status, remains, page };
};

const projectOf = ({ application }: EnvironmentId): { readonly project: string } => ({ project: setName(application) });

const readApplication = (ask: Ask, id: EnvironmentId, query: Readonly<Record<string, string>> = {}) =>
  ask(`applications/${joinedName(id)}`, { ...projectOf(id), ...query }, applicationView);

/** What freezes the set; undefined: nothing that it says. A set that this token may not read says nothing. */
const readSet = async (ask: Ask, { application }: EnvironmentId, namespace: string) => {
  const name = setName(application);
  try {
    const cause = frozenSetOf(await ask(`applicationsets/${name}`, {}, setView), { name, namespace });
    return cause && [cause];
  } catch (error) {
    if (isBivouacError(error) && error.code === 'ControllerForbidden') return undefined;
    throw error;
  }
};

const readTree = async (ask: Ask, id: EnvironmentId): Promise<readonly Workload[]> => {
  const tree = await ask(`applications/${joinedName(id)}/resource-tree`, projectOf(id), treeView);
  return tree === undefined ? [] : workloadsOf(tree);
};

/** The tree, with the events of those that it says nothing about. */
const readWorkloads = async (ask: Ask, id: EnvironmentId, application: Application): Promise<readonly Workload[]> => {
  const all = await readTree(ask, id);
  const silent = all.filter((each) => isSilent(each, all)).slice(0, eventLimit);
  const since = application.status?.operationState?.startedAt;
  return Promise.all(
    all.map(async (each) => {
      if (each.uid === undefined || !silent.includes(each)) return each;
      const of = { resourceUID: each.uid, resourceNamespace: joinedName(id), resourceName: each.name };
      const events = await ask(`applications/${joinedName(id)}/events`, { ...projectOf(id), ...of }, eventsView);
      // a StatefulSet keeps its name, and events of an earlier commit with it
      const warnings = events === undefined ? [] : warningsOf(events, each.kind === 'StatefulSet' ? since : undefined);
      return { ...each, warnings };
    }),
  );
};

const isFine = ({ status }: Application): boolean =>
  status?.health?.status === 'Healthy' &&
  status.sync?.status === 'Synced' &&
  !status.conditions.some(({ type }) => type.endsWith('Error'));

const absent = (causes: readonly Cause[] = []): DeploymentStatus => ({
  phase: 'absent',
  message: causes.length === 0 ? 'Argo CD has no Application for it yet' : 'Argo CD makes no Application for it',
  causes,
});

type Shown = Omit<DeploymentStatus, 'causes'>;

const unconfirmed = (revision: string | undefined): Shown => ({
  phase: 'deploying',
  message: 'it looks ready; waiting for a comparison that confirms it',
  ...(revision === undefined ? {} : { revision }),
});

const statusOf = ({ phase, message, revision }: Shown, causes: readonly Cause[]): DeploymentStatus => ({
  phase,
  message,
  causes,
  ...(revision === undefined ? {} : { revision }),
});
