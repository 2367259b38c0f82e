import type { Config } from '../config/config.js';
import { type EnvironmentRecord, printTime } from '../model/environment.js';
import { type FileTree, type Manifest, printObject } from '../model/manifest.js';
import { marks } from '../model/marks.js';
import { teardownSeconds } from '../model/teardown.js';
import { nameJob } from './jobs.js';
import { readManifests } from './read-manifests.js';
import { teardownReadmeOf } from './readme.js';
import { printRecord } from './record.js';
import { type Serializer, serialize } from './serialize.js';
import { awake, resting } from './sleep.js';
import { tidy } from './tidy.js';
import { at, isMap, listAt, podTemplateOf, textsAt } from './views.js';

/** What an environment becomes before it goes. */
export interface Teardown {
  readonly files: FileTree;
  /**
   * With `state: teardown`; `expiresAt` is when the environment goes whether its tasks have ended or not: five minutes, in which a
   * controller sees the commit, and the longest of their deadlines.
   */
  readonly record: EnvironmentRecord;
  /** `Job/bucket-teardown-0123456789`, sorted; never empty. */
  readonly tasks: readonly string[];
}

export interface TeardownInput {
  /** Of the files. */
  readonly record: EnvironmentRecord;
  readonly now: Date;
  readonly forge: Config['forge'];
  /** @default 'fast' */
  readonly serializer?: Serializer;
}

const component = /^manifests\/(?!namespace\.yaml|frame\.yaml)[^/]+\.yaml$/;

/**
 * The files of an environment while its teardown tasks run, from those that Git holds: a removal needs no charts. Undefined: it declares
 * no such task. What can't be read stays as it is, and so does the frame.
 */
export const teardownOf = (files: FileTree, input: TeardownInput): Teardown | undefined => {
  const { forge, now, serializer } = input;
  const before = [...files].filter(([path]) => component.test(path));
  const all = before.map(([path, text]) => [path, readManifests(text)] as const);
  if (!all.some(([, manifests]) => manifests.some(isDeclared))) return undefined;

  const wakes = input.record.state === 'asleep';
  const torn = all.map(([path, manifests]) => [path, manifests.flatMap((each) => tornDown(each, wakes))] as const);
  const jobs = torn.flatMap(([, manifests]) => manifests.filter(isTask));
  const record: EnvironmentRecord = {
    ...input.record,
    state: 'teardown',
    expiresAt: printTime(new Date(now.getTime() + 1_000 * (teardownSeconds.slack + Math.max(...jobs.map(secondsOf))))),
  };
  const tasks = tasksOf(jobs);
  const unread = new Set(all.flatMap(([path, manifests]) => (manifests.length === 0 ? [path] : [])));
  const written = torn.filter(([, manifests]) => manifests.length > 0);
  const kept = [...files].filter(([path]) => !component.test(path) || unread.has(path));
  return {
    files: new Map([
      ...kept,
      ['README.md', teardownReadmeOf({ record, forge, tasks })],
      ['environment.json', printRecord(record)],
      ...written.map(([path, manifests]): [string, string] => [path, serialize(manifests, serializer)]),
    ]),
    record,
    tasks,
  };
};

/** The tasks of an environment in `state: teardown`, from its files. */
export const teardownTasks = (files: FileTree): readonly string[] =>
  tasksOf([...files].flatMap(([path, text]) => (component.test(path) ? readManifests(text).filter(isTask) : [])));

const tasksOf = (jobs: readonly Manifest[]): readonly string[] => jobs.map(printObject).sort();

const isMarked = (manifest: Manifest): boolean =>
  manifest.apiVersion.startsWith('batch/') && textsAt(manifest, 'metadata', 'annotations')[marks.teardown] === 'true';
const isDeclared = (manifest: Manifest): boolean =>
  manifest.kind === 'CronJob' && isMarked(manifest) && isMap(at(manifest, 'spec', 'jobTemplate', 'spec'));
const isTask = (manifest: Manifest): boolean => manifest.kind === 'Job' && isMarked(manifest);

/**
 * Nothing of what ran before is left but data. Jobs go, too: one that failed would be taken for the task, and what a task takes away
 * has to be made again when the environment comes back.
 */
const tornDown = (manifest: Manifest, wakes: boolean): readonly Manifest[] => {
  if (isDeclared(manifest)) return [jobOf(manifest)];
  if (manifest.kind === 'Job' && manifest.apiVersion.startsWith('batch/')) return [];
  if (manifest.kind === 'StatefulSet' && holdsData(manifest)) return [wakes ? awake(manifest) : manifest]; // the task may need what it holds
  return [resting(manifest)];
};

const holdsData = (manifest: Manifest): boolean =>
  listAt(manifest, 'spec', 'volumeClaimTemplates').length > 0 ||
  listAt(podTemplateOf(manifest), 'spec', 'volumes').some(
    (volume) => at(volume, 'persistentVolumeClaim') !== undefined,
  );

/** An ordinary Job of the schedule's template: bounded in time, and without what would start it again or hold it back, whoever wrote it. */
const jobOf = (cronJob: Manifest): Manifest => {
  const template = at(cronJob, 'spec', 'jobTemplate', 'spec') as Readonly<Record<string, unknown>>;
  const left = ['ttlSecondsAfterFinished', 'suspend', 'selector', 'manualSelector'];
  const spec = Object.fromEntries(Object.entries(template).filter(([key]) => !left.includes(key)));
  const job = {
    ...cronJob,
    kind: 'Job',
    spec: { ...spec, activeDeadlineSeconds: bounded(spec['activeDeadlineSeconds']) },
  };
  return nameJob(tidy(job));
};

const secondsOf = (job: Manifest): number => bounded(at(job, 'spec', 'activeDeadlineSeconds'));

const bounded = (seconds: unknown): number => {
  const { least, usual, most } = teardownSeconds;
  return Number.isInteger(seconds) ? Math.min(most, Math.max(least, seconds as number)) : usual;
};
