import type { Construct } from 'constructs';
import { k8s } from './kplus.js';
import { labelsOf } from './marks.js';

/** A Service under the component's name, with the port its pods listen at: one number everywhere. */
export const addService = (
  scope: Construct,
  name: string,
  port: { readonly name: string; readonly number: number },
): void => {
  new k8s.KubeService(scope, 'service', {
    metadata: { name, labels: labelsOf(name) },
    spec: {
      selector: labelsOf(name),
      ports: [{ name: port.name, port: port.number, targetPort: k8s.IntOrString.fromNumber(port.number) }],
    },
  });
};
