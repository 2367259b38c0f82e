import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');
export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const below = (folder: string, pattern: RegExp): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name}`)
    .sort();

/** What people read, by path. */
export const documents = ['README.md', 'CHANGELOG.md', ...below('docs', /\.md$/)];
export const workflows = below('examples/github-actions', /\.yml$/);
export const examples = below('examples', /\.ya?ml$/);

export interface Block {
  /** `console`, `yaml`, `ts`; what follows on the fence's line is `of`. */
  readonly language: string;
  readonly of: string;
  readonly text: string;
}

/** The fenced blocks of a document, those in lists too. */
export const blocksOf = (document: string): readonly Block[] =>
  [...read(document).matchAll(/^( *)```(\w+)(?: (\w+))?\n(.*?)^\1```$/gms)].map(
    ([, indent = '', language = '', of = '', text = '']) => ({
      language,
      of,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );

/** `blog/charts.ts` from a block's first line, `// charts/blog.ts` or `# bivouac.yaml`. */
export const pathOf = ({ text }: Block): string | undefined => /^(?:\/\/|#) (\S+\.(?:ts|yaml))$/m.exec(text)?.[1];

/** As GitHub makes anchors of headings. */
export const anchorsOf = (document: string): readonly string[] =>
  [...read(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** The cells of every table row that begins with a word in backquotes, without that word's quotes. */
export const rowsOf = (document: string): readonly (readonly string[])[] =>
  [...read(document).matchAll(/^\| (`.*)\|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell, index) => (index === 0 ? cell.replaceAll('`', '') : cell).trim()),
  );
