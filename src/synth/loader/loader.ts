import { existsSync } from 'node:fs';
import type { Application, Config } from '../../config/config.js';
import { userError } from '../../model/errors.js';
import { nearest } from '../../model/nearest.js';
import type { ApplicationName } from '../../model/names.js';
import type { ChartLoader, Synthesize } from '../port.js';
import type { PrebuiltCharts } from './compiled.js';
import { type Guard, guard } from './deadline.js';
import { chartFailure } from './failure.js';
import { findPrebuilt, prebuiltName, printChart } from './prebuilt.js';
import { loadScript } from './script.js';
import { type ChartClass, selectChart } from './select.js';
import { checkSynthesis } from './shape.js';
import { sourceLoader } from './sources.js';

export interface ChartLoaderOptions {
  readonly config: Pick<Config, 'directory' | 'applications'>;
  /** Where this program is installed: its own library serves charts whose project has none. */
  readonly packageDirectory: string;
  /** For people, on stderr: what loading from sources costs. */
  readonly note: (text: string) => void;
  /** For loading a chart, and for each synthesis. @default 10000 */
  readonly deadlineMs?: number;
}

/** Charts from `charts.bundle.cjs` where it was built from these very sources, else from the sources. */
export const chartLoader = (options: ChartLoaderOptions): ChartLoader => {
  const deadlineMs = options.deadlineMs ?? 10_000;
  const guarded = guard(deadlineMs);
  const loaded = new Map<ApplicationName, Promise<Synthesize>>();
  return {
    load: (name) => {
      const known = loaded.get(name) ?? loadOne(name, { ...options, deadlineMs, guarded });
      loaded.set(name, known);
      return known;
    },
  };
};

type Settings = Required<ChartLoaderOptions> & { readonly guarded: Guard };

const loadOne = async (name: ApplicationName, settings: Settings): Promise<Synthesize> => {
  const { config, deadlineMs, guarded } = settings;
  const application = find(name, settings);
  const place = { application: name, chart: application.chart, directory: config.directory, deadlineMs };
  const chart = await prebuiltOr(application, settings).catch((error: unknown) => {
    throw chartFailure(error, place);
  });
  return (spec) =>
    // a promise for what throws, too
    Promise.resolve().then(() => {
      try {
        return checkSynthesis(
          guarded(() => chart.synthesize(spec)),
          name,
        );
      } catch (error) {
        throw chartFailure(error, place);
      }
    });
};

const prebuiltOr = async (application: Application, settings: Settings): Promise<ChartClass> => {
  const { config, note, guarded, packageDirectory } = settings;
  const prebuilt = findPrebuilt(config.directory);
  if (prebuilt.kind === 'current' && prebuilt.charts[application.name] === printChart(config.directory, application)) {
    const { charts } = guarded(() => loadScript(prebuilt.file, prebuilt.content).exports as PrebuiltCharts);
    const synthesize = charts[application.name];
    if (synthesize !== undefined) return { synthesize };
  }
  if (!existsSync(application.chart.file))
    throw userError('ChartNotFound', `there is no chart at ${printChart(config.directory, application)}`, {
      where: application.chart.file,
      remedy: `Correct applications.${application.name}.chart in bivouac.yaml; it is relative to that file.`,
    });
  if (prebuilt.kind !== 'none')
    note(
      `${prebuiltName} was built from other sources: loading the charts takes half a second longer. Run \`bivouac build\`.`,
    );
  const load = await sourceLoader({ packageDirectory, directory: config.directory });
  const module = guarded(() => load(application.chart));
  return selectChart(module, application.chart)[1];
};

const find = (name: ApplicationName, { config }: Settings): Application => {
  const application = config.applications.get(name);
  if (application !== undefined) return application;
  const names = [...config.applications.keys()];
  const near = nearest(name, names);
  throw userError(
    'UnknownApplication',
    `there is no application "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    {
      remedy: `Applications are ${names.join(', ')}.`,
    },
  );
};
