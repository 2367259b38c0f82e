import type { Manifest } from '../model/manifest.js';
import { viewAs } from './view.js';

/** A host name as an object writes it; undefined or empty: every host. */
export interface PlacedHost {
  readonly host: string | null | undefined;
  readonly field: string;
}

/** What an object sends traffic to. */
export interface PlacedBackend {
  readonly kind: string;
  readonly name: string;
  readonly field: string;
}

/** What an Ingress, HTTPRoute or Route opens to the outside. */
export interface ExposureView {
  /** As `cluster.exposure` calls it. */
  readonly kind: 'ingress' | 'gateway' | 'route';
  readonly hosts: readonly PlacedHost[];
  /** Hosts of certificates: as good as the others, but may be fewer. */
  readonly certificateHosts: readonly PlacedHost[];
  readonly backends: readonly PlacedBackend[];
}

/** Undefined: the object exposes nothing. */
export const exposureOf = (manifest: Manifest): ExposureView | undefined =>
  ingress(manifest) ?? httpRoute(manifest) ?? route(manifest);

const ingress = (manifest: Manifest): ExposureView | undefined => {
  const view = viewAs(manifest, 'Ingress');
  if (!view) return undefined;
  const rules = view.spec?.rules ?? [];
  const hosts = rules.map(({ host }, index) => ({ host, field: `/spec/rules/${index}/host` }));
  const certificateHosts = (view.spec?.tls ?? []).flatMap((tls, index) =>
    (tls.hosts ?? []).map((host, place) => ({ host, field: `/spec/tls/${index}/hosts/${place}` })),
  );
  const backends = rules.flatMap((rule, index) =>
    (rule.http?.paths ?? []).map(({ backend }, place) => ({
      kind: backend?.resource ? 'resource' : 'Service',
      name: backend?.service?.name ?? '',
      field: `/spec/rules/${index}/http/paths/${place}/backend`,
    })),
  );
  return { kind: 'ingress', hosts: orNone(hosts, '/spec/rules'), certificateHosts, backends };
};

const httpRoute = (manifest: Manifest): ExposureView | undefined => {
  const view = viewAs(manifest, 'HTTPRoute');
  if (!view) return undefined;
  const hosts = (view.spec?.hostnames ?? []).map((host, index) => ({ host, field: `/spec/hostnames/${index}` }));
  const backends = (view.spec?.rules ?? []).flatMap((rule, index) =>
    (rule.backendRefs ?? []).map(({ group, kind, name }, place) => ({
      kind: `${group ?? ''}${kind ?? 'Service'}`,
      name: name ?? '',
      field: `/spec/rules/${index}/backendRefs/${place}`,
    })),
  );
  return { kind: 'gateway', hosts: orNone(hosts, '/spec/hostnames'), certificateHosts: [], backends };
};

const route = (manifest: Manifest): ExposureView | undefined => {
  const view = viewAs(manifest, 'Route');
  if (!view) return undefined;
  const { host, to, alternateBackends } = view.spec ?? {};
  const backends = [
    { target: to, field: '/spec/to' },
    ...(alternateBackends ?? []).map((target, index) => ({ target, field: `/spec/alternateBackends/${index}` })),
  ].map(({ target, field }) => ({ kind: target?.kind ?? 'Service', name: target?.name ?? '', field }));
  return { kind: 'route', hosts: [{ host, field: '/spec/host' }], certificateHosts: [], backends };
};

/** No host at all takes every host: as bad as an empty one. */
const orNone = (hosts: readonly PlacedHost[], field: string): readonly PlacedHost[] =>
  hosts.length > 0 ? hosts : [{ host: undefined, field }];
