import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../src/model/manifest.js';
import type { SchemaFile } from '../../src/validate/schemas.js';

export const schemaFile = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../schemas/kubernetes.json'), 'utf8'),
) as SchemaFile;

/** A Deployment as our charts write it, with what a case changes in its spec. */
export const deployment = (spec: Readonly<Record<string, unknown>> = {}, container = {}): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api', namespace: 'shop-pr-42', labels: { 'app.kubernetes.io/name': 'api' } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'api' } },
    template: {
      metadata: { labels: { app: 'api' } },
      spec: { containers: [{ name: 'api', image: 'api:1', ports: [{ containerPort: 8080 }], ...container }] },
    },
    ...spec,
  },
});

export const service = (spec: Readonly<Record<string, unknown>>): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'api', namespace: 'shop-pr-42' },
  spec: { selector: { app: 'api' }, ports: [{ port: 80 }], ...spec },
});
