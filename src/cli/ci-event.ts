import { readFile, stat } from 'node:fs/promises';
import { detect, type EventReading, readEvent } from '../events/event.js';
import { userError } from '../model/errors.js';
import type { Io } from './io.js';

/** GitHub caps payloads at 25 MB. */
const payloadLimit = 25_000_000;

/** The CI system's event, where there is one. @throws UserError NoEvent, InvalidEvent */
export async function readCiEvent({ environment }: Pick<Io, 'environment'>): Promise<EventReading> {
  const system = detect(environment);
  if (system === undefined)
    throw userError('NoEvent', 'no pull request was named, and this is no CI job that Bivouac knows', {
      remedy: 'Give --pull-request N, or run it in GitHub Actions (GITHUB_EVENT_PATH).',
    });
  return readEvent(environment, system.payloadPath === undefined ? undefined : await readPayload(system.payloadPath));
}

async function readPayload(path: string): Promise<unknown> {
  const refuse = (why: string) =>
    userError('InvalidEvent', `the event’s payload can’t be read: ${why}`, {
      where: path,
      remedy: 'Check GITHUB_EVENT_PATH, or give --pull-request N.',
    });
  const size = await stat(path).then(
    (entry) => entry.size,
    () => {
      throw refuse('there is no such file');
    },
  );
  if (size > payloadLimit) throw refuse(`it is larger than ${payloadLimit} bytes`);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : 'it is no JSON');
  }
}
