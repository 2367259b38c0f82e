import { writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type * as Esbuild from 'esbuild';
import type { Config } from '../../config/config.js';
import { userError } from '../../model/errors.js';
import { chartFailure } from './failure.js';
import { aliasesFor, isBelow } from './library.js';
import { keepCompiled } from './compiled.js';
import { type Guard, guard } from './deadline.js';
import { installedVersion, prebuiltName, printChart, printHeader, slashes, type Sources } from './prebuilt.js';
import { selectChart } from './select.js';
import { sourceLoader } from './sources.js';

export interface BuildInput {
  readonly config: Pick<Config, 'directory' | 'applications'>;
  readonly packageDirectory: string;
}

export interface BuiltCharts {
  readonly file: string;
  readonly bytes: number;
  readonly applications: readonly string[];
  /** Files below the configuration's directory that it was built from. */
  readonly sources: readonly string[];
}

/** Packages whose version decides what charts give. */
const watched = ['bivouac', 'cdk8s', 'cdk8s-plus-28', 'constructs'] as const;
const deadlineMs = 30_000;

/**
 * Writes `charts.bundle.cjs`: every chart of the configuration, its constructs and cdk8s, as one function for each application;
 * and beside it `charts.bundle.cjs.cache`, its compiled form, of use to this machine alone.
 * @throws UserError ChartNotFound, SeveralCharts, ChartFailed, EsbuildMissing
 */
export const buildCharts = async (input: BuildInput): Promise<BuiltCharts> => {
  const { config } = input;
  const guarded = guard(deadlineMs);
  const entries = await entriesOf(input, guarded);
  const { text, inputs } = await bundle(input, entryText(entries));
  const sources: Sources = {
    charts: Object.fromEntries(entries.map(({ name, printed }) => [name, printed])),
    packages: versions(config.directory, inputs),
    files: inputs.filter((path) => !isPackage(path, input)).sort(),
  };
  const file = join(config.directory, prebuiltName);
  const content = `${printHeader(config.directory, sources)}${text}`;
  writeFileSync(file, content);
  keepCompiled(file, [...config.applications.values()], guarded);
  return {
    file,
    bytes: Buffer.byteLength(content),
    applications: entries.map(({ name }) => name),
    sources: sources.files,
  };
};

interface Entry {
  readonly name: string;
  readonly file: string;
  readonly exportName: string;
  readonly printed: string;
}

/** Loads each chart once, so that a bundle is never written for one that can't be loaded. */
const entriesOf = async ({ config, packageDirectory }: BuildInput, guarded: Guard): Promise<readonly Entry[]> => {
  const load = await sourceLoader({ packageDirectory, directory: config.directory });
  return [...config.applications.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((application) => {
      const { name, chart } = application;
      try {
        const [exportName] = selectChart(
          guarded(() => load(chart)),
          chart,
        );
        return { name, file: chart.file, exportName, printed: printChart(config.directory, application) };
      } catch (error) {
        throw chartFailure(error, { application: name, chart, directory: config.directory, deadlineMs });
      }
    });
};

const entryText = (entries: readonly Entry[]): string =>
  [
    ...entries.map(
      ({ file, exportName }, index) =>
        `import { ${exportName} as chart${index} } from ${JSON.stringify(slashes(file))};`,
    ),
    'export const charts = {',
    ...entries.map(({ name }, index) => `  ${JSON.stringify(name)}: (spec) => chart${index}.synthesize(spec),`),
    '};',
  ].join('\n');

const bundle = async (
  { config, packageDirectory }: BuildInput,
  contents: string,
): Promise<{ readonly text: string; readonly inputs: readonly string[] }> => {
  const { build } = await esbuild();
  const chartFile = [...config.applications.values()][0]?.chart.file ?? config.directory;
  const result = await build({
    stdin: { contents, resolveDir: config.directory, sourcefile: 'charts.js', loader: 'js' },
    absWorkingDir: config.directory,
    alias: { ...aliasesFor({ chartFile, packageDirectory }) },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    charset: 'ascii', // one byte a character halves reading and memory, hence no comments either
    minifyWhitespace: true,
    lineLimit: 120, // it is committed: changes stay small
    legalComments: 'none',
    logLevel: 'silent',
    metafile: true,
    write: false, // without a source map: four fifths of cdk8s-plus are inline ones
  });
  const inputs = Object.keys(result.metafile.inputs).filter((path) => path !== 'charts.js');
  return { text: result.outputFiles[0]?.text ?? '', inputs: inputs.filter((path) => !isAbsolute(path)) };
};

const esbuild = async (): Promise<Pick<typeof Esbuild, 'build'>> => {
  try {
    return await import('esbuild');
  } catch (cause) {
    throw userError('EsbuildMissing', '`bivouac build` needs the package esbuild, which isn’t installed', {
      remedy: 'Run `npm install --save-dev esbuild` beside bivouac.yaml. Only this command needs it.',
      cause,
    });
  }
};

/** Shared code beside the platform's directory counts as a source; this program's own doesn't, wherever it lies. */
const isPackage = (path: string, { config, packageDirectory }: BuildInput): boolean =>
  path.split('/').includes('node_modules') ||
  (path.startsWith('..') && isBelow(packageDirectory, join(config.directory, path)));

const versions = (directory: string, inputs: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    watched
      .filter((name) => inputs.some((path) => path.includes(`node_modules/${name}/`)))
      .map((name) => [name, installedVersion(directory, name) ?? '']),
  );
