import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Loop } from './loop.js';
import type { Remark, Thread } from './thread.js';

/** `NN-name.json` in the folder of LOOP_PICTURES: what a pull request's page showed at one moment. */
export interface Recorded {
  readonly name: string;
  /** Since what was done, as the table of times has it. */
  readonly seconds: number;
  readonly caption: string;
  readonly pullRequest: { readonly number: number; readonly title: string; readonly url: string };
  readonly labels: readonly string[];
  /** Everything that others wrote so far, and our answers. */
  readonly commentsBefore: readonly Remark[];
  /** Ours, as Markdown. */
  readonly comment: string;
}

const folder = process.env['LOOP_PICTURES'] ?? '';
let count = 0;

export interface Moment {
  readonly name: string;
  readonly caption: string;
  readonly body: string;
  readonly seconds: number;
}

/** Nothing unless LOOP_PICTURES is set. Addresses of this machine’s Gitea become those of an example. */
export const record = async (loop: Loop, thread: Thread, { name, caption, body, seconds }: Moment): Promise<void> => {
  if (folder === '') return;
  const { forge, organisation } = loop;
  const path = join(folder, `${String(++count).padStart(2, '0')}-${name.replaceAll(/[^a-z0-9]+/gi, '-')}.json`);
  const recorded: Recorded = {
    ...{ name, seconds: Math.round(seconds * 10) / 10, caption },
    pullRequest: {
      ...{ number: thread.number, title: thread.title },
      url: `${forge.url}/${organisation}/shop/pulls/${thread.number}`,
    },
    labels: await thread.labels(),
    commentsBefore: await thread.remarks(),
    comment: body,
  };
  await mkdir(folder, { recursive: true });
  const text = JSON.stringify(recorded, undefined, 2).replaceAll(forge.url, 'https://gitea.example.com');
  await writeFile(path, `${text}\n`);
};
