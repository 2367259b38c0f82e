import { basename, dirname, resolve } from 'node:path';
import { gitEnvironment, secretsOf } from '../config/environment.js';
import { findConfig } from '../config/load.js';
import { userError } from '../model/errors.js';
import { mountedDirectory, platformCheckout } from '../server/checkout.js';
import type { PlatformSource } from '../server/platform.js';
import type { Context } from './context.js';
import type { OwnCheckout } from './sweeping.js';

export interface PlatformFlags {
  readonly platformRepository?: string;
  readonly platformBranch: string;
}

/** Where the service’s configuration and charts come from. */
export interface Place {
  readonly source: PlatformSource;
  readonly configFile: string;
  readonly ownOf: (directory: string) => OwnCheckout | undefined;
  readonly close: () => Promise<void>;
}

/** The platform repository where one is named, else the directory of `bivouac.yaml`. @throws UserError ConfigNotFound */
export async function placeOf(
  { platformRepository: url, platformBranch: branch }: PlatformFlags,
  { io, globals }: Context,
): Promise<Place> {
  if (url === undefined) {
    const file = findConfig(io.cwd, globals.config === undefined ? undefined : resolve(io.cwd, globals.config));
    if (file === undefined)
      throw userError('ConfigNotFound', 'no bivouac.yaml here or in a folder above, up to the Git root', {
        where: io.cwd,
        remedy: 'Give --config FILE, or --platform-repository URL.',
      });
    const source = mountedDirectory(dirname(file));
    return { source, configFile: basename(file), ownOf: () => undefined, close: () => Promise.resolve() };
  }
  const { platformToken: token } = secretsOf(io.environment);
  const environment = gitEnvironment(io.environment);
  const checkout = await platformCheckout({ url, branch, environment, ...(token !== undefined && { token }) });
  const repository = /[/:]([^/:]+\/[^/]+?)(?:\.git)?\/?$/.exec(url)?.[1];
  const heads = new Map<string, string>();
  const lay = async (head: string): Promise<string> => {
    const directory = await checkout.lay(head);
    heads.set(directory, head);
    return directory;
  };
  const ownOf = (directory: string): OwnCheckout | undefined => {
    const head = heads.get(directory);
    return repository === undefined || head === undefined ? undefined : { repository, head };
  };
  return {
    source: { ...checkout, lay },
    configFile: globals.config ?? 'bivouac.yaml',
    ownOf,
    close: () => checkout.close(),
  };
}
