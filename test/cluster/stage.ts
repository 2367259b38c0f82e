import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createWorld, type Ended, leaksIn, type World } from '../cli/harness.js';
import { addCommit, type Entry } from '../git/fixture.js';
import { applyArgoCd, giveStorage, objectsIn } from './argocd.js';
import { connect, type Kubernetes, type Live, places } from './kubernetes.js';
import { until } from './seen.js';

const root = join(import.meta.dirname, '..', '..');
const program = join(root, 'dist/cli/main.cjs');

export interface StageOptions {
  /** Seconds between Argo CD's looks at the repository. @default 3 */
  readonly poll?: number;
  /** @default 'argocd' */
  readonly controller?: 'argocd' | 'flux';
  /** Of Argo CD's API; absent: everything is read through KUBECONFIG. */
  readonly url?: string;
  /** Lines at the end of `bivouac.yaml`. */
  readonly configuration?: string;
  /** Further files of the platform, by their paths: a frame, a chart. */
  readonly files?: Readonly<Record<string, string>>;
  /** @default 'charts/shop.ts' */
  readonly chart?: string;
}

/** A platform whose GitOps repository the cluster's controller watches, for an application of a name that nobody else has. */
export interface Stage {
  readonly world: World;
  readonly kubernetes: Kubernetes;
  readonly application: string;
  /** Runs the command line with everything that a job has, KUBECONFIG among it. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** A pull request is opened, or pushed to. */
  push(number: number, sha?: string): string;
  /** Somebody commits past Bivouac. */
  commit(entries: Readonly<Record<string, Entry | undefined>>): Promise<string>;
  /** Changes one file of an environment by hand. */
  edit(path: string, change: (text: string) => string): Promise<string>;
  /** `<application>-pr-42` */
  name(environment: string): string;
  /** `environments/<application>/pr-42` */
  directory(environment: string): string;
  address(environment: string): string;
  end(): Promise<void>;
}

/** A commit of the application. */
export const anySha = (): string => randomBytes(20).toString('hex');

export const createStage = async (options: StageOptions = {}): Promise<Stage> => {
  const kubeconfig = process.env['KUBECONFIG'] ?? '';
  const kubernetes = connect(kubeconfig);
  await giveStorage(kubernetes);
  const world = await createWorld();
  const application = `t${randomBytes(3).toString('hex')}`;
  await writePlatform(world, application, options);
  await addCommit(world.git.directory(), {
    entries: { 'README.md': '# Environments\n', 'flux/README.md': 'Bivouac’s.\n' },
  });

  const run: Stage['run'] = async (args, env = {}) => {
    const ended = await bivouac(args, {
      cwd: world.platform,
      env: { ...world.secrets, KUBECONFIG: kubeconfig, ...env },
    });
    const leaked = leaksIn(ended.stdout + ended.stderr);
    if (leaked.length > 0) throw new Error(`bivouac ${args.join(' ')} shows ${leaked.join(', ')}`);
    return ended;
  };
  const built = await run(['build']);
  if (built.code !== 0) throw new Error(built.stderr);
  const stage = { world, kubernetes, application, run };
  const remove = options.controller === 'flux' ? await installFlux(stage) : await installArgoCd(stage, options);
  const commit: Stage['commit'] = async (entries) => {
    for (let attempt = 1; ; attempt++)
      try {
        return await addCommit(world.git.directory(), { entries });
      } catch (error) {
        if (attempt === 20) throw error; // another push came first, as often as not one of Bivouac's
      }
  };
  const heads = new Set<number>();
  return {
    ...stage,
    commit,
    push: (number, sha = anySha()) => {
      if (heads.has(number)) world.github.push(number, sha);
      else world.github.openPullRequest({ number, headSha: sha });
      heads.add(number);
      return sha;
    },
    edit: async (path, change) => commit({ [path]: change(`${await world.read(path)}\n`) }),
    name: (environment) => `${application}-${environment}`,
    directory: (environment) => `environments/${application}/${environment}`,
    address: (environment) => `${application}/${environment}`,
    end: async () => {
      await remove();
      await world.end();
    },
  };
};

const bivouac = (
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      ...{ cwd, timeout: 600_000, stdio: ['ignore', 'pipe', 'pipe'] },
      env: { PATH: process.env['PATH'], ...env },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });

const writePlatform = async (world: World, application: string, options: StageOptions): Promise<void> => {
  const { platform, git } = world;
  await cp(join(root, 'charts/shop.ts'), join(platform, 'charts/shop.ts'));
  for (const [path, text] of Object.entries(options.files ?? {})) await writeFile(join(platform, path), text);
  const yaml = `version: 1
gitops: { repository: ${git.url()} }
controller: { kind: ${options.controller ?? 'argocd'}${options.url === undefined ? '' : `, url: ${options.url}`} }
domain: preview.example.com
applications:
  ${application}:
    chart: ${options.chart ?? 'charts/shop.ts'}
    repositories: [acme/shop]
    images: { api: 'ghcr.io/acme/shop-api:{headSha}', web: 'ghcr.io/acme/shop-web:{headSha}', seed: ghcr.io/acme/shop-seed:1.4.0 }
    variables: { LOG_LEVEL: info }
    overrides: { components: true, variables: [LOG_LEVEL], presets: [pull-request, e2e, benchmark] }
limits: { total: 1000, perRepository: 1000, perAuthor: 1000, removals: 100% }
policy: { registries: [ghcr.io/acme, docker.io/library] }
${options.configuration ?? ''}`;
  await writeFile(join(platform, 'bivouac.yaml'), yaml);
};

type Installing = Pick<Stage, 'world' | 'kubernetes' | 'application' | 'run'>;

/** What `bivouac init gitops` prints, applied as an administrator would; gives what removes all of it. */
const installArgoCd = async (stage: Installing, { poll = 3 }: StageOptions): Promise<() => Promise<void>> => {
  const { world, kubernetes, application, run } = stage;
  const repository = { url: world.git.url(), username: 'x-access-token', password: world.git.token };
  const objects = await printed(run, ['init', 'gitops']);
  return applyArgoCd(kubernetes, { application, repository, objects, poll });
};

const printed = async (run: Stage['run'], args: readonly string[]): Promise<readonly Live[]> => {
  const { code, stdout, stderr } = await run(args);
  if (code !== 0) throw new Error(`bivouac ${args.join(' ')}: ${stderr}`);
  return objectsIn(stdout);
};

/** Flux's root objects, as `init gitops --controller flux` prints them. */
const installFlux = async ({ world, kubernetes, run }: Installing): Promise<() => Promise<void>> => {
  const at = (kind: string, name: string): string =>
    kind === 'GitRepository'
      ? `/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories/${name}`
      : `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/${name}`;
  const secret = places.secret('flux-system', 'environments');
  await kubernetes.apply(secret, {
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'environments', namespace: 'flux-system' } },
    stringData: { username: 'x-access-token', password: world.git.token },
  });
  const made: string[] = [];
  for (const object of await printed(run, ['init', 'gitops', '--controller', 'flux'])) {
    const kind = object.kind ?? '';
    if (kind !== 'GitRepository' && kind !== 'Kustomization') continue;
    const spec = { ...(object.spec as object), interval: '5s' };
    await kubernetes.apply(at(kind, object.metadata.name), { ...object, spec });
    made.unshift(at(kind, object.metadata.name));
  }
  return async () => {
    for (const path of made) {
      await kubernetes.remove(path);
      await until(60, async () => (await kubernetes.get(path)) === undefined, { what: () => `${path} stays` });
    }
    await kubernetes.remove(secret);
  };
};
