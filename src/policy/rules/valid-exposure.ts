import type { EnvironmentSpec } from '../../model/environment.js';
import type { Manifest } from '../../model/manifest.js';
import { exposureOf } from '../exposure.js';
import { pointer, quote, show } from '../pointer.js';
import type { Finding, Rule } from '../rule.js';
import { viewAs } from '../view.js';

const remedy =
  'Leave it to the constructs (public: true); the platform sets cluster.exposure, ingressClass and ingressAnnotations.';

/**
 * Refuses an Ingress, HTTPRoute or Route of another kind, class or Gateway than the cluster's, or with other
 * annotations: annotations configure the controller; a sign-in in front may hang on one.
 */
export const validExposure: Rule = {
  name: 'valid-exposure',
  *object({ manifest }, { spec }) {
    const exposure = exposureOf(manifest);
    if (!exposure) return;
    if (exposure.kind !== spec.exposure.kind)
      yield {
        field: '/kind',
        message: `the cluster exposes by ${spec.exposure.kind}, not by ${manifest.kind}`,
        remedy,
      };
    yield* annotations(manifest, spec.exposure.annotations);
    yield* entrance(manifest, spec);
  },
};

/** Neither more (they configure the controller) nor fewer (they may put a sign-in in front) than the platform's. */
function* annotations(manifest: Manifest, wanted: Readonly<Record<string, string>>): Iterable<Finding> {
  const actual = manifest.metadata.annotations ?? {};
  for (const key of [...new Set([...Object.keys(wanted), ...Object.keys(actual)])].sort())
    if (wanted[key] !== actual[key])
      yield {
        field: pointer('metadata', 'annotations', key),
        message: `annotation ${quote(key)} is not as cluster.ingressAnnotations has it`,
        remedy,
      };
}

/** The way in: the class of an Ingress, the Gateway of a route. */
function* entrance(manifest: Manifest, { exposure }: EnvironmentSpec): Iterable<Finding> {
  const ingress = viewAs(manifest, 'Ingress');
  const name = ingress?.spec?.ingressClassName ?? '';
  if (ingress && name !== exposure.class)
    yield {
      field: '/spec/ingressClassName',
      message: `class ${quote(name)} is not the cluster’s ${quote(exposure.class)}`,
      remedy,
    };
  const route = viewAs(manifest, 'HTTPRoute');
  for (const [index, parent] of (route?.spec?.parentRefs ?? []).entries()) {
    const gateway = parent.namespace ? `${parent.namespace}/${parent.name ?? ''}` : (parent.name ?? '');
    if (gateway !== exposure.class || (parent.kind ?? 'Gateway') !== 'Gateway')
      yield {
        field: `/spec/parentRefs/${index}`,
        message: `${show(gateway)} is not the cluster’s Gateway ${quote(exposure.class)}`,
        remedy,
      };
  }
}
