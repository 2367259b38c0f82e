import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Recorded } from '../../test/loop/recording.js';
import { recordingFile } from './places.js';

export type { Recorded } from '../../test/loop/recording.js';

/** Of each step: what the comment says at once, and what it says once the cluster has come to it. */
export const atOnce = ', first';

/** The steps that are shown, in the words of test/loop/cases. */
const shown: readonly string[] = [
  'a pull request opens',
  'a push',
  'a label adds a component',
  '/bivouac sleep',
  '/bivouac wake',
  'the pull request closes',
];

export const stepOf = ({ name }: Recorded): string => name.replace(atOnce, '');

/** Takes what `LOOP_PICTURES=<folder> npm run test:loop` has left, as far as it is shown. @throws Error, where a step is missing */
export const takeRecording = async (folder: string): Promise<void> => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const all = files.sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recorded);
  const moments = all.filter((moment) => shown.includes(stepOf(moment)));
  const missing = shown.filter((step) => !moments.some(({ name }) => name === step));
  if (missing.length > 0) throw new Error(`not recorded: ${missing.join(', ')}`);
  const style = await resolveConfig(recordingFile);
  writeFileSync(recordingFile, await format(JSON.stringify(moments, undefined, 2), { ...style, parser: 'json' }));
};

/** Empty: nobody has recorded the loop yet. */
export const readRecording = (): readonly Recorded[] =>
  existsSync(recordingFile) ? (JSON.parse(readFileSync(recordingFile, 'utf8')) as readonly Recorded[]) : [];
