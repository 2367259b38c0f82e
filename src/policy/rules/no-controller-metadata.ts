import { exposureOf } from '../exposure.js';
import { quote } from '../pointer.js';
import type { Rule } from '../rule.js';

// Domains (and everything below them) whose keys command a controller: deletion and order, names and certificates, copies elsewhere.
const commanding = [
  'argoproj.io',
  'helm.sh',
  'fluxcd.io',
  'pod-security.kubernetes.io',
  'external-dns.alpha.kubernetes.io',
  'ingress.kubernetes.io',
  'service.kubernetes.io',
  'service.beta.kubernetes.io',
  'cert-manager.io',
  'traefik.io',
  'konghq.com',
  'getambassador.io',
  'networking.gke.io',
  'cloud.google.com',
  'emberstack.com',
  'mittwald.de',
];

const orders = new RegExp(
  String.raw`(?:^|\.)(?:${commanding.join('|').replaceAll('.', String.raw`\.`)})/|^kubernetes\.io/ingress\.class$`,
  'i',
);

/**
 * Refuses annotations and labels of Argo CD, Helm, Flux, Pod Security, external-dns, cert-manager, ingress
 * controllers, replicators: they change order, removal, names or certificates behind the configuration's back.
 */
export const noControllerMetadata: Rule = {
  name: 'no-controller-metadata',
  *object(object) {
    const exposes = exposureOf(object.manifest) !== undefined;
    for (const { key, field, in: list, of } of object.entries) {
      if (exposes && list === 'annotations' && of === 'object') continue; // `valid-exposure` knows exactly which
      if (orders.test(key))
        yield {
          field,
          message: `${quote(key)} gives orders to a controller of the cluster`,
          remedy: 'Leave it out: order, removal, certificates and names are Bivouac’s and the platform’s.',
        };
    }
  },
};
