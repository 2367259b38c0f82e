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
  /** @default main */
  readonly platformBranch?: string;
}

/** Where the service’s configuration and charts come from. */
export interface Place {
  readonly source: PlatformSource;
  readonly configFile: string;
  readonly ownOf: (directory: string) => OwnCheckout | undefined;
  /** Where a directory’s content comes from, in words; undefined: the directory is people’s own. */
  readonly originOf: (directory: string) => string | undefined;
  readonly close: () => Promise<void>;
}

/** The platform repository where one is named, else the directory of `bivouac.yaml`. @throws UserError ConfigNotFound */
export async function placeOf(
  { platformRepository: url, platformBranch }: PlatformFlags,
  { io, globals }: Context,
): Promise<Place> {
  if (url === undefined) {
    if (platformBranch !== undefined)
      throw userError('InvalidFlag', '--platform-branch is a branch of the platform repository, and none is named', {
        where: '--platform-branch',
        remedy: 'Add --platform-repository URL, or leave it away.',
      });
    const file = findConfig(io.cwd, globals.config === undefined ? undefined : resolve(io.cwd, globals.config));
    if (file === undefined)
      throw userError('ConfigNotFound', 'no bivouac.yaml here or in a folder above, up to the Git root', {
        where: io.cwd,
        remedy: 'Give --config FILE, or --platform-repository URL.',
      });
    const source = mountedDirectory(dirname(file));
    const unknown = () => undefined;
    return {
      ...{ source, configFile: basename(file), ownOf: unknown, originOf: unknown },
      close: () => Promise.resolve(),
    };
  }
  const branch = platformBranch ?? 'main';
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
    originOf: (directory) => {
      const head = heads.get(directory);
      return head && `${url}, branch ${branch}, commit ${head.slice(0, 7)}`;
    },
    close: () => checkout.close(),
  };
}
