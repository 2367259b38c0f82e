import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, relative } from 'node:path';

/** What charts import: our library, and the packages of which there must be one copy in a construct tree. */
export const libraryName = 'bivouac/charts';
const shared = ['cdk8s', 'cdk8s-plus-28', 'constructs'] as const;

export interface Projects {
  readonly chartFile: string;
  /** Where this program is installed. */
  readonly packageDirectory: string;
}

/**
 * Where the imports of a chart lead: to its own project's installation of the library, with the cdk8s beside that; where it has none,
 * to this package's library and cdk8s, all of them, since two copies of cdk8s don't work together. An action has no packages beside it:
 * there the cdk8s is the chart's project's, for the library too.
 */
export const aliasesFor = ({ chartFile, packageDirectory }: Projects): Readonly<Record<string, string>> => {
  const own = isBelow(packageDirectory, chartFile) ? undefined : resolve(chartFile, libraryName);
  if (own !== undefined) return { [libraryName]: own };
  const library = librarySource(packageDirectory);
  const home = [library, chartFile].find((place) => resolve(place, 'cdk8s') !== undefined) ?? library;
  const fallback = isBelow(packageDirectory, chartFile)
    ? []
    : shared.flatMap((name) => {
        const found = resolve(home, name);
        return found === undefined ? [] : [[name, found] as const];
      });
  return Object.fromEntries([[libraryName, library], ...fallback]);
};

/** The sources where they are (a clone), else what was compiled for the package. */
const librarySource = (packageDirectory: string): string => {
  const source = join(packageDirectory, 'charts/constructs/index.ts');
  return existsSync(source) ? source : join(packageDirectory, 'dist/lib/charts/constructs/index.js');
};

export const isBelow = (directory: string, file: string): boolean => {
  const path = relative(directory, file);
  return !path.startsWith('..') && !isAbsolute(path) && !path.split(/[\\/]/).includes('node_modules');
};

const resolve = (from: string, name: string): string | undefined => {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return undefined;
  }
};
