import type { Manifest } from '../model/manifest.js';
import type { ApplicationName, Prefix, PresetName } from '../model/names.js';
import type { ForgeKind, RepositoryName } from '../model/pull-request.js';
import type { Exposure } from '../model/environment.js';

/** What the program uses: complete and frozen, so that no room fills a gap. Durations are milliseconds. */
export interface Config {
  /** The file that was read; absent for the embedded default. */
  readonly file?: string;
  /** `chart`, `frame` and local GitOps paths are relative to it. */
  readonly directory: string;
  readonly gitops: { readonly repository: string; readonly branch: string };
  readonly controller: { readonly kind: 'argocd' | 'flux'; readonly url?: string };
  readonly domain: string;
  readonly cluster: Cluster;
  readonly applications: ReadonlyMap<ApplicationName, Application>;
  readonly presets: ReadonlyMap<PresetName, Preset>;
  readonly limits: Limits;
  readonly policy: PolicyConfig;
  readonly feedback: FeedbackConfig;
  readonly forge: { readonly kind: ForgeKind; readonly url: string };
}

export interface Cluster {
  readonly name: string;
  readonly exposure: Exposure;
  readonly ingressNamespace: string;
  readonly imagePullSecrets: readonly string[];
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** Private ranges (CIDR) that pods may reach. */
  readonly egress: readonly string[];
  /** The platform's own objects for every environment, as `cluster.frame` lists them. */
  readonly frame: readonly Manifest[];
}

export interface Application {
  readonly name: ApplicationName;
  readonly chart: ChartReference;
  /** The first has no prefix. */
  readonly repositories: readonly ApplicationRepository[];
  readonly images: Readonly<Record<string, ImageSource>>;
  /** The platform's rules with this application's own on top. */
  readonly pullRequests: PullRequestRules;
  readonly variables: Readonly<Record<string, string>>;
  readonly overrides: OverrideRules;
}

export interface ChartReference {
  /** Absolute path. */
  readonly file: string;
  /** `charts/shop.ts#Shop`; absent: the module's one exported EnvironmentChart. */
  readonly exportName?: string;
}

export interface ApplicationRepository {
  readonly name: RepositoryName;
  readonly prefix?: Prefix;
}

export interface ImageSource {
  /** Placeholders `{headSha}` and `{number}`; absent: the reference arrives by `--image` alone. */
  readonly template?: string;
  /** With several repositories: whose pull requests build it. */
  readonly repository?: RepositoryName;
  /** For the pull requests of the other repositories. */
  readonly otherwise?: string;
}

export interface PullRequestRules {
  readonly label: 'optional' | 'required';
  readonly drafts: boolean;
  readonly bots: boolean;
  readonly forks: 'never' | 'approved';
  readonly charts: 'repository' | 'platform';
  /** Globs: `*` within a path segment, `**` across. */
  readonly baseBranches: readonly string[];
  readonly paths: readonly string[];
}

export interface OverrideRules {
  readonly components: boolean;
  readonly variables: readonly string[];
  /** Longest lifetime that may be asked for; milliseconds. */
  readonly lifetime: number;
  readonly keep: boolean;
  readonly presets: readonly PresetName[];
}

export interface Preset {
  readonly name: PresetName;
  readonly prefix: Prefix;
  /** Milliseconds, counted from the last head commit; absent: until the pull request closes. */
  readonly lifetime?: number;
  readonly quota: Quota;
  readonly variables: Readonly<Record<string, string>>;
}

/** Kubernetes quantities, but for `pods`. */
export interface Quota {
  readonly cpu: string;
  readonly memory: string;
  readonly storage: string;
  readonly pods: number;
}

export interface Limits {
  readonly total: number;
  readonly perRepository: number;
  readonly perAuthor: number;
  /** The breaker: how many removals one run may make; a share counts what is in the tree. Never below 3. */
  readonly removals: { readonly count: number } | { readonly percent: number };
}

export interface PolicyConfig {
  readonly images: 'digest' | 'pinned' | 'any';
  /** Absent: any. */
  readonly registries?: readonly string[];
  readonly podSecurity: 'restricted' | 'baseline';
  /** `group/Kind`, namespaced, beside the built-in ones. */
  readonly kinds: readonly string[];
  /** `ClusterSecretStore/preview`; empty: none. */
  readonly secretStores: readonly string[];
}

export interface FeedbackConfig {
  readonly comment: boolean;
  readonly deployment: 'shared' | 'each' | 'off';
  readonly status: boolean;
}
