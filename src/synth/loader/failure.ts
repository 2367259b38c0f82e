import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChartReference } from '../../config/config.js';
import { isBivouacError, userError } from '../../model/errors.js';
import type { ApplicationName } from '../../model/names.js';
import { isTimeout } from './deadline.js';

export interface FailurePlace {
  readonly application: ApplicationName;
  readonly chart: ChartReference;
  /** The configuration's directory: stack lines below it are the chart's own. */
  readonly directory: string;
  readonly deadlineMs: number;
}

/** What a chart's failure is to everyone else: our own errors as they are, anything else with the first line of the chart's own. */
export const chartFailure = (thrown: unknown, place: FailurePlace): Error => {
  const named = place.chart.exportName === undefined ? '' : `#${place.chart.exportName}`;
  const file = `${relative(place.directory, place.chart.file)}${named}`;
  if (isTimeout(thrown))
    return userError('ChartTimeout', `the chart of "${place.application}" didn’t end within ${place.deadlineMs} ms`, {
      where: file,
      remedy: 'Look for a loop that never ends: a chart only builds objects, and waits for nothing.',
    });
  if (isBivouacError(thrown)) return thrown;
  return userError('ChartFailed', `the chart of "${place.application}" failed: ${messageOf(thrown)}`, {
    where: ownLine(thrown, place.directory) ?? file,
    data: { lacks: isMissingPackage(thrown) ? 'package' : '' },
    remedy: isMissingPackage(thrown)
      ? 'Run `npm ci` where the charts lie; or commit the charts.bundle.cjs that `bivouac build` writes, which needs no packages.'
      : 'Correct the chart. `bivouac render` shows it without a pull request.',
    cause: thrown,
  });
};

/** A package, not a file of the chart's own: those are named by a path. */
const isMissingPackage = (thrown: unknown): boolean => {
  const isMissing = typeof thrown === 'object' && thrown !== null && 'code' in thrown;
  return isMissing && thrown.code === 'MODULE_NOT_FOUND' && /^Cannot find module '[^./]/.test(messageOf(thrown));
};

const messageOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : String(thrown);

/** `charts/shop.ts:12:7` of the first stack line below the directory and outside of packages. */
const ownLine = (thrown: unknown, directory: string): string | undefined => {
  const stack = typeof thrown === 'object' && thrown !== null && 'stack' in thrown ? String(thrown.stack) : '';
  for (const [, place, line, column] of stack.matchAll(
    /\(?((?:file:\/\/)?\/[^():]+|[A-Za-z]:\\[^():]+):(\d+):(\d+)\)?$/gm,
  )) {
    if (place === undefined || place.includes('node_modules')) continue;
    const path = relative(directory, place.startsWith('file://') ? fileURLToPath(place) : place);
    if (!path.startsWith('..') && !isAbsolute(path)) return `${path}:${line}:${column}`;
  }
  return undefined;
};
