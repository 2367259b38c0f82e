import type { Label } from '../model/pull-request.js';

/** The labels that are switches. */
export const labels = {
  on: 'bivouac:on',
  off: 'bivouac:off',
  expired: 'bivouac:expired',
  keep: 'bivouac:keep',
} as const satisfies Readonly<Record<string, Label>>;

const prefixes = { with: 'bivouac:with-', without: 'bivouac:without-', preset: 'bivouac:preset-' } as const;

/** `bivouac:with-mailer` */
export const withLabel = (component: string): Label => `${prefixes.with}${component}`;
/** `bivouac:without-mailer` */
export const withoutLabel = (component: string): Label => `${prefixes.without}${component}`;
/** `bivouac:preset-e2e` */
export const presetLabel = (preset: string): Label => `${prefixes.preset}${preset}`;

/** Whether two spellings are one label to a code host. */
export const sameLabel = (a: Label, b: Label): boolean => lowerAscii(a) === lowerAscii(b);

/** What the labels of a pull request ask for. Names are as somebody typed them: anything may stand there. */
export interface LabelWishes {
  readonly on: boolean;
  readonly off: boolean;
  readonly expired: boolean;
  readonly keep: boolean;
  readonly with: readonly string[];
  readonly without: readonly string[];
  readonly presets: readonly string[];
}

/** Reads the labels that are ours; others, and unknown ones that begin with `bivouac:`, mean nothing. */
export const readLabels = (all: readonly Label[]): LabelWishes => {
  const ours = [...new Set(all.map(lowerAscii))].filter((label) => label.startsWith('bivouac:')).sort();
  const after = (start: string): readonly string[] =>
    ours.filter((label) => label.startsWith(start)).map((label) => label.slice(start.length));
  return {
    on: ours.includes(labels.on),
    off: ours.includes(labels.off),
    expired: ours.includes(labels.expired),
    keep: ours.includes(labels.keep),
    with: after(prefixes.with),
    without: after(prefixes.without),
    presets: after(prefixes.preset),
  };
};

/** Code hosts compare labels without regard to case and show the spelling that came first: `Bivouac:Off` is `bivouac:off`. */
const lowerAscii = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
