import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Application } from '../../config/config.js';

/** Beside `bivouac.yaml`; committed like an action's `dist/`. */
export const prebuiltName = 'charts.bundle.cjs';

/** What the bundle was built from: its second line. */
export interface Sources {
  /** `charts/shop.ts#Shop` by application, as configured. */
  readonly charts: Readonly<Record<string, string>>;
  /** Versions of what was bundled from packages. */
  readonly packages: Readonly<Record<string, string>>;
  /** Relative to the configuration's directory, with `/`; sorted. */
  readonly files: readonly string[];
}

const first = /^\/\/ bivouac-charts (sha256:[0-9a-f]{64})$/;
const second = /^\/\/ (\{.*\})$/;

export const printHeader = (directory: string, sources: Sources): string =>
  `// bivouac-charts ${digestOfSources(directory, sources)}\n// ${JSON.stringify(sources)}\n`;

export type Prebuilt =
  | {
      readonly kind: 'current';
      readonly file: string;
      readonly content: Buffer;
      readonly charts: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'stale'; readonly file: string }
  | { readonly kind: 'none' };

/** Whether there is a bundle, and whether it was built from what lies here now. */
export const findPrebuilt = (directory: string): Prebuilt => {
  const file = join(directory, prebuiltName);
  if (!existsSync(file)) return { kind: 'none' };
  const content = readFileSync(file);
  const [digestLine = '', sourcesLine = ''] = firstLines(content);
  const digest = first.exec(digestLine)?.[1];
  const sources = readSources(second.exec(sourcesLine)?.[1]);
  if (digest === undefined || sources === undefined) return { kind: 'stale', file };
  return digest === digestOfSources(directory, sources)
    ? { kind: 'current', file, content, charts: sources.charts }
    : { kind: 'stale', file };
};

const firstLines = (content: Buffer): readonly string[] => {
  const end = content.indexOf('\n', content.indexOf('\n') + 1);
  return content.subarray(0, Math.max(end, 0)).toString().split('\n');
};

/** `charts/shop.ts#Shop` */
export const printChart = (directory: string, { chart }: Pick<Application, 'chart'>): string =>
  `${slashes(relative(directory, chart.file))}${chart.exportName === undefined ? '' : `#${chart.exportName}`}`;

export const slashes = (path: string): string => path.split(sep).join('/');

/** The version of an installed package, seen from a directory; absent where nothing is installed. */
export const installedVersion = (directory: string, name: string): string | undefined => {
  for (let at = directory; ; at = dirname(at)) {
    const file = join(at, 'node_modules', name, 'package.json');
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version;
    if (dirname(at) === at) return undefined;
  }
};

/** A checkout without installation has no versions to compare: there the bundle's own count. */
const digestOfSources = (directory: string, { charts, packages, files }: Sources): string => {
  const hash = createHash('sha256').update(JSON.stringify(charts));
  for (const [name, version] of Object.entries(packages))
    hash.update(`\n${name} ${installedVersion(directory, name) ?? version}`);
  for (const file of files) {
    const path = join(directory, file);
    hash
      .update(`\n${file} `)
      .update(existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : '-');
  }
  return `sha256:${hash.digest('hex')}`;
};

const readSources = (text: string | undefined): Sources | undefined => {
  try {
    const value = JSON.parse(text ?? '') as Partial<Sources>;
    return value.charts !== undefined && value.packages !== undefined && Array.isArray(value.files)
      ? (value as Sources)
      : undefined;
  } catch {
    return undefined;
  }
};
