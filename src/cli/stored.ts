import type { Base, GitOpsRepository, StoredEnvironment } from '../gitops/port.js';
import { userError } from '../model/errors.js';
import type { EnvironmentRecord, StoredRecord } from '../model/environment.js';
import { directoryOf, type EnvironmentId, printId } from '../model/names.js';
import { nearest } from '../model/nearest.js';
import { parseRecord } from '../synth/record.js';

export interface StoredEntry {
  readonly id: EnvironmentId;
  readonly read: StoredRecord;
}

/** Every environment that Git holds, by application and name, with its record or what is wrong with it. */
export async function recordsOf(repository: GitOpsRepository): Promise<readonly StoredEntry[]> {
  const base = await repository.readAll();
  return base.names
    .map((id) => ({ id, read: readRecord(base.environments.get(printId(id))) }))
    .sort((a, b) => (printId(a.id) < printId(b.id) ? -1 : 1));
}

const readRecord = (stored: StoredEnvironment | undefined): StoredRecord => {
  const text = stored?.files.get('environment.json');
  return text === undefined ? { kind: 'unreadable', problem: 'no environment.json' } : parseRecord(text);
};

/** One environment as Git holds it. @throws UserError UnknownEnvironment with the nearest name */
export function storedIn(base: Base, id: EnvironmentId): StoredEnvironment {
  const stored = base.environments.get(printId(id));
  if (stored !== undefined) return stored;
  const meant = nearest(printId(id), base.names.map(printId));
  throw userError('UnknownEnvironment', `there is no environment ${printId(id)}`, {
    remedy: meant === undefined ? 'bivouac list shows those that there are.' : `Did you mean ${meant}?`,
  });
}

/** One environment with its record. @throws UserError UnknownEnvironment, UnreadableRecord */
export function readRecordOf(
  id: EnvironmentId,
  base: Base,
): { readonly stored: StoredEnvironment; readonly record: EnvironmentRecord } {
  const stored = storedIn(base, id);
  const read = readRecord(stored);
  if (read.kind === 'record') return { stored, record: read.record };
  throw userError('UnreadableRecord', `${directoryOf(id)}/environment.json can’t be read`, {
    where: printId(id),
    remedy: read.kind === 'newer' ? 'A newer Bivouac wrote it: update this one.' : `Repair it: ${read.problem}`,
  });
}
