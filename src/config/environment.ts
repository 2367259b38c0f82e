import { userError } from '../model/errors.js';

/** Variables as a frozen copy: what came in at the entrance, for everyone who needs some of it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The only place that touches `process.env`. Windows calls the search path `Path`. `DEBUG` goes: what libraries print for it holds
 * the variables of child processes, and tokens among them.
 */
export const readEnvironment = (): Environment => {
  delete process.env['DEBUG'];
  const copy: Record<string, string | undefined> = { ...process.env };
  if (copy['PATH'] === undefined && copy['Path'] !== undefined) copy['PATH'] = copy['Path'];
  return Object.freeze(copy);
};

/** Secrets have variables and no flags. */
export interface Secrets {
  readonly gitopsToken?: string;
  readonly githubToken?: string;
  readonly gitlabToken?: string;
  readonly giteaToken?: string;
  readonly argocdToken?: string;
  readonly webhookSecret?: string;
  /** Still taken while senders go over to the other. */
  readonly webhookSecretPrevious?: string;
  readonly platformToken?: string;
  readonly appId?: string;
  readonly privateKey?: string;
}

/** The first variable that is set and not empty counts. */
const variablesOf: Readonly<Record<keyof Secrets, readonly string[]>> = {
  gitopsToken: ['BIVOUAC_GITOPS_TOKEN'],
  githubToken: ['BIVOUAC_GITHUB_TOKEN', 'GITHUB_TOKEN'],
  gitlabToken: ['BIVOUAC_GITLAB_TOKEN'],
  giteaToken: ['BIVOUAC_GITEA_TOKEN'],
  argocdToken: ['BIVOUAC_ARGOCD_TOKEN'],
  webhookSecret: ['BIVOUAC_WEBHOOK_SECRET'],
  webhookSecretPrevious: ['BIVOUAC_WEBHOOK_SECRET_PREVIOUS'],
  platformToken: ['BIVOUAC_PLATFORM_TOKEN'],
  appId: ['BIVOUAC_APP_ID'],
  privateKey: ['BIVOUAC_PRIVATE_KEY'],
};

/** What the job's own runner puts beside ours. */
const foreign: readonly string[] = ['GITHUB_TOKEN', 'ACTIONS_RUNTIME_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'];

/** Empty ones count as absent, as CI systems hand out secrets that aren't there. @throws UserError InvalidSecret, without the value */
export const secretsOf = (env: Environment): Secrets =>
  Object.fromEntries(
    Object.entries(variablesOf).flatMap(([name, variables]) => {
      const variable = variables.find((candidate) => (env[candidate] ?? '') !== '');
      const value = variable === undefined ? undefined : env[variable];
      return variable === undefined || value === undefined ? [] : [[name, checked(variable, value)]];
    }),
  );

/** Linux's own bound for one variable. */
const secretLimit = 131_072;
/** People make these up, and whoever guesses one may send what they like; characters. */
const leastOfOwn = 16;

const checked = (variable: string, value: string): string => {
  const problem = problemOf(variable, value);
  if (problem === undefined) return value;
  throw userError('InvalidSecret', `${variable} ${problem}`, {
    where: variable,
    remedy: isOwn(variable)
      ? 'Set it to a long random text (openssl rand -hex 32), without quotes, and give the webhook the same one.'
      : 'Set it again, without quotes and line end.',
  });
};

const problemOf = (variable: string, value: string): string | undefined => {
  if (value.length > secretLimit) return 'is longer than 128 kB';
  if (variable === 'BIVOUAC_PRIVATE_KEY') return undefined;
  if (/[\s\p{Cc}]/u.test(value)) return 'holds a space or a line end';
  if (/^(["']).*\1$/.test(value)) return 'is in quotes, which would be part of it';
  return isOwn(variable) && value.length < leastOfOwn ? `is shorter than ${leastOfOwn} characters` : undefined;
};

const isOwn = (variable: string): boolean => variable.startsWith('BIVOUAC_WEBHOOK_SECRET');

/** Everything that must never be shown, longest first: each value, its lines, and as it looks in a URL. Short ones would hide ordinary text. */
export const secretValues = (env: Environment): readonly string[] => {
  const names = [...Object.values(variablesOf).flat(), ...foreign].filter((name) => name !== 'BIVOUAC_APP_ID');
  const values = names.flatMap((name) => {
    const value = env[name] ?? '';
    return [value, value.trim(), encodeURIComponent(value), ...value.split(/\r?\n/)];
  });
  return [...new Set(values)]
    .filter((value) => value.length >= 6)
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
};

/** `pull-request` is `BIVOUAC_PULL_REQUEST`. */
export const flagVariable = (flag: string): string => `BIVOUAC_${flag.toUpperCase().replaceAll('-', '_')}`;

/** Whether a machine runs this: every CI system sets `CI`. */
export const isCi = (env: Environment): boolean => !['', 'false', '0'].includes(env['CI'] ?? '');

const gitVariables: readonly string[] = [
  ...['PATH', 'SYSTEMROOT', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP'],
  ...['HTTPS_PROXY', 'https_proxy', 'http_proxy', 'ALL_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy'],
  ...['GIT_SSL_CAINFO', 'GIT_PROXY_SSL_CAINFO', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['SSH_AUTH_SOCK', 'GIT_SSH', 'GIT_SSH_COMMAND'],
];

/** What git and its transports inherit: the search path, proxies, certificates, the ssh agent. No token, no `GIT_TRACE`. */
export const gitEnvironment = (env: Environment): Environment =>
  Object.freeze(
    Object.fromEntries(gitVariables.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
  );

/** Two switches of cdk8s change what charts give and can't be passed to it. @throws UserError Cdk8sVariable */
export const assertNoCdk8sVariables = (env: Environment): void => {
  const set = ['CDK8S_DISABLE_SORT', 'CDK8S_LEGACY_HASH'].filter((name) => env[name] !== undefined);
  if (set.length > 0)
    throw userError('Cdk8sVariable', `${set.join(' and ')} would change what charts give, so that no two runs agree.`, {
      where: set.join(', '),
      remedy: `Run \`unset ${set.join(' ')}\`.`,
    });
};

/** Files that name a cluster, as `kubectl` takes them; undefined: none is named, and the home folder isn't searched. */
export const kubeconfigOf = (env: Environment): string | undefined => env['KUBECONFIG'] || undefined;

/** Which serializer writes manifests. @default 'fast' @throws UserError InvalidVariable */
export const serializerOf = (env: Environment): 'fast' | 'reference' => {
  const value = env['BIVOUAC_SERIALIZER'] ?? '';
  if (value === '' || value === 'fast') return 'fast';
  if (value === 'reference') return 'reference';
  throw userError('InvalidVariable', 'BIVOUAC_SERIALIZER is neither "fast" nor "reference".', {
    where: 'BIVOUAC_SERIALIZER',
    remedy: 'Unset it.',
  });
};

const gitRungs = ['a', 'b', 'c', 'd', 'e'] as const;

/**
 * How much the first read of the GitOps repository asks for (`BIVOUAC_GIT_RUNG`): `a` the names of all environments, `b` those of one
 * application, `c` all directories without files, `d` step by step, `e` everything. A host that refuses one is asked for more.
 * @default the host's own: `c` on github.com, else `a` @throws UserError InvalidVariable
 */
export const gitRungOf = (env: Environment): (typeof gitRungs)[number] | undefined => {
  const value = env['BIVOUAC_GIT_RUNG'] ?? '';
  const rung = gitRungs.find((each) => each === value);
  if (value === '' || rung !== undefined) return rung;
  throw userError('InvalidVariable', 'BIVOUAC_GIT_RUNG is none of a, b, c, d, e.', {
    where: 'BIVOUAC_GIT_RUNG',
    remedy: 'Unset it, or choose a letter from docs/performance.md.',
  });
};
