import type { EnvironmentSpec } from '../model/environment.js';
import type { Component } from '../model/manifest.js';
import type { ApplicationName, ComponentName } from '../model/names.js';

/** What a chart made of a spec. */
export interface Synthesis {
  /** The chosen components and what they refer to, in the chart's order. */
  readonly components: readonly Component[];
  /** Every component that the chart has, chosen or not, in its order. */
  readonly known: readonly ComponentName[];
  /** Names in `with` and `without` that the chart doesn't have; an error only when no application of the repository has them. */
  readonly unknown: readonly ComponentName[];
}

/** Pure. A promise, since Helm and Kustomize run in a child process. @throws UserError ChartFailed, ChartTimeout, ComponentNeeded, … */
export type Synthesize = (spec: EnvironmentSpec) => Promise<Synthesis>;

export interface ChartLoader {
  /** @throws UserError ChartNotFound, ChartFailed */
  load(application: ApplicationName): Promise<Synthesize>;
}
