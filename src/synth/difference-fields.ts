import type { FieldChange } from '../model/difference.js';
import type { Manifest } from '../model/manifest.js';
import { at, isMap, listAt, podTemplateOf, textAt } from './views.js';

type Kind = FieldChange['kind'];
/** What is compared of an object, by kind, place and name. */
interface Field {
  readonly kind: Kind;
  readonly where: string;
  readonly name: string;
  readonly value: string;
}

/** An object of a component. */
export interface Placed {
  readonly component: string;
  readonly name: string;
  /** As `quiet` leaves it: what is compared. */
  readonly manifest: Manifest;
  /** As it is: what is shown. */
  readonly original: Manifest;
}

/** What two versions of one object say differently about images, variables and resources. An absent one is told by its images alone. */
export const fieldChanges = (before: Placed | undefined, after: Placed | undefined): readonly FieldChange[] => {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const places = (fields: ReadonlyMap<string, Field>) => new Set([...fields.values()].map(({ where }) => where));
  const [oldPlaces, nowPlaces] = [places(old), places(now)];
  const isOnBoth = (where: string): boolean => oldPlaces.has(where) && nowPlaces.has(where);
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key): readonly FieldChange[] => {
    const [was, is] = [old.get(key), now.get(key)];
    const { kind, where, name } = (is ?? was)!;
    if (was?.value === is?.value || (kind !== 'image' && !isOnBoth(where))) return [];
    return [{ kind, where, name, ...(was && { before: was.shown }), ...(is && { after: is.shown }) }];
  });
};

const fieldsOf = (placed: Placed | undefined): ReadonlyMap<string, Field & { readonly shown: string }> => {
  if (placed === undefined) return new Map();
  const originals = keyed({ ...placed, manifest: placed.original });
  return new Map(
    [...keyed(placed)].map(([key, field]) => [key, { ...field, shown: originals.get(key)?.value ?? field.value }]),
  );
};

const keyed = (placed: Placed): ReadonlyMap<string, Field> =>
  new Map(
    [...ofObject(placed), ...ofContainers(placed)].map((field) => [
      JSON.stringify([field.kind, field.where, field.name]),
      field,
    ]),
  );

const place = ({ component, name }: Placed, container?: string): string =>
  [...new Set([component, name, ...(container === undefined ? [] : [container])])].join('/');

const ofObject = (placed: Placed): readonly Field[] => {
  const { manifest } = placed;
  const field = (name: string, value: unknown): readonly Field[] =>
    isScalar(value) ? [{ kind: 'resource', where: place(placed), name, value: String(value) }] : [];
  switch (manifest.kind) {
    case 'Deployment':
      return field('replicas', at(manifest, 'spec', 'replicas') ?? 1);
    case 'StatefulSet':
      return [
        ...field('replicas', at(manifest, 'spec', 'replicas') ?? 1),
        ...listAt(manifest, 'spec', 'volumeClaimTemplates').flatMap((claim) =>
          field(`volume ${textAt(claim, 'metadata', 'name') ?? ''}`, storageOf(claim)),
        ),
      ];
    case 'PersistentVolumeClaim':
      return field('volume', storageOf(manifest));
    case 'HorizontalPodAutoscaler':
      return ['minReplicas', 'maxReplicas'].flatMap((name) => field(name, at(manifest, 'spec', name)));
    default:
      return [];
  }
};

const storageOf = (claim: unknown): unknown => at(claim, 'spec', 'resources', 'requests', 'storage');

const ofContainers = (placed: Placed): readonly Field[] => {
  const pod = at(podTemplateOf(placed.manifest), 'spec');
  return ['initContainers', 'containers']
    .flatMap((list) => listAt(pod, list))
    .flatMap((container) => {
      const where = place(placed, textAt(container, 'name'));
      const image = textAt(container, 'image');
      return [
        ...(image === undefined ? [] : [{ kind: 'image', where, name: 'image', value: image } as const]),
        ...variablesOf(container).map(([name, value]) => ({ kind: 'variable', where, name, value }) as const),
        ...amountsOf(container).map(([name, value]) => ({ kind: 'resource', where, name, value }) as const),
      ];
    });
};

type Named = readonly [name: string, value: string];

const amountsOf = (container: unknown): readonly Named[] =>
  ['requests', 'limits'].flatMap((what) => {
    const amounts = at(container, 'resources', what);
    return isMap(amounts)
      ? Object.entries(amounts).flatMap(([name, value]): readonly Named[] =>
          isScalar(value) ? [[`${what}.${name}`, String(value)]] : [],
        )
      : [];
  });

const variablesOf = (container: unknown): readonly Named[] => [
  ...listAt(container, 'env').flatMap((variable): readonly Named[] => {
    const name = textAt(variable, 'name');
    return name === undefined ? [] : [[name, textAt(variable, 'value') ?? sourceOf(at(variable, 'valueFrom'))]];
  }),
  ...listAt(container, 'envFrom').map((source): Named => {
    const [what, name] = [sourceNames.find(([key]) => at(source, `${key}Ref`) !== undefined), nameIn(source)];
    return [`all keys of ${what?.[1] ?? 'another object'} ${name}`, 'set'];
  }),
];

const sourceNames = [
  ['secret', 'secret'],
  ['configMap', 'config map'],
] as const;

const nameIn = (source: unknown): string =>
  textAt(source, 'secretRef', 'name') ?? textAt(source, 'configMapRef', 'name') ?? '';

/** Where a value comes from; the value itself is in no manifest. */
const sourceOf = (source: unknown): string => {
  if (source === undefined) return '';
  for (const [key, what] of sourceNames) {
    const reference = at(source, `${key}KeyRef`);
    if (reference !== undefined)
      return `${what} ${textAt(reference, 'name') ?? ''}, key ${textAt(reference, 'key') ?? ''}`;
  }
  return textAt(source, 'fieldRef', 'fieldPath') ?? textAt(source, 'resourceFieldRef', 'resource') ?? 'another source';
};

const isScalar = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';
