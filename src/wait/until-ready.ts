import { printDuration } from '../config/duration.js';
import type { Controller, Expected } from '../controllers/port.js';
import type { Deployment } from '../model/outcome.js';
import { ask, glance, type Held, pauseAfter, type WaitOptions } from './ask.js';
import { printCause } from './cause.js';
import { type Journal, openJournal } from './journal.js';
import { endOf, isEnding, messageOf, unwatched, type Watch, watched } from './watch.js';

/**
 * Waits until the controller shows that what is expected runs. Never says `ready` but of the last reading, and only while Git still
 * holds the same. @throws RefusedError, and whatever else isn't temporary
 */
export const untilReady = async (
  controller: Controller,
  expected: Expected,
  { clock, timeoutMs, held, tell }: WaitOptions,
): Promise<Deployment> => {
  const journal = openJournal(tell);
  const began = clock.now().getTime();
  let watch = unwatched;
  let glanced = began;

  for (let readings = 1; ; readings += 1) {
    const answer = await ask(() => controller.status(expected));
    const now = clock.now();
    watch = watched(watch, answer, now);
    report(watch, journal, now);

    const moment = { now, left: began + timeoutMs - now.getTime() };
    let git: Held | undefined;
    if (isEnding(watch, moment) || now.getTime() - glanced >= glance) {
      const look = await ask(held);
      git = 'value' in look ? look.value : undefined;
      glanced = now.getTime();
    }
    const state = endOf(watch, git, moment);
    if (state !== undefined) {
      const message = messageOf(state, watch, { git, now, timeout: printDuration(timeoutMs) });
      const causes = state === 'failed' || state === 'late' ? watch.standing.map(({ cause }) => cause) : [];
      return { state, message, causes, steps: journal.steps };
    }
    await clock.wait(pauseAfter(readings, moment.left));
  }
};

const report = ({ seen, standing, trouble }: Watch, journal: Journal, now: Date): void => {
  if (trouble !== undefined) return journal.notes(`the controller can’t be read for the moment: ${trouble}`, now);
  if (seen !== undefined) journal.shows(seen.message, now);
  standing.forEach(({ cause }) => journal.notes(printCause(cause), now));
};
