import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Browser } from './browser.js';
import { withSource } from './note.js';
import { commentFrame, pageOf } from './page.js';
import { pictureOf, textOf } from './places.js';
import { reduced } from './png.js';
import type { State } from './states.js';

interface Look {
  /** The folded section that is shown open. */
  readonly open: string;
  /** CSS pixels; what is below is cut. @default the whole */
  readonly most?: number;
}

const looks: Readonly<Record<string, Look>> = {
  updated: { open: 'Compared with', most: 1_100 },
  kept: { open: 'Change it' },
};

/** As wide as a comment is on a pull request’s page. */
const width = 840;

export const writeTexts = async (states: readonly State[]): Promise<void> => {
  await rm(dirname(textOf('')), { recursive: true, force: true });
  await mkdir(dirname(textOf('')), { recursive: true });
  for (const { name, text } of states) await writeFile(textOf(name), text);
};

export const drawComments = async (states: readonly State[], browser: Browser): Promise<void> => {
  await rm(dirname(pictureOf('')), { recursive: true, force: true });
  await mkdir(dirname(pictureOf('')), { recursive: true });
  for (const { name, text } of states) {
    const look = looks[name];
    const page = pageOf(`<main>${opened(commentFrame(text), look)}</main>`);
    const most = look?.most;
    const png = await browser.picture(page, { width, scale: 2, ...(most !== undefined && { most }) });
    await writeFile(pictureOf(name), withSource(reduced(png), text));
  }
};

const opened = (html: string, look: Look | undefined): string => {
  if (look === undefined) return html;
  const closed = `<details><summary>${look.open}`;
  if (!html.includes(closed)) throw new Error(`no comment has a section “${look.open}” any more`);
  return html.replace(closed, closed.replace('<details>', '<details open>'));
};
