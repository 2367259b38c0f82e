import type { k8s } from './kplus.js';

/** A key of a Secret that something else brings into the namespace. Only its name is in Git. */
export interface SecretKey {
  /** Of the Secret. */
  readonly name: string;
  /** Within its data. */
  readonly key: string;
}

/**
 * Environment variables of a container, in this order (a later one may use an earlier one as `$(NAME)`).
 * `undefined` leaves one out.
 */
export type Variables = Readonly<Record<string, string | SecretKey | undefined>>;

/** A container's `env`: those of the environment first, by name, then its own, which win. */
export const environmentOf = (shared: Readonly<Record<string, string>>, own: Variables = {}): k8s.EnvVar[] => {
  const names = Object.keys(shared).sort();
  const all: Variables = { ...Object.fromEntries(names.map((name) => [name, shared[name]])), ...own };
  return Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [variable(name, value)]));
};

const variable = (name: string, value: string | SecretKey): k8s.EnvVar =>
  typeof value === 'string'
    ? { name, value }
    : { name, valueFrom: { secretKeyRef: { name: value.name, key: value.key } } };
