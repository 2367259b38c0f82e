import type { DeploymentStep } from '../model/outcome.js';
import { printTime } from '../model/environment.js';

/** What is said while it goes on: only what changed, each thing once. */
export interface Journal {
  readonly steps: readonly DeploymentStep[];
  /** What the controller shows; said when it differs from the last time. */
  shows(message: string, at: Date): void;
  /** What stands in the way, or keeps it from being read; said the first time. */
  notes(message: string, at: Date): void;
}

/** `tell`: one line for people, as it happens. */
export const openJournal = (tell: (message: string) => void): Journal => {
  const steps: DeploymentStep[] = [];
  const noted = new Set<string>();
  let last: string | undefined;
  const say = (message: string, at: Date): void => {
    steps.push({ at: printTime(at), message });
    tell(message);
  };
  return {
    steps,
    shows: (message, at) => {
      if (message !== last) say(message, at);
      last = message;
    },
    notes: (message, at) => {
      if (!noted.has(message)) say(message, at);
      noted.add(message);
    },
  };
};
