import { k8s } from './kplus.js';

/** CPU (`50m`) and memory (`64Mi`) as Kubernetes quantities. */
export interface Amount {
  readonly cpu: string;
  readonly memory: string;
}

/** What a container asks for, and what it may use at most. */
export interface Resources {
  readonly requests: Amount;
  readonly limits: Amount;
}

/**
 * `small`: 50m CPU and 64Mi, at most 500m and 256Mi; `medium`: 100m and 256Mi, at most 1 and 512Mi;
 * `large`: 250m and 512Mi, at most 2 and 1Gi. Or exact numbers.
 */
export type Size = 'small' | 'medium' | 'large' | Resources;

const sizes: Readonly<Record<Extract<Size, string>, Resources>> = {
  small: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
  medium: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '1', memory: '512Mi' } },
  large: { requests: { cpu: '250m', memory: '512Mi' }, limits: { cpu: '2', memory: '1Gi' } },
};

/** Memory that one writable directory may take. */
export const scratchLimit = '256Mi';

/** Both with a bound on local disk, else one pod's logs and files could evict its neighbours. */
export const resourcesOf = (size: Size = 'small'): k8s.ResourceRequirements => {
  const { requests, limits } = typeof size === 'string' ? sizes[size] : size;
  return { requests: quantities(requests, '64Mi'), limits: quantities(limits, '512Mi') };
};

const quantities = ({ cpu, memory }: Amount, disk: string): Record<string, k8s.Quantity> => ({
  cpu: k8s.Quantity.fromString(cpu),
  memory: k8s.Quantity.fromString(memory),
  'ephemeral-storage': k8s.Quantity.fromString(disk),
});
