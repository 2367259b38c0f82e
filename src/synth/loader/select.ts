import { basename } from 'node:path';
import type { ChartReference } from '../../config/config.js';
import { userError } from '../../model/errors.js';
import { nearest } from '../../model/nearest.js';
import type { EnvironmentSpec } from '../../model/environment.js';

/** The mark that `EnvironmentChart` carries; its class can't be compared, since each chart may bring its own copy. */
export const chartMark = Symbol.for('bivouac.chart');

export interface ChartClass {
  synthesize(spec: EnvironmentSpec): unknown;
}

/** The named chart of a module, or its only one, with the name that it is exported by. @throws UserError ChartNotFound, SeveralCharts */
export const selectChart = (module: object, { file, exportName }: ChartReference): readonly [string, ChartClass] => {
  const charts = Object.entries(module).filter((entry): entry is [string, ChartClass] => isChart(entry[1]));
  const names = charts.map(([name]) => name).sort();
  const found = exportName === undefined ? charts[0] : charts.find(([name]) => name === exportName);
  if (found === undefined) throw missing({ file, ...(exportName !== undefined && { exportName }) }, names);
  if (exportName === undefined && new Set(charts.map(([, chart]) => chart)).size > 1)
    throw userError('SeveralCharts', `${basename(file)} exports several charts: ${names.join(', ')}`, {
      where: file,
      remedy: `Say which one: chart: ${basename(file)}#${names[0]}`,
    });
  return found;
};

const missing = ({ file, exportName }: ChartReference, names: readonly string[]): Error => {
  const near = exportName === undefined ? undefined : nearest(exportName, names);
  const what =
    exportName === undefined
      ? `${basename(file)} exports no class that extends EnvironmentChart`
      : `${basename(file)} exports no chart "${exportName}"${near === undefined ? '' : `; did you mean "${near}"?`}`;
  return userError('ChartNotFound', what, {
    where: file,
    remedy: 'Export one class that extends EnvironmentChart of bivouac/charts.',
  });
};

const isChart = (value: unknown): boolean =>
  typeof value === 'function' && chartMark in value && 'synthesize' in value && !isAbstract(value);

/** The base class re-exported beside a chart is no chart of its own. */
const isAbstract = (value: object): boolean => Object.hasOwn(value, chartMark);
