import type { Application, Config } from '../../src/config/config.js';
import type { CommentContext } from '../../src/feedback/context.js';
import type { EnvironmentRecord } from '../../src/model/environment.js';
import { applicationName, componentName, environmentName, type JoinedName, presetName } from '../../src/model/names.js';
import type { Outcome, OutcomeFacts, Violation } from '../../src/model/outcome.js';
import { commitSha, repositoryId, repositoryName } from '../../src/model/pull-request.js';

export const head = commitSha('1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d');
export const id = { application: applicationName('shop'), environment: environmentName('pr-42') };

const application: Application = {
  name: id.application,
  chart: { file: '/platform/charts/shop.ts' },
  repositories: [{ name: repositoryName('acme/shop') }],
  images: {},
  pullRequests: {
    label: 'optional',
    drafts: false,
    bots: false,
    forks: 'approved',
    charts: 'platform',
    baseBranches: ['main', 'release/*'],
    paths: ['**'],
  },
  variables: {},
  overrides: { components: true, variables: [], lifetime: 0, keep: true, presets: [] },
};

export const configWith = (repository: string, change: Partial<Application> = {}): Config => ({
  directory: '/platform',
  gitops: { repository, branch: 'main' },
  controller: { kind: 'argocd' },
  domain: 'preview.example.com',
  cluster: {
    name: 'in-cluster',
    exposure: { kind: 'ingress', class: '', tls: 'controller', annotations: {} },
    ingressNamespace: 'ingress-system',
    imagePullSecrets: [],
    namespaceLabels: {},
    egress: [],
    frame: [],
  },
  applications: new Map([[id.application, { ...application, ...change }]]),
  presets: new Map(),
  limits: { total: 200, perRepository: 50, perAuthor: 5, removals: { percent: 20 } },
  policy: { images: 'pinned', podSecurity: 'restricted', kinds: [], secretStores: [] },
  feedback: { comment: true, deployment: 'shared', status: false },
  forge: { kind: 'github', url: 'https://github.com' },
});

export const record: EnvironmentRecord = {
  schemaVersion: '1',
  name: 'shop-pr-42' as JoinedName,
  ...id,
  preset: presetName('pull-request'),
  state: 'active',
  cluster: 'in-cluster',
  repository: repositoryName('acme/shop'),
  repositoryId: repositoryId(724_712),
  pullRequest: '42',
  headSha: head,
  url: 'https://shop-pr-42.preview.example.com',
  components: [componentName('api'), componentName('web')],
  images: {},
  deployedAt: '2026-11-23T10:04:05Z',
  expiresAt: '2026-11-30T10:04:05Z',
};

export const context = (change: Partial<CommentContext> = {}): CommentContext => ({
  config: configWith('https://github.com/acme/gitops.git'),
  ...change,
});

type Ending = Pick<Outcome, 'outcome' | 'reason'>;
/** An outcome for shop/pr-42 at `head`. */
export const outcome = (ending: Ending, facts: Partial<OutcomeFacts> = {}): Outcome =>
  ({ id, message: 'a message', headSha: head, ...ending, ...facts }) as Outcome;

export const violation: Violation = {
  rule: 'no-latest-tag',
  severity: 'error',
  object: 'Deployment/api',
  field: '/spec/template/spec/containers/0/image',
  message: 'The image has the tag latest.',
  remedy: 'Name a version or a digest.',
};
