import type { Cause } from '../../model/deployment.js';
import { cut } from '../kubernetes/words.js';
import type { ApplicationSet } from './application.js';

export interface SetPlace {
  /** `shop-environments` */
  readonly name: string;
  /** Where Argo CD lives. */
  readonly namespace: string;
}

/**
 * A set that is frozen creates and removes nothing, of no environment (argocd-flux.md 2.4); undefined: it works, as far as it says.
 * Not there at all is the same for the one who waits.
 */
export const frozenSetOf = (set: ApplicationSet | undefined, { name, namespace }: SetPlace): Cause | undefined => {
  const object = `ApplicationSet/${name}`;
  if (set === undefined)
    return {
      kind: 'FrozenSet',
      object,
      message: `there is no ApplicationSet ${name}, or it may not be read`,
      remedy:
        'An administrator applies what `bivouac init gitops` writes. `bivouac doctor` compares what is installed.',
    };
  const error = set.status?.conditions.find(({ type, status }) => type === 'ErrorOccurred' && status === 'True');
  if (error === undefined) return undefined;
  const refresh = `kubectl annotate applicationset -n ${namespace} ${name} argocd.argoproj.io/application-set-refresh`;
  return {
    kind: 'FrozenSet',
    object,
    message: `it creates and removes nothing: ${cut(error.message ?? error.reason ?? 'no reason given')}`,
    remedy:
      '`bivouac doctor` names the file. Once that is repaired the set looks again after 3 minutes, ' +
      `or at once: ${refresh}- && ${refresh}=true`,
  };
};
