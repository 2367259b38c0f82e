import { expect } from '@jest/globals';
import { type Ended, together, type World } from './harness.js';

/** One bad input: what is done, and what its user is told. Each runs as a process of its own. */
export interface Case {
  readonly title: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  /** Sets the stage, and gives further words of the command line. */
  readonly prepare?: (world: World) => Promise<readonly string[]>;
  readonly code: number;
  /** The code of the error, or the reason of the one outcome. */
  readonly as: string;
  /** Somewhere in message, place or remedy. */
  readonly says: RegExp;
}

export interface Answer {
  readonly schemaVersion: string;
  readonly outcomes?: readonly Readonly<Record<string, unknown>>[];
  readonly error?: Readonly<Record<'code' | 'message' | 'where' | 'changed' | 'remedy', string>>;
}
export const answerOf = ({ stdout }: Pick<Ended, 'stdout'>): Answer => JSON.parse(stdout) as Answer;

/** Runs all of them at once, for each test to look at its own. */
export async function runCases(world: World, cases: readonly Case[]): Promise<ReadonlyMap<string, Ended>> {
  const ended = await together(cases, async ({ title, args, env = {}, stdin, prepare }) => {
    const more = (await prepare?.(world)) ?? [];
    return [title, await world.run([...args, ...more, '-o', 'json'], env, stdin)] as const;
  });
  return new Map(ended);
}

/** A clear answer: valid JSON on stdout whatever happened, the same for people on stderr, nothing of our own insides. */
export function expectAnswer(ended: Ended | undefined, { code, as, says }: Case): void {
  if (ended === undefined) throw new Error('it did not run');
  const answer = answerOf(ended);
  const [outcome] = answer.outcomes ?? [];
  const told = answer.error ?? outcome;
  const key = answer.error?.code ?? outcome?.['reason'];
  expect({ code: ended.code, as: key, told: JSON.stringify(told) }).toEqual({
    code,
    as,
    told: expect.stringMatching(says),
  });
  expect(ended.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
  if (answer.error === undefined) return;
  expect(answer.error).toMatchObject({ changed: expect.stringMatching(/./), remedy: expect.stringMatching(/./) });
  for (const part of ['code', 'changed', 'remedy'] as const)
    expect(flat(ended.stderr)).toContain(flat(answer.error[part]));
}

const flat = (text: string): string => text.replace(/\s+/g, ' ');
