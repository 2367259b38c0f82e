import * as z from 'zod';
import { refusedError } from '../../model/errors.js';
import type { InstalledSource } from './read-installed.js';
import { openRest } from './rest.js';

export interface InstalledApiOptions {
  /** Argo CD's address. */
  readonly url: string;
  /** Of a project role. Absent: the version alone can be read, which anybody may. */
  readonly token?: string;
}

const anything = z.record(z.string(), z.unknown());

/** Through Argo CD's own API: what a project role may see. Which secrets are set is never shown there. @throws UserError InvalidControllerUrl */
export const installedByApi = ({ url, token }: InstalledApiOptions): InstalledSource => {
  const ask = openRest({ url, token: token ?? 'none' });
  const unread = (what: string) => Promise.reject(refusedError('ControllerForbidden', what));
  const read = (path: string) =>
    token === undefined ? unread('BIVOUAC_ARGOCD_TOKEN is not set') : ask(path, {}, anything);
  return {
    project: (name) => read(`projects/${name}`),
    set: (name) => read(`applicationsets/${name}`),
    version: async () => (await ask('../version', {}, z.object({ Version: z.string() })))?.Version,
    webhook: () => unread('only a kubeconfig shows which secrets are set'),
  };
};
