import type { Cause, CauseKind } from '../../model/deployment.js';
import { componentOf, type NamedObject } from '../kubernetes/component.js';
import { meaningOf } from '../kubernetes/refusals.js';
import { remedyOf } from '../kubernetes/remedies.js';
import { cut } from '../kubernetes/words.js';
import type { Workload } from '../kubernetes/workload.js';
import { workloadCauses } from '../kubernetes/workload-causes.js';
import { type Application, unwrapped } from './application.js';
import { hasOperation } from './readiness.js';

export interface Situation {
  /** Joined name. */
  readonly name: string;
  /** Whether what was compared, and what the last sync was for, is what is waited for. */
  readonly holds: boolean;
  readonly holdsSynced: boolean;
  /** Whether an error of the comparison is about the branch as it is now. */
  readonly isFresh: boolean;
  readonly images: readonly string[];
  readonly workloads: readonly Workload[];
}

/** Why what is waited for isn't ready; nothing about an earlier commit. */
export const causesOf = (application: Application, situation: Situation): readonly Cause[] => {
  const { name, holds, holdsSynced, workloads } = situation;
  const objects = [...objectsOf(application), ...workloads];
  const place = { name, objects };
  const isApplied = holds && application.status?.sync?.status === 'Synced' && !hasOperation(application);
  return unique([
    ...conditionCauses(application, situation, objects),
    ...(holdsSynced ? syncCauses(application, place) : []),
    ...(isApplied ? workloadCauses(workloads, { namespace: name, images: situation.images, objects }) : []),
  ]);
};

interface Surroundings {
  readonly name: string;
  readonly objects: readonly NamedObject[];
}

const objectsOf = (application: Application): readonly NamedObject[] =>
  (application.status?.resources ?? []).flatMap(({ kind, name }) =>
    kind === undefined || name === undefined ? [] : [{ kind, name }],
  );

/** What Argo CD says of the Application as a whole. `SyncError` repeats the operation, which says more. */
const conditionCauses = (
  { status }: Application,
  { name, holds, isFresh }: Situation,
  objects: readonly NamedObject[],
): readonly Cause[] =>
  (status?.conditions ?? [])
    .filter(
      ({ type, message = '' }) =>
        type === 'InvalidSpecError' ||
        (type === 'ComparisonError' && (holds || isFresh) && !/app path does not exist/.test(message)),
    )
    .map(({ message = '' }) => causeOf({ text: message, fallback: 'SyncFailed' }, { name, objects }));

/** What the sync failed at: object by object where Argo CD has tried any, else its own words. */
const syncCauses = ({ status }: Application, place: Surroundings): readonly Cause[] => {
  const state = status?.operationState;
  const hasFailed =
    state?.phase === 'Failed' ||
    state?.phase === 'Error' ||
    (state?.phase === 'Running' && state.finishedAt !== undefined);
  if (state === undefined || !hasFailed) return [];
  const refused = (state.syncResult?.resources ?? []).filter((each) => each.status === 'SyncFailed');
  if (refused.length === 0)
    return [causeOf({ text: state.message ?? 'the sync failed', fallback: 'SyncFailed' }, place)];
  return refused.map(({ kind = 'object', name = '', message }) =>
    causeOf({ text: message ?? state.message ?? '', object: { kind, name }, fallback: 'SyncFailed' }, place),
  );
};

interface Said {
  readonly text: string;
  /** @default the one that the text names, else the Application */
  readonly object?: NamedObject;
  readonly fallback: CauseKind;
}

const causeOf = ({ text, object: given, fallback }: Said, { name, objects }: Surroundings): Cause => {
  const kind = meaningOf(text) ?? fallback;
  const named = given ?? namedIn(text);
  const object = named === undefined ? `Application/${name}` : `${named.kind}/${named.name}`;
  const component = named && componentOf(named, objects);
  return {
    kind,
    ...(component === undefined ? {} : { component }),
    object,
    message: cut(unwrapped(text)),
    remedy: remedyOf(kind, { object, namespace: name }),
  };
};

/** `Shared resource found: Deployment/web is part of …` */
const namedIn = (text: string): NamedObject | undefined => {
  const found = /\b([A-Z][A-Za-z]+)\/([a-z0-9][-a-z0-9.]*) is part of applications/.exec(text);
  return found?.[1] === undefined || found[2] === undefined ? undefined : { kind: found[1], name: found[2] };
};

const unique = (causes: readonly Cause[]): readonly Cause[] => [
  ...new Map(causes.map((cause) => [`${cause.kind} ${cause.object} ${cause.message}`, cause])).values(),
];
