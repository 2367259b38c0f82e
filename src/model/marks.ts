/** Labels and annotations that charts set, and that the frame, the policy and `show` read. Constant by chart, never by selection. */
export const marks = {
  /** On each pod: its component, or `<component>-<task>`; what selectors go by. */
  component: 'app.kubernetes.io/name',
  /** On the pods of a component's Jobs. */
  task: 'bivouac.dev/task',
  /** On pods behind an exposure object. */
  exposed: 'bivouac.dev/exposed',
  /** On pods that admit only those that refer to them. */
  fenced: 'bivouac.dev/fenced',
  /** Annotation of a workload that the chart leaves out unless asked. */
  optional: 'bivouac.dev/optional',
  /** Annotation of a Job's pod that has to run for every commit. */
  commit: 'bivouac.dev/commit',
  /** Annotation of a suspended CronJob, and of the Job made of it: what runs before the environment goes. */
  teardown: 'bivouac.dev/teardown',
} as const;

const needs = 'bivouac.dev/needs-';

/** On pods of a component that refers to another one. */
export const needsMark = (component: string): string => `${needs}${component}`;

/** The components that pods with these labels refer to. */
export const neededBy = (labels: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(labels)
    .filter(([key, value]) => key.startsWith(needs) && value === 'true')
    .map(([key]) => key.slice(needs.length));
