import { userError } from '../../model/errors.js';
import { nearest } from '../../model/nearest.js';

/** What a command found or did, ready for every format. */
export interface Presentation {
  /** With `schemaVersion`. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly markdown: string;
  /** For `dotenv` and step outputs; keys in snake case, values of one line. */
  readonly variables: Readonly<Record<string, string>>;
  readonly exitCode: number;
  /** For people, on stderr once the result is out: what must not scroll away above it. @default nothing */
  readonly afterwards?: readonly string[];
}

export const formats = ['text', 'json', 'yaml', 'markdown', 'dotenv'] as const;
export type Format = (typeof formats)[number];

/** Where a result goes: `json=result.json`, or a format alone for stdout. */
export interface Sink {
  readonly format: Format;
  readonly file?: string;
}

/** Reads `--output` values. Without any: text on stdout. @throws UserError InvalidOutput */
export function parseSinks(values: readonly string[]): readonly Sink[] {
  const sinks = values.map((value): Sink => {
    const [name = '', ...rest] = value.split('=');
    const format = formats.find((each) => each === name);
    const file = rest.join('=');
    if (format === undefined || (rest.length > 0 && file === '')) {
      const meant = nearest(name, formats);
      throw userError('InvalidOutput', `--output ${value} is no output format`, {
        where: '--output',
        remedy: `${meant === undefined ? '' : `Did you mean ${meant}? `}Use ${formats.join(', ')}, each with =FILE if you like.`,
      });
    }
    return { format, ...(file !== '' && { file }) };
  });
  const toStdout = sinks.filter(({ file }) => file === undefined);
  if (toStdout.length > 1)
    throw userError('InvalidOutput', 'only one --output can go to stdout', {
      where: '--output',
      remedy: 'Give the others a file: --output json=result.json',
    });
  return toStdout.length === 0 ? [...sinks, { format: 'text' }] : sinks;
}

/** The presentation in one format, with a final newline. */
export async function print(presentation: Presentation, format: Format): Promise<string> {
  switch (format) {
    case 'text':
      return ended(presentation.text);
    case 'markdown':
      return ended(presentation.markdown);
    case 'json':
      return `${JSON.stringify(presentation.data, null, 2)}\n`;
    case 'yaml': {
      const { stringify } = await import('yaml');
      return stringify(presentation.data, { aliasDuplicateObjects: false, lineWidth: 0, version: '1.1' });
    }
    case 'dotenv':
      return Object.entries(presentation.variables)
        .map(([key, value]) => `ENVIRONMENT_${key.toUpperCase()}=${value}\n`)
        .join('');
  }
}

const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
