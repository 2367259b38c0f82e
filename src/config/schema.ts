import * as z from 'zod';
import { addressRule, serverRule } from './addresses.js';
import { labelValueRule } from './annotations.js';
import { applicationSchema } from './schema-application.js';
import { pullRequestShape } from './schema-pull-requests.js';
import { kindRule } from './kind-rule.js';
import { lifetimeField, mapOf, quantityField, text, variablesField } from './fields.js';
import {
  branchRule,
  domainRule,
  labelRule,
  objectNameRule,
  pathRule,
  prefixRule,
  rangeRule,
  registryRule,
  secretStoreRule,
  valueRule,
} from './rules.js';

const gitops = z.strictObject({
  repository: text(addressRule).describe(
    'https, ssh, or a path below or beside this file for local trials. No credentials.',
  ),
  branch: text(branchRule).default('main').describe('Holds environments and nothing else.'),
});

const controller = z.strictObject({
  kind: z.enum(['argocd', 'flux']).default('argocd'),
  url: text(serverRule).optional().describe('Read for "ready", `wait` and receipts.'),
});

const cluster = z.strictObject({
  name: text(labelRule).default('in-cluster').describe('Placement; goes into the record.'),
  exposure: z.enum(['ingress', 'gateway', 'route']).default('ingress').describe('How public components are reached.'),
  ingressClass: text(objectNameRule).optional().describe('Absent: the cluster’s default.'),
  ingressNamespace: text(labelRule)
    .default('ingress-system')
    .describe('The only namespace that may reach exposed pods.'),
  ingressAnnotations: mapOf(text(valueRule)).default({}).describe('On every exposure object.'),
  tls: z
    .union([z.enum(['none', 'controller']), text(objectNameRule)])
    .default('none')
    .describe('none: http URLs; controller: its own certificate; else the name of a Secret.'),
  imagePullSecrets: z.array(text(objectNameRule)).max(20).default([]).describe('Names of Secrets.'),
  namespaceLabels: mapOf(text(labelValueRule)).default({}).describe('Beside Bivouac’s own, on each namespace.'),
  egress: z.array(text(rangeRule)).max(100).default([]).describe('Private ranges that pods may reach.'),
  frame: text(pathRule).optional().describe('A file of plain objects that every environment gets.'),
});

const quota = z.strictObject({
  cpu: quantityField.optional().describe('Cores, e.g. "1" or "500m", in quotes.'),
  memory: quantityField.optional().describe('Bytes, e.g. 2Gi.'),
  storage: quantityField.optional().describe('Bytes, e.g. 10Gi.'),
  pods: z.int().min(1).max(1000).optional(),
});

/** A preset as written: what is absent comes from the built-in one of that name. */
export const presetSchema = z.strictObject({
  prefix: text(prefixRule).optional().describe('In front of the number or name. Required for presets of your own.'),
  lifetime: lifetimeField
    .optional()
    .describe('Counted from the last head commit; none: until the pull request closes.'),
  quota: quota.optional(),
  variables: variablesField.optional(),
});

const share = /^(?:100|[1-9][0-9]?)%$/;
const limits = z.strictObject({
  total: z.int().min(1).max(100_000).default(200),
  perRepository: z.int().min(1).max(100_000).default(50),
  perAuthor: z.int().min(1).max(100_000).default(5),
  removals: z
    .union([
      z.int().min(3).max(100_000),
      text((written) =>
        share.test(written) ? undefined : { message: 'neither a number nor a share.', remedy: 'Write e.g. 10 or 20%.' },
      ).meta({ pattern: share.source }),
    ])
    .default('20%')
    .describe('How many environments one run may remove: a number or a share; at least 3.'),
});

const policy = z.strictObject({
  images: z
    .enum(['digest', 'pinned', 'any'])
    .default('pinned')
    .describe('pinned: a digest, or a tag other than latest.'),
  registries: z.array(text(registryRule)).min(1).max(100).optional().describe('Absent: any.'),
  podSecurity: z.enum(['restricted', 'baseline']).default('restricted'),
  kinds: z.array(text(kindRule)).max(100).default([]).describe('Namespaced kinds beside the built-in ones.'),
  secretStores: z
    .array(text(secretStoreRule))
    .max(100)
    .default([])
    .describe('All that an ExternalSecret may read from.'),
});

const feedback = z.strictObject({
  comment: z.boolean().default(true),
  deployment: z
    .enum(['shared', 'each', 'off'])
    .default('shared')
    .describe('shared: one GitHub Environment an application; each: an admin must delete them.'),
  status: z.boolean().default(false),
});

const forge = z.strictObject({
  kind: z.enum(['github', 'gitlab', 'gitea']).default('github'),
  url: text(serverRule).optional().describe('Absent: github.com or gitlab.com.'),
});

/** What may be written into bivouac.yaml. An object whose keys have defaults takes `prefault({})`: `default({})` yields `{}`. */
export const configSchema = z.strictObject({
  $schema: z.string().max(500).optional().describe('For editors, in JSON files.'),
  version: z.literal(1),
  gitops: gitops.describe('Where environments/ lives.'),
  controller: controller.prefault({}).describe('What deploys the GitOps repository.'),
  domain: text(domainRule).describe('One wildcard record and certificate; hosts are one label below it.'),
  cluster: cluster.prefault({}).describe('Where environments run and how they are reached.'),
  applications: mapOf(applicationSchema)
    .refine((map) => Object.keys(map).length > 0, { error: 'there is no application.' })
    .describe('What is deployed, by name.'),
  presets: mapOf(presetSchema)
    .default({})
    .describe('Changes pull-request, benchmark, e2e, hotfix, training and demo, or defines others.'),
  pullRequests: z
    .strictObject(pullRequestShape.defaults)
    .prefault({})
    .describe('Which pull requests get an environment.'),
  limits: limits.prefault({}).describe('Stop new environments only; nothing is evicted.'),
  policy: policy.prefault({}).describe('What environments may contain.'),
  feedback: feedback.prefault({}).describe('What pull requests are told.'),
  forge: forge.prefault({}).describe('Where the pull requests are.'),
});

/** As people write it: what has a default may be absent. */
export type WrittenConfig = z.input<typeof configSchema>;
/** The same with the schema's defaults. */
export type FilledConfig = z.output<typeof configSchema>;
export type FilledPreset = z.output<typeof presetSchema>;
