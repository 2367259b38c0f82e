import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Exposure as ExposureSpec } from '../../src/model/environment.js';
import { userError } from '../../src/model/errors.js';
import { k8s } from './kplus.js';
import { labelsOf } from './marks.js';

/** Props of an Exposure. */
export interface ExposureProps {
  /** Of the Service behind it, and of the object. */
  readonly service: string;
  /** Port of that Service. */
  readonly port: number;
  /** The whole host name. */
  readonly host: string;
  /** How the cluster lets traffic in. */
  readonly exposure: ExposureSpec;
}

/** Lets the outside in to a Service under one host: an Ingress, an HTTPRoute or an OpenShift Route, as the cluster has it. */
export class Exposure extends Construct {
  constructor(scope: Construct, id: string, props: ExposureProps) {
    super(scope, id);
    expose[props.exposure.kind](this, props);
  }
}

const metadataOf = ({ service, exposure }: ExposureProps) => ({
  name: service,
  labels: labelsOf(service),
  ...(Object.keys(exposure.annotations).length > 0 && { annotations: { ...exposure.annotations } }),
});

const ingress = (scope: Construct, props: ExposureProps): void => {
  const { service, port, host, exposure } = props;
  new k8s.KubeIngress(scope, 'ingress', {
    metadata: metadataOf(props),
    spec: {
      ...(exposure.class !== '' && { ingressClassName: exposure.class }),
      rules: [
        {
          host,
          // one path: several would be sorted by the host's locale in cdk8s-plus, and here in our order
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: service, port: { number: port } } } }],
          },
        },
      ],
      ...(exposure.tls === 'controller' && { tls: [{ hosts: [host] }] }),
      ...(namesSecret(exposure) && { tls: [{ hosts: [host], secretName: exposure.tls }] }),
    },
  });
};

/** The certificate is the Gateway's own listener's, whatever `tls` says: a route can't bring one. */
const httpRoute = (scope: Construct, props: ExposureProps): void => {
  const { service, port, host, exposure } = props;
  new ApiObject(scope, 'route', {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: metadataOf(props),
    spec: {
      parentRefs: [gatewayOf(exposure, scope)],
      hostnames: [host],
      rules: [{ backendRefs: [{ name: service, port }] }],
    },
  });
};

/** `public`, or `ingress-system/public`: the Gateway's name in the place where an Ingress has its class. */
const gatewayOf = (exposure: ExposureSpec, scope: Construct) => {
  const [name = '', ...namespace] = exposure.class.split('/').reverse();
  if (name === '' || namespace.length > 1 || namespace[0] === '')
    throw userError('GatewayMissing', 'an HTTPRoute needs the name of its Gateway', {
      where: scope.node.path,
      remedy: 'Set cluster.ingressClass in bivouac.yaml to <namespace>/<name> of the Gateway.',
    });
  return namespace[0] === undefined ? { name } : { name, namespace: namespace[0] };
};

const route = (scope: Construct, props: ExposureProps): void => {
  const { service, port, host, exposure } = props;
  new ApiObject(scope, 'route', {
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: metadataOf(props),
    spec: {
      host,
      to: { kind: 'Service', name: service, weight: 100 },
      port: { targetPort: port },
      ...(exposure.tls !== 'none' && {
        tls: {
          termination: 'edge',
          insecureEdgeTerminationPolicy: 'Redirect',
          ...(namesSecret(exposure) && { externalCertificate: { name: exposure.tls } }),
        },
      }),
    },
  });
};

const namesSecret = ({ tls }: ExposureSpec): boolean => tls !== 'none' && tls !== 'controller';

const expose: Readonly<Record<ExposureSpec['kind'], (scope: Construct, props: ExposureProps) => void>> = {
  ingress,
  gateway: httpRoute,
  route,
};
