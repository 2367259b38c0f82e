import { baseline } from './baseline.js';
import type { PodObject, PodProblem, Subject } from './controls.js';
import { restricted } from './restricted.js';

/** Which standards, as of which version of Kubernetes. */
export interface PodStandard {
  readonly level: 'baseline' | 'restricted';
  /** `v1.28` to `v1.35`. */
  readonly version: string;
}

const lists = ['containers', 'initContainers', 'ephemeralContainers'] as const;

/**
 * What the admission controller of that version would say against a pod (k8s.io/pod-security-admission v0.36); empty: nothing.
 * Expects a pod whose shape is checked.
 */
export const checkPod = ({ metadata, spec }: PodObject, { level, version }: PodStandard): readonly PodProblem[] => {
  const subject: Subject = {
    metadata,
    spec,
    containers: lists.flatMap((list) =>
      (spec[list] ?? []).map((container, index) => ({ container, field: `/spec/${list}/${index}` })),
    ),
    minor: Number(/^v1\.([0-9]+)$/.exec(version)?.[1] ?? Infinity),
    windows: spec.os?.name === 'windows',
  };
  const controls = level === 'baseline' ? baseline : [...baseline, ...restricted];
  const problems = controls.flatMap((control) => [...control(subject)]);
  // both levels have a word on capabilities: one is enough
  return problems.filter((problem, index) => problems.findIndex(({ field }) => field === problem.field) === index);
};
