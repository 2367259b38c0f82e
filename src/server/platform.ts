import { type ErrorClass, isBivouacError } from '../model/errors.js';
import type { Log } from './log.js';
import { errorFields } from './log-fields.js';

/** Where the platform's configuration and charts come from, version by version. */
export interface PlatformSource {
  /** The newest version's commit. @throws RefusedError, TemporaryError */
  newest(): Promise<string>;
  /** A directory of its own that holds this version. */
  lay(version: string): Promise<string>;
  /** It isn't used any more. */
  remove(directory: string): Promise<void>;
}

export interface PlatformOptions<Loaded> {
  readonly source: PlatformSource;
  /** Loads and checks all of it, or throws; gives what is used from then on. */
  readonly load: (directory: string) => Promise<Loaded>;
  readonly log: Log;
}

export interface PlatformState {
  /** In use. */
  readonly version: string;
  /** The newest, when it can't be used; the one before stays. */
  readonly broken?: { readonly version: string; readonly why: string };
  /** The last attempt to see whether there is a newer one, or to load it, failed for a moment. */
  readonly unread?: string;
}

export interface Platform<Loaded> {
  readonly current: Loaded;
  readonly state: PlatformState;
  /** Looks for a newer version, and goes over to it once all of it was found right. Never throws. */
  refresh(): Promise<void>;
}

/** Keeps the platform up to date; a broken version is said so and never used, what fails for a moment is tried again at the next refresh. @throws what the first version's loading throws */
export const keepPlatform = async <Loaded>(options: PlatformOptions<Loaded>): Promise<Platform<Loaded>> => {
  const { source, load, log } = options;
  const version = await source.newest();
  const directory = await source.lay(version);
  let now = { version, directory, loaded: await load(directory) };
  let before: string | undefined;
  let broken: PlatformState['broken'];
  /** Only another version mends it: not so where something was refused, since a right may be given. */
  let settled = false;
  let unread: string | undefined;
  log('info', 'platform loaded', { version });

  /** Best effort: what stays takes room, until the source is closed. */
  const remove = (left: string): Promise<void> =>
    source
      .remove(left)
      .catch((error: unknown) => log('warn', 'platform directory left', { directory: left, ...errorFields(error) }));

  const take = async (newer: string): Promise<void> => {
    const next = await source.lay(newer);
    try {
      const loaded = await load(next);
      const unused = before;
      before = now.directory; // what runs may still read there
      now = { version: newer, directory: next, loaded };
      broken = undefined;
      log('info', 'platform loaded', { version: newer });
      if (unused !== undefined) await remove(unused);
    } catch (error) {
      await remove(next);
      if (isOfClass(error, 'TemporaryError')) throw error; // says nothing about this version
      const fields = errorFields(error);
      broken = { version: newer, why: String(fields['message']) };
      settled = !isOfClass(error, 'RefusedError');
      log('error', 'platform broken', { version: newer, inUse: now.version, ...fields });
    }
  };

  return {
    get current() {
      return now.loaded;
    },
    get state() {
      return { version: now.version, ...(broken !== undefined && { broken }), ...(unread !== undefined && { unread }) };
    },
    refresh: async () => {
      try {
        const newest = await source.newest();
        unread = undefined;
        if (newest === now.version)
          broken = undefined; // somebody took the broken one back
        else if (newest !== broken?.version || !settled) await take(newest);
      } catch (error) {
        const fields = errorFields(error);
        unread = String(fields['message']);
        log('warn', 'platform unread', { inUse: now.version, ...fields });
      }
    },
  };
};

const isOfClass = (error: unknown, wanted: ErrorClass): boolean => isBivouacError(error) && error.class === wanted;
