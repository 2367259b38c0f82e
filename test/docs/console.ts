import type { Block } from './documents.js';

export interface Typed {
  /** The words after `bivouac`. */
  readonly args: readonly string[];
  readonly expected: string;
}

/** What a console block types and shows; `$ bivouac` without npx is a line of the demo's own output. */
export const typedIn = ({ text }: Block): readonly Typed[] =>
  text
    .split(/^\$ (?=npx |npm )/m)
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [command = '', ...lines] = part.trimEnd().split('\n');
      return { args: argsOf(command), expected: lines.join('\n') };
    });

const argsOf = (command: string): readonly string[] => {
  if (command === 'npm start') return ['demo'];
  const words = /^npx (?:--no )?bivouac (.*)$/.exec(command)?.[1];
  if (words !== undefined) return words.split(' ');
  throw new Error(`a console block types what no test can run: ${command}`);
};

/** Times and ids, which no two runs share, as words. */
export const normalized = (output: string): string =>
  output
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>')
    .replaceAll(/(commit +)[0-9a-f]{7} (?=environments)/g, '$1<id> ')
    .trimEnd();

/** The printed text as a pattern: `…` alone stands for any lines, inside one for anything. */
export const patternOf = (expected: string): RegExp =>
  new RegExp(
    `^${normalized(expected)
      .split('\n')
      .map((line) => (line === '…' ? '(?:.*(?:\\n|$))*?' : `${line.split('…').map(escaped).join('.*')}(?:\\n|$)`))
      .join('')}$`,
  );

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
