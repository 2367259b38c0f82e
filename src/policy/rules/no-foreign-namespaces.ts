import { fieldOf } from '../fields.js';
import { show } from '../pointer.js';
import type { PolicyObject, Rule } from '../rule.js';
import { viewAs } from '../view.js';

/** Refuses any namespace but the environment's own: one environment must not write into another. */
export const noForeignNamespaces: Rule = {
  name: 'no-foreign-namespaces',
  *object(object, { spec }) {
    for (const { namespace, field } of namespacesOf(object))
      if (namespace !== undefined && namespace !== null && namespace !== spec.name)
        yield {
          field,
          message: `${show(namespace)} is not the environment’s own namespace ${spec.name}`,
          remedy: 'Leave the namespace out: Bivouac sets it.',
        };
  },
};

interface PlacedNamespace {
  readonly namespace: unknown;
  readonly field: string;
}

const namespacesOf = (object: PolicyObject): readonly PlacedNamespace[] => [
  ...object.metadata.map(({ metadata, field }) => ({ namespace: metadata.namespace, field: `${field}/namespace` })),
  ...routeBackends(object),
  ...['dataSource', 'dataSourceRef'].map((key) => ({
    namespace: fieldOf(viewAs(object.manifest, 'PersistentVolumeClaim'), 'spec', key, 'namespace'),
    field: `/spec/${key}/namespace`,
  })),
  {
    namespace: fieldOf(sealed(object), 'spec', 'template', 'metadata', 'namespace'),
    field: '/spec/template/metadata/namespace',
  },
];

const sealed = ({ manifest }: PolicyObject): unknown => (manifest.kind === 'SealedSecret' ? manifest : undefined);

const routeBackends = ({ manifest }: PolicyObject): readonly PlacedNamespace[] =>
  (viewAs(manifest, 'HTTPRoute')?.spec?.rules ?? []).flatMap((rule, index) =>
    (rule.backendRefs ?? []).map(({ namespace }, place) => ({
      namespace,
      field: `/spec/rules/${index}/backendRefs/${place}/namespace`,
    })),
  );
