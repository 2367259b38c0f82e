import { isGiven } from '../fields.js';
import { quote } from '../pointer.js';
import type { Finding, Rule } from '../rule.js';
import { type ExternalSecret, type View, viewAs } from '../view.js';

/**
 * Refuses ExternalSecrets that read from other stores, or from generators: a chart could read any secret that the
 * store holds.
 */
export const validSecretStores: Rule = {
  name: 'valid-secret-stores',
  *object({ manifest }, { config }) {
    const spec = viewAs(manifest, 'ExternalSecret')?.spec;
    if (!spec) return;
    const allowed = config.policy.secretStores;
    for (const { store, field } of storesOf(spec))
      if (!allowed.includes(store)) yield refuse(field, `${quote(store)} is no store that charts may read`, allowed);
    for (const { field, given } of generatorsOf(spec))
      if (given) yield refuse(field, 'a generator is no store that charts may read', allowed);
    if (isGiven(spec.target?.manifest))
      yield {
        field: '/spec/target/manifest',
        message: 'it makes an object of another kind than Secret',
        remedy: 'Leave target.manifest out.',
      };
  },
};

const refuse = (field: string, message: string, allowed: readonly string[]): Finding => ({
  field,
  message,
  remedy:
    allowed.length === 0
      ? 'The platform names the stores that charts may read in policy.secretStores; there are none yet.'
      : `Use ${allowed.join(' or ')}, or ask the platform to add it to policy.secretStores.`,
});

type Spec = NonNullable<View<ExternalSecret>['spec']>;

const sourcesOf = (spec: Spec) =>
  (['data', 'dataFrom'] as const).flatMap((list) =>
    (spec[list] ?? []).map(({ sourceRef }, index) => ({ sourceRef, field: `/spec/${list}/${index}/sourceRef` })),
  );

/** Where no entry says otherwise the object's own store counts; without one it reads from nowhere that is known. */
const storesOf = (spec: Spec) => {
  const own = { reference: spec.secretStoreRef, field: '/spec/secretStoreRef' };
  const others = sourcesOf(spec).flatMap(({ sourceRef, field }) =>
    sourceRef?.storeRef ? [{ reference: sourceRef.storeRef, field: `${field}/storeRef` }] : [],
  );
  const all = spec.secretStoreRef || others.length === 0 ? [own, ...others] : others;
  return all.map(({ reference, field }) => ({
    store: reference ? `${reference.kind ?? 'SecretStore'}/${reference.name ?? ''}` : '',
    field,
  }));
};

const generatorsOf = (spec: Spec) =>
  sourcesOf(spec).map(({ sourceRef, field }) => ({
    given: isGiven(sourceRef?.generatorRef),
    field: `${field}/generatorRef`,
  }));
