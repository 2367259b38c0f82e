import type { Application, Config, Preset } from '../../src/config/config.js';
import { candidates } from '../../src/decide/candidates.js';
import type { DesiredEnvironment, Facts } from '../../src/decide/facts.js';
import { printTime, type EnvironmentRecord } from '../../src/model/environment.js';
import { applicationName, environmentName, joinedName, prefix, presetName } from '../../src/model/names.js';
import {
  commitSha,
  pullRequestNumber,
  repositoryId,
  repositoryName,
  type Approval,
  type CommitSha,
  type Override,
  type PullRequest,
  type Revision,
} from '../../src/model/pull-request.js';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** 40 times the same digit, or the digits of a number. */
export const sha = (of: string | number): CommitSha =>
  commitSha(typeof of === 'string' ? of.repeat(40).slice(0, 40) : of.toString(16).padStart(40, '0'));
export const head = sha('a');
export const otherHead = sha('b');
export const shop = applicationName('shop');
export const now = new Date('2026-11-23T10:04:05Z');
export const later = (milliseconds: number, from: Date = now): Date => new Date(from.getTime() + milliseconds);

const quota = { cpu: '1', memory: '2Gi', storage: '10Gi', pods: 20 };
/** Until the pull request closes. */
export const endlessPreset = (name: string, short: string): Preset => ({
  name: presetName(name),
  prefix: prefix(short),
  quota,
  variables: {},
});
/** Seven days. */
export const preset = (name: string, short: string, more: Partial<Preset> = {}): Preset => ({
  ...endlessPreset(name, short),
  lifetime: 7 * day,
  ...more,
});

export interface ApplicationParts extends Partial<Omit<Application, 'pullRequests' | 'overrides' | 'name'>> {
  readonly name?: string;
  readonly pullRequests?: Partial<Application['pullRequests']>;
  readonly overrides?: Partial<Application['overrides']>;
}

/** `shop` of `acme/shop`, with the defaults of bivouac.yaml. */
export const application = ({ name, pullRequests, overrides, ...rest }: ApplicationParts = {}): Application => ({
  name: applicationName(name ?? 'shop'),
  chart: { file: '/platform/charts/shop.ts' },
  repositories: [{ name: repositoryName('acme/shop') }],
  images: {
    api: { template: 'ghcr.io/acme/shop-api:{headSha}' },
    seed: { template: 'ghcr.io/acme/shop-seed:1.4.0' },
  },
  variables: { LOG_LEVEL: 'info' },
  ...rest,
  pullRequests: {
    label: 'optional',
    drafts: false,
    bots: false,
    forks: 'never',
    charts: 'repository',
    baseBranches: ['**'],
    paths: ['**'],
    ...pullRequests,
  },
  overrides: {
    components: true,
    variables: [],
    lifetime: 14 * day,
    keep: true,
    presets: [presetName('pull-request')],
    ...overrides,
  },
});

export interface ConfigParts extends Partial<Omit<Config, 'applications' | 'presets' | 'limits'>> {
  readonly applications?: readonly Application[];
  readonly presets?: readonly Preset[];
  readonly limits?: Partial<Config['limits']>;
}

export const config = ({ applications, presets, limits, ...rest }: ConfigParts = {}): Config => ({
  directory: '/platform',
  gitops: { repository: 'https://git.example.com/acme/gitops.git', branch: 'main' },
  controller: { kind: 'argocd' },
  domain: 'preview.example.com',
  cluster: {
    name: 'in-cluster',
    exposure: { kind: 'ingress', class: '', tls: 'none', annotations: {} },
    ingressNamespace: 'ingress-system',
    imagePullSecrets: [],
    namespaceLabels: {},
    egress: [],
    frame: [],
  },
  applications: new Map((applications ?? [application()]).map((each) => [each.name, each])),
  presets: new Map(
    (presets ?? [preset('pull-request', 'pr'), preset('e2e', 'e2e', { lifetime: day }), preset('demo', 'demo')]).map(
      (each) => [each.name, each],
    ),
  ),
  limits: { total: 200, perRepository: 50, perAuthor: 5, removals: { percent: 20 }, ...limits },
  policy: { images: 'pinned', podSecurity: 'restricted', kinds: [], secretStores: [] },
  feedback: { comment: true, deployment: 'shared', status: false },
  forge: { kind: 'github', url: 'https://github.com' },
  ...rest,
});

/** `acme/shop#42`: open, by a person, from the repository itself, into main. */
export const pullRequest = (more: Partial<PullRequest> = {}): PullRequest => ({
  repository: repositoryName('acme/shop'),
  repositoryId: repositoryId(724712),
  number: pullRequestNumber(42),
  state: 'open',
  merged: false,
  draft: false,
  title: 'Add a shelf',
  author: { login: 'octocat', id: '583231', bot: false },
  headSha: head,
  headBranch: 'shelf',
  headRepositoryId: repositoryId(724712),
  baseBranch: 'main',
  baseSha: sha('0'),
  labels: [],
  url: 'https://github.com/acme/shop/pull/42',
  ...more,
});

export const fork = (more: Partial<PullRequest> = {}): PullRequest =>
  pullRequest({ headRepositoryId: repositoryId(999), ...more });

/** The code host names no head repository. */
export const ofDeletedFork = (): PullRequest => {
  const kept = Object.entries(pullRequest()).filter(([key]) => key !== 'headRepositoryId');
  return Object.fromEntries(kept) as unknown as PullRequest;
};

export const approval = (more: Partial<Approval> = {}): Approval => ({
  by: 'maintainer',
  commit: head,
  permission: 'write',
  ...more,
});

export const override = (more: Partial<Override> = {}): Override => ({ with: [], without: [], variables: {}, ...more });

export const revision = (more: Partial<Revision> = {}): Revision => ({
  repository: repositoryName('acme/shop'),
  repositoryId: repositoryId(724712),
  sha: head,
  ...more,
});

/** Without a pull request: give `pullRequest: undefined` and a revision. */
export type FactsParts = Partial<Omit<Facts, 'pullRequest' | 'preset'>> & {
  readonly pullRequest?: PullRequest | undefined;
  readonly preset?: string;
};

/** About `shop/pr-42`, or the environment of another preset of this pull request. */
export const facts = (parts: FactsParts = {}, of: Config = config()): Facts => {
  const { pullRequest: given, preset: asked, ...rest } = parts;
  const subject = 'pullRequest' in parts ? given : pullRequest();
  const wanted = presetName(asked ?? 'pull-request');
  const id = candidates(subject ?? pullRequest(), of).find((candidate) => candidate.preset === wanted)?.id;
  if (id === undefined) throw new Error(`no candidate for ${wanted}`);
  return {
    id,
    preset: wanted,
    ...(subject === undefined ? {} : { pullRequest: subject }),
    approvals: [],
    images: {},
    count: { total: 0, perRepository: 0, perAuthor: 0 },
    now,
    ...rest,
  };
};

/** What Git would hold of a decision: the record that `synth` writes, with the components asked for. */
export const recordOf = (desired: DesiredEnvironment): EnvironmentRecord => {
  if (desired.kind !== 'present') throw new Error(`${desired.kind}: ${desired.reason}`);
  const { spec, repositoryId: owner, deployedAt, expiresAt } = desired;
  return {
    schemaVersion: '1',
    name: spec.name,
    application: spec.application,
    environment: spec.environment,
    preset: spec.preset,
    state: spec.state,
    cluster: spec.cluster,
    repository: spec.repository,
    repositoryId: owner,
    pullRequest: spec.pullRequest,
    headSha: spec.headSha,
    url: `http://${spec.name}.${spec.domain}`,
    components: spec.with,
    images: spec.images,
    deployedAt: printTime(deployedAt),
    expiresAt: expiresAt === undefined ? '' : printTime(expiresAt),
  };
};

/** The record of `shop/pr-42` at the head commit: made a day ago, six to go. */
export const record = (more: Partial<EnvironmentRecord> = {}): EnvironmentRecord => ({
  schemaVersion: '1',
  name: joinedName({ application: shop, environment: environmentName('pr-42') }),
  application: shop,
  environment: environmentName('pr-42'),
  preset: presetName('pull-request'),
  state: 'active',
  cluster: 'in-cluster',
  repository: repositoryName('acme/shop'),
  repositoryId: repositoryId(724712),
  pullRequest: '42',
  headSha: head,
  url: 'http://shop-pr-42.preview.example.com',
  components: [],
  images: { api: `ghcr.io/acme/shop-api:${head}`, seed: 'ghcr.io/acme/shop-seed:1.4.0' },
  deployedAt: printTime(later(-day)),
  expiresAt: printTime(later(6 * day)),
  ...more,
});
