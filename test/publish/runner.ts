import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Case, Cases } from './case.js';

const ramDisk = '/dev/shm';

export interface RunOptions {
  /** How many files may run at the same time; those whose name begins with 9 wait for all others, one by one. @default 1 */
  readonly filesAtOnce?: number;
}

/** Runs the cases of every file in the folder whose `file: name` holds one of the words (all, without words), and ends the process. */
export const runCases = async (
  folder: string,
  words: readonly string[],
  { filesAtOnce = 1 }: RunOptions = {},
): Promise<never> => {
  const temporary = existsSync(ramDisk) ? mkdtempSync(join(ramDisk, 'bivouac-publish-')) : undefined;
  if (temporary !== undefined) process.env['TMPDIR'] = temporary;
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  try {
    const files = readdirSync(folder)
      .filter((file) => file.endsWith('.ts'))
      .sort();
    const inTurn = async (left: Iterable<string>): Promise<void> => {
      for (const file of left) await runFile(join(folder, file), { title: file.replace(/\.ts$/, ''), words, totals });
    };
    const early = files.filter((file) => !file.startsWith('9')).values();
    await Promise.all(Array.from({ length: filesAtOnce }, () => inTurn(early)));
    await inTurn(files.filter((file) => file.startsWith('9')));
  } finally {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  }
  console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  process.exit(totals.failed === 0 ? 0 : 1);
};

type Totals = Record<'passed' | 'failed' | 'skipped', number>;

interface Running {
  readonly title: string;
  readonly words: readonly string[];
  readonly totals: Totals;
}

const runFile = async (path: string, { title, words, totals }: Running): Promise<void> => {
  const { cases, atOnce = 1, end } = (await import(path)) as Cases;
  const isWanted = ({ name }: Case): boolean =>
    words.length === 0 || words.some((word) => `${title}: ${name}`.includes(word));
  const left = cases.filter(isWanted).values();
  const work = async (): Promise<void> => {
    for (const each of left) await runCase(each, { title, totals });
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await end?.();
};

const runCase = async ({ name, run }: Case, { title, totals }: Omit<Running, 'words'>): Promise<void> => {
  const started = Date.now();
  const say = (mark: string, more: string | undefined): void =>
    console.log(
      `${mark} ${title}: ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)${more ? `: ${more}` : ''}`,
    );
  try {
    const result = await run();
    const isSkipped = typeof result === 'object';
    totals[isSkipped ? 'skipped' : 'passed'] += 1;
    say(isSkipped ? 'skip' : 'ok  ', isSkipped ? `skipped: ${result.skipped}` : result);
  } catch (error) {
    totals.failed += 1;
    say('FAIL', error instanceof Error ? error.message : String(error));
  }
};
