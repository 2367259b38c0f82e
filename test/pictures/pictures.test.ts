import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { digestOf, sourceOf } from '../../scripts/pictures/note.js';
import { loopPicture, pictureOf, recordingFile, textOf } from '../../scripts/pictures/places.js';
import { readRecording } from '../../scripts/pictures/recording.js';
import { stateNames, tellStates } from '../../scripts/pictures/states.js';
import { anchorsOf, read } from '../docs/documents.js';

const sorted = (names: readonly string[]): readonly string[] => [...names].sort();
const namesIn = (folder: string): readonly string[] =>
  sorted(readdirSync(folder).map((file) => file.replace(/\.\w+$/, '')));

describe('what a pull request is told (`npm run pictures` writes it anew)', () => {
  test('is, in every state, what is written down', async () => {
    const states = await tellStates();
    const written = stateNames.map((name) => [
      name,
      existsSync(textOf(name)) ? readFileSync(textOf(name), 'utf8') : '',
    ]);
    expect(Object.fromEntries(states.map(({ name, text }) => [name, text]))).toEqual(Object.fromEntries(written));
  });

  test.each(stateNames)('and looks as the picture of “%s” shows', (name) => {
    expect(sourceOf(readFileSync(pictureOf(name)))).toBe(digestOf(readFileSync(textOf(name), 'utf8')));
  });

  test('has no text and no picture of a state that isn’t there', () => {
    expect(namesIn(dirname(textOf('')))).toEqual(sorted(stateNames));
    expect(namesIn(dirname(pictureOf('')))).toEqual(sorted(stateNames));
  });

  test('is in the docs, each state under a heading of its own', () => {
    const shown = [...read('docs/comments.md').matchAll(/^!\[[^\]]{20,}\]\(images\/comments\/([\w-]+)\.png\)$/gm)];
    expect(sorted(shown.map(([, name = '']) => name))).toEqual(sorted(stateNames));
    expect(anchorsOf('docs/comments.md').length).toBeGreaterThanOrEqual(stateNames.length);
  });
});

describe('the loop', () => {
  test('moves as it was recorded, from the opening to the receipt', () => {
    const moments = readRecording();
    expect(moments[0]?.comment).toMatch(/^### .*: (deploying|committed) at /m);
    expect(moments.at(-1)?.comment).toMatch(/^\| Namespace `[^`]+` \| gone /m);
    expect(sourceOf(readFileSync(loopPicture))).toBe(digestOf(JSON.stringify(moments)));
  });

  test('is small enough for a README, and shows no machine’s own addresses', () => {
    expect(statSync(loopPicture).size).toBeLessThan(2_000_000);
    expect(readFileSync(recordingFile, 'utf8')).not.toMatch(/127\.0\.0\.1|localhost|\/tmp\//);
  });
});
