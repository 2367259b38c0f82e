import { type BivouacError, refusedError, temporaryError } from '../../model/errors.js';

/** The server said no, by its status. `said`: its own words. */
export const failureOfStatus = (status: number, said: string, where: string): BivouacError => {
  if (status === 401)
    return refusedError('ClusterUnauthorized', 'the cluster doesn’t accept the kubeconfig’s credentials', {
      where,
      remedy: 'Sign in again, or point KUBECONFIG to a file whose credentials are valid: kubectl auth whoami',
    });
  if (status === 403)
    return refusedError('ClusterForbidden', `the cluster forbids it: ${firstLine(said)}`, {
      where,
      remedy: 'Give this account the right to get and list what the message names (docs/cluster.md has the role).',
    });
  if (status >= 500 || status === 429) return unavailable(where, `it answered ${status} ${firstLine(said)}`.trim());
  return refusedError('ClusterRefused', `the cluster refused with ${status}: ${firstLine(said)}`, { where });
};

/** No answer, or none that can be read. */
export const failureOfRequest = (error: unknown, where: string): BivouacError => {
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  if (/CERT|SIGNED|ERR_TLS|ERR_SSL/.test(code))
    return refusedError('ClusterUntrusted', `the cluster’s certificate can’t be trusted: ${firstLine(message)}`, {
      where,
      remedy: 'Check certificate-authority-data and tls-server-name of this cluster in the kubeconfig.',
    });
  return unavailable(where, firstLine(message === '' ? code : message));
};

const unavailable = (where: string, why: string): BivouacError =>
  temporaryError('ClusterUnavailable', `the cluster can’t be read: ${why}`, {
    where,
    remedy: 'Run again. If it stays: kubectl version shows whether the cluster can be reached from here.',
  });

/** The program (or file) that a kubeconfig names for its credentials failed. */
export const failureOfCredentials = (error: unknown, where: string): BivouacError =>
  refusedError(
    'ClusterUnauthorized',
    `the kubeconfig’s credentials can’t be had: ${firstLine((error as Error).message)}`,
    { where, remedy: 'Run the same with kubectl, e.g. kubectl auth whoami: its message is longer.' },
  );

/** Pages of proxies and plugins can be long, and hold control characters. */
export const firstLine = (text: string): string =>
  (text.trim().split('\n', 1)[0] ?? '').replace(/\p{C}/gu, ' ').slice(0, 300);
