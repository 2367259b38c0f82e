import { directoryOf, printId, sameId, type EnvironmentId } from '../model/names.js';
import type { DesiredEnvironment } from './facts.js';

type Refusal = Extract<DesiredEnvironment, { readonly kind: 'rejected' }>;

/** Another environment in the tree whose namespace would have the same name; undefined: none. */
export const nameTaken = (id: EnvironmentId, names: readonly EnvironmentId[]): Refusal | undefined => {
  const joined = (of: EnvironmentId): string => `${of.application}-${of.environment}`;
  const other = names.find((name) => !sameId(name, id) && joined(name) === joined(id));
  if (other === undefined) return undefined;
  return {
    kind: 'rejected',
    reason: 'NameTaken',
    message: `${printId(id)} and ${printId(other)} would share the namespace ${joined(id)}. Rename one of the two applications in bivouac.yaml, or give the preset another prefix.`,
  };
};

/** A record that a newer Bivouac wrote is left alone. */
export const newerRecord = (id: EnvironmentId, schemaVersion: string): Refusal => ({
  kind: 'rejected',
  reason: 'NewerRecord',
  message: `${directoryOf(id)}/environment.json has schemaVersion ${JSON.stringify(schemaVersion.slice(0, 20))}, which this version of Bivouac can't read. Nothing was changed. Use the version of Bivouac that wrote it, or a later one.`,
});

/** A directory without a record of ours is somebody else's: neither written nor removed. */
export const foreignDirectory = (id: EnvironmentId, why: string): Refusal => ({
  kind: 'rejected',
  reason: 'OwnedByAnother',
  message: `${directoryOf(id)} isn't Bivouac's: ${why}. Nothing was changed. Repair it, or remove the directory from the GitOps repository.`,
});
