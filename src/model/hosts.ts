import type { EnvironmentSpec } from './environment.js';
import type { ComponentName } from './names.js';

export type HostSource = Pick<EnvironmentSpec, 'name' | 'domain' | 'exposure'>;

/** One label below the wildcard: `shop-pr-42.preview.example.com` for the primary component, else `api-shop-pr-42.…`. */
export const hostOf = (spec: HostSource, component: ComponentName, role: 'primary' | 'public'): string =>
  role === 'primary' ? `${spec.name}.${spec.domain}` : `${component}-${spec.name}.${spec.domain}`;

/** `http` without a certificate (`cluster.tls: none`), else `https`. */
export const urlOf = (spec: HostSource, host: string): string =>
  `${spec.exposure.tls === 'none' ? 'http' : 'https'}://${host}`;
