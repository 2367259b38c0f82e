import { join } from 'node:path';
import type { Config } from './config.js';
import { deepFreeze } from './freeze.js';
import { loadConfig } from './load.js';

export interface EmbeddedOptions {
  /** Where this package lies: its bivouac.yaml and charts are the default. */
  readonly packageDirectory: string;
  /** Absolute local path, in place of the one in the file. */
  readonly gitopsRepository: string;
}

/** The configuration of the package itself, for trials without one; it has no `file`. @throws UserError InvalidConfig */
export const embeddedConfig = ({ packageDirectory, gitopsRepository }: EmbeddedOptions): Config => {
  const config: Omit<Config, 'file'> & { file?: string } = { ...loadConfig(join(packageDirectory, 'bivouac.yaml')) };
  delete config.file;
  return deepFreeze({ ...config, gitops: { ...config.gitops, repository: gitopsRepository } });
};
