import type { Config } from '../config/config.js';
import type { EnvironmentSpec } from '../model/environment.js';
import type { Component, Manifest } from '../model/manifest.js';
import type { ComponentName } from '../model/names.js';
import type { PlacedEntry, PlacedMetadata } from './metadata.js';
import type { PlacedPod } from './pods.js';
import type { PlacedText } from './texts.js';

/** A manifest whose shape is checked, with what rules ask for again and again. */
export interface PolicyObject {
  readonly component: ComponentName;
  readonly manifest: Manifest;
  readonly pods: readonly PlacedPod[];
  /** Its own, and its templates'. */
  readonly metadata: readonly PlacedMetadata[];
  /** Labels and annotations of all of them. */
  readonly entries: readonly PlacedEntry[];
  readonly texts: readonly PlacedText[];
}

/** What rules may know beside the objects. */
export interface RuleContext {
  readonly spec: EnvironmentSpec;
  readonly config: Config;
  readonly components: readonly Component[];
}

/** What a rule found; the runner adds rule, severity, component and object. */
export interface Finding {
  /** JSON pointer; empty: the whole object. */
  readonly field: string;
  readonly message: string;
  /** What the author of a chart can do about it. */
  readonly remedy: string;
}

/** A finding of a rule that looks at everything together. */
export interface SetFinding extends Finding {
  /** Absent: nothing in particular, but the environment as a whole. */
  readonly object?: PolicyObject;
  readonly component?: string;
}

/** Reports and never throws. Its name is its file's. */
export type Rule = { readonly name: string } & (
  | { readonly object: (object: PolicyObject, context: RuleContext) => Iterable<Finding> }
  | { readonly set: (objects: readonly PolicyObject[], context: RuleContext) => Iterable<SetFinding> }
);
