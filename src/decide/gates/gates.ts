import type { Question } from '../question.js';
import { baseBranchGate } from './base-branch.js';
import { botGate } from './bot.js';
import { draftGate } from './draft.js';
import { forkGate } from './fork.js';
import type { Closed, Gate } from './gate.js';
import { pathsGate } from './paths.js';

/** In this order; the first that is closed is the one to be told. */
const gates: readonly Gate[] = [forkGate, baseBranchGate, draftGate, botGate, pathsGate];

export const closedGate = (question: Question): Closed | undefined => {
  const { pullRequest } = question;
  if (pullRequest === undefined) return undefined;
  for (const gate of gates) {
    const closed = gate({ ...question, pullRequest });
    if (closed !== undefined) return closed;
  }
  return undefined;
};
