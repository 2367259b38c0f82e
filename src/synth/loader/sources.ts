import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ChartReference } from '../../config/config.js';
import { type Projects, aliasesFor, isBelow } from './library.js';

/** Loads a chart's module from its TypeScript sources; without awaiting, so that a deadline holds. */
export type SourceLoader = (chart: ChartReference) => object;

export interface SourceOptions extends Pick<Projects, 'packageDirectory'> {
  /** The configuration's directory. */
  readonly directory: string;
}

export const sourceLoader = async ({ packageDirectory, directory }: SourceOptions): Promise<SourceLoader> => {
  const { createJiti } = await import('jiti');
  forget(directory);
  return ({ file }) => {
    const jiti = createJiti(file, {
      alias: { ...aliasesFor({ chartFile: file, packageDirectory }) },
      fsCache: cacheDirectory(packageDirectory),
      interopDefault: false,
    });
    return jiti(file) as object;
  };
};

/** A service lives longer than a checkout: what was loaded from these files before may not be what they hold now. */
export const forget = (directory: string): void => {
  const { cache } = createRequire(join(directory, 'charts.js'));
  for (const file of Object.keys(cache)) if (isBelow(directory, file)) delete cache[file];
};

/** Never the shared temporary directory: what lies there could be another user's, and it runs beside credentials. */
const cacheDirectory = (packageDirectory: string): string | false => {
  const modules = join(packageDirectory, 'node_modules');
  return existsSync(modules) ? join(modules, '.cache/jiti') : false;
};
