export interface NamedObject {
  readonly kind: string;
  readonly name: string;
}

/** Kinds that a chart's components are named by. */
const bearers: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'CronJob']);
/** `synth/` ends the names of Jobs in the hash of their content. */
const jobHash = /-[0-9a-f]{10}$/;

/**
 * The component an object is of, by names alone, since no label says it: a workload's name, or what begins with it and a dash
 * (`api-migrate-4d64f1e0ed` is of `api`); the longest counts. A Job beside no workload: its own name. Undefined: none, or not known.
 */
export const componentOf = ({ kind, name }: NamedObject, all: readonly NamedObject[]): string | undefined => {
  const owner = all
    .filter((each) => bearers.has(each.kind) && (name === each.name || name.startsWith(`${each.name}-`)))
    .map((each) => each.name)
    .sort((a, b) => b.length - a.length)[0];
  if (owner !== undefined) return owner;
  return kind === 'Job' && jobHash.test(name) ? name.replace(jobHash, '') : undefined;
};
