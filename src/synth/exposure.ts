import { type HostSource, hostOf, urlOf } from '../model/hosts.js';
import type { Component, Manifest } from '../model/manifest.js';
import type { ComponentName } from '../model/names.js';
import { at, listAt, textAt, textsAt } from './views.js';

/** An address that a component answers at. */
export interface Address {
  readonly component: ComponentName;
  readonly url: string;
  readonly primary: boolean;
}

/** Pods behind an exposure object, as the Service in between names them. */
export interface ExposedPort {
  readonly service: string;
  readonly selector: Readonly<Record<string, string>>;
  /** A number, or the name of a container's port. */
  readonly port: number | string;
}

interface Exposed {
  readonly hosts: readonly string[];
  readonly backends: readonly Backend[];
}

interface Backend {
  readonly service: string;
  /** Number or name of the Service's port; absent: all of them. */
  readonly port?: unknown;
}

/** Every address of the environment, the primary one first, then by component. */
export const addressesOf = (components: readonly Component[], spec: HostSource): readonly Address[] =>
  components
    .flatMap(({ name, manifests }) =>
      manifests.flatMap((manifest) =>
        (exposedBy(manifest)?.hosts ?? []).map((host) => ({
          component: name,
          url: urlOf(spec, host),
          primary: host === hostOf(spec, name, 'primary'),
        })),
      ),
    )
    .filter((address, index, all) => all.findIndex(({ url }) => url === address.url) === index)
    .sort((a, b) => Number(b.primary) - Number(a.primary) || (a.component < b.component ? -1 : 1));

/** Of the primary component, else of the first public one, else `""`. */
export const urlOfEnvironment = (components: readonly Component[], spec: HostSource): string =>
  addressesOf(components, spec)[0]?.url ?? '';

/** The ports that the ingress controller has to reach: those of the Services behind exposure objects, and no other. */
export const exposedPorts = (components: readonly Component[]): readonly ExposedPort[] => {
  const manifests = components.flatMap((component) => component.manifests);
  const services = new Map(
    manifests.filter(({ kind }) => kind === 'Service').map((each) => [each.metadata.name, each]),
  );
  const found = new Map<string, ExposedPort>();
  for (const { service, port } of manifests.flatMap((manifest) => exposedBy(manifest)?.backends ?? [])) {
    const selector = textsAt(services.get(service), 'spec', 'selector');
    if (Object.keys(selector).length === 0) continue; // a Service without one has no pods of ours
    for (const target of targetPorts(services.get(service), port))
      found.set(`${service} ${target}`, { service, selector, port: target });
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
};

const exposedBy = (manifest: Manifest): Exposed | undefined => {
  switch (manifest.kind) {
    case 'Ingress':
      return ingress(manifest);
    case 'HTTPRoute':
      return {
        hosts: texts(listAt(manifest, 'spec', 'hostnames')),
        backends: listAt(manifest, 'spec', 'rules')
          .flatMap((rule) => listAt(rule, 'backendRefs'))
          .flatMap((reference) => backend(textAt(reference, 'name'), at(reference, 'port'))),
      };
    case 'Route':
      return {
        hosts: texts([at(manifest, 'spec', 'host')]),
        backends: [at(manifest, 'spec', 'to'), ...listAt(manifest, 'spec', 'alternateBackends')].flatMap((reference) =>
          backend(textAt(reference, 'name'), at(manifest, 'spec', 'port', 'targetPort')),
        ),
      };
    default:
      return undefined;
  }
};

const ingress = (manifest: Manifest): Exposed => {
  const rules = listAt(manifest, 'spec', 'rules');
  const services = [
    at(manifest, 'spec', 'defaultBackend', 'service'),
    ...rules.flatMap((rule) => listAt(rule, 'http', 'paths')).map((path) => at(path, 'backend', 'service')),
  ];
  return {
    hosts: texts(rules.map((rule) => at(rule, 'host'))),
    backends: services.flatMap((service) =>
      backend(textAt(service, 'name'), at(service, 'port', 'number') ?? at(service, 'port', 'name')),
    ),
  };
};

const texts = (values: readonly unknown[]): readonly string[] =>
  values.filter((value): value is string => typeof value === 'string');

const backend = (service: string | undefined, port: unknown): readonly Backend[] =>
  service === undefined ? [] : [port === undefined ? { service } : { service, port }];

const targetPorts = (service: Manifest | undefined, wanted: unknown): readonly (number | string)[] =>
  listAt(service, 'spec', 'ports')
    // a Route names the target port, the others the Service's own
    .filter(
      (port) => wanted === undefined || [at(port, 'port'), at(port, 'name'), at(port, 'targetPort')].includes(wanted),
    )
    .map((port) => at(port, 'targetPort') ?? at(port, 'port'))
    .filter((port): port is number | string => typeof port === 'number' || typeof port === 'string');
