import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { delimiter, dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { userError } from '../../model/errors.js';
import type { Cluster, ClusterAnswer, ClusterObject, Patch, Query } from './cluster.js';
import { failureOfCredentials, failureOfRequest, failureOfStatus, firstLine } from './failure.js';
import { type Exchange, send } from './request.js';

export interface ClusterOptions {
  /** Path, or several as KUBECONFIG has them; `in-cluster`: the pod’s own ServiceAccount. */
  readonly kubeconfig: string;
  /** A context of it. @default its current one */
  readonly context?: string;
}

/** Objects a page. */
const pageSize = '500';

/**
 * Opens what a kubeconfig names, with every way to sign in that the library knows (tokens, client certificates, exec plugins). Asks
 * nothing yet. The only file that knows `@kubernetes/client-node`: of it, the kubeconfig alone is used.
 * @throws UserError KubeconfigInvalid
 */
export const openCluster = async (options: ClusterOptions): Promise<Cluster> => {
  const config = await load(options);
  const server = serverOf(config, options.kubeconfig);
  const ask = async (call: Call): Promise<ClusterAnswer> => {
    const url = urlOf(server, call);
    const where = `${url.host}${url.pathname}`;
    const answer = await send(await exchangeOf({ config, url, call, where })).catch((error: unknown) => {
      throw failureOfRequest(error, where);
    });
    const body = bodyOf(answer.text);
    if (isOutage(answer.status, body)) throw failureOfStatus(answer.status, wordsOf(body, answer.text), where);
    if (answer.status < 300 && body === undefined) throw failureOfRequest(new Error('its answer is no JSON'), where);
    return { status: answer.status, body: body ?? { message: firstLine(answer.text) }, warnings: answer.warnings };
  };
  const read: Read = (path) => ask({ method: 'GET', path, query: undefined });
  const get = async (path: string, query?: Query): Promise<ClusterObject | undefined> => {
    const { status, body } = await ask({ method: 'GET', path, query });
    if (status === 404 && (isStatus404(body) || (await isNotServed(path, read)))) return undefined;
    if (status === 404) throw failureOfRequest(new Error(foreign404), `${server}${path}`);
    if (status >= 300) throw failureOfStatus(status, wordsOf(body, ''), `${server}${path}`);
    return body;
  };
  return {
    server,
    get,
    list: async (path, query) => {
      const found: ClusterObject[] = [];
      let next: string | undefined = '';
      while (next !== undefined) {
        const page = await get(path, { limit: pageSize, ...query, ...(next === '' ? {} : { continue: next }) });
        if (page === undefined) return undefined;
        if (Array.isArray(page['items'])) found.push(...(page['items'] as readonly ClusterObject[]));
        const token = page.metadata?.['continue'];
        next = typeof token === 'string' && token !== '' ? token : undefined;
      }
      return found;
    },
    patch: (patch) => ask({ method: 'PATCH', path: patch.path, query: patch.query, patch }),
  };
};

interface Call {
  readonly method: 'GET' | 'PATCH';
  readonly path: string;
  readonly query: Query | undefined;
  readonly patch?: Patch;
}

const load = async ({ kubeconfig, context }: ClusterOptions): Promise<KubeConfig> => {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  try {
    if (kubeconfig === 'in-cluster') config.loadFromCluster();
    else
      for (const [index, file] of kubeconfig.split(delimiter).filter(Boolean).entries()) {
        const one = new KubeConfig();
        one.loadFromFile(file);
        readTokenFiles(one, file);
        if (index === 0) config.loadFromOptions(one);
        else config.mergeConfig(one, true);
      }
  } catch (error) {
    throw invalid(kubeconfig, firstLine((error as Error).message));
  }
  if (context !== undefined) config.setCurrentContext(context);
  return config;
};

/** The library knows this key by another name only, and a token’s file as an auth provider, which it reads anew each minute. */
const readTokenFiles = (config: KubeConfig, file: string): void => {
  const { users } = parse(readFileSync(file, 'utf8')) as { readonly users?: readonly RawUser[] };
  for (const { name, user } of users ?? [])
    if (user?.tokenFile !== undefined)
      Object.assign(config.getUser(name) ?? {}, {
        authProvider: { name: 'tokenFile', config: { tokenFile: resolve(dirname(file), user.tokenFile) } },
      });
};
interface RawUser {
  readonly name: string;
  readonly user?: { readonly tokenFile?: string };
}

const serverOf = (config: KubeConfig, kubeconfig: string): string => {
  const cluster = config.getCurrentCluster();
  if (!cluster?.server || !URL.canParse(cluster.server))
    throw invalid(kubeconfig, `its current context (${config.getCurrentContext()}) names no cluster with an address`);
  // the library refuses plain http (kubectl proxy) unless told that nothing is verified there
  if (cluster.server.startsWith('http:')) Object.assign(cluster, { skipTLSVerify: true });
  return cluster.server.replace(/\/+$/, '');
};

const invalid = (kubeconfig: string, why: string) =>
  userError('KubeconfigInvalid', `the kubeconfig can’t be used: ${why}`, {
    where: kubeconfig,
    remedy: 'Check KUBECONFIG: kubectl config view --minify shows what is in use.',
  });

const urlOf = (server: string, { path, query = {} }: Call): URL => {
  const url = new URL(`${server}${path}`);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  return url;
};

interface Asking {
  readonly config: KubeConfig;
  readonly url: URL;
  readonly call: Call;
  readonly where: string;
}

/** Credentials are read anew for each request: tokens in files and of plugins change. */
const exchangeOf = async ({ config, url, call, where }: Asking): Promise<Exchange> => {
  const options: RequestOptions = {
    method: call.method,
    headers: {
      accept: 'application/json',
      'user-agent': 'bivouac',
      ...(call.patch && { 'content-type': call.patch.contentType }),
    },
  };
  await config.applyToHTTPSOptions(options).catch((error: unknown) => {
    throw failureOfCredentials(error, where);
  });
  return { url, options, ...(call.patch && { body: JSON.stringify(call.patch.body) }) };
};

/** A server-side apply of an unknown field is a 500 with a `Status` (tried with 1.36): an answer, and no outage. */
const isOutage = (status: number, body: ClusterObject | undefined): boolean =>
  status === 401 || status === 429 || status > 500 || (status === 500 && body?.kind !== 'Status');

const isStatus404 = ({ kind, ...body }: ClusterObject): boolean => kind === 'Status' && body['code'] === 404;

const foreign404 = 'a 404 that isn’t the API server’s, but of something before it';

type Read = (path: string) => Promise<ClusterAnswer>;

/** An API server’s 404 for what it doesn’t serve is the text of any web server. Its own lists of groups and kinds tell whether it is one. */
const isNotServed = async (path: string, read: Read): Promise<boolean> => {
  const [, base = '', version, kind] =
    /^(\/api\/v1|\/apis\/([^/]+\/[^/]+))(?:\/(?:namespaces\/[^/]+\/)?([^/]+))?/.exec(path) ?? [];
  if (version !== undefined) {
    const groups = await listed(read('/apis'), { kind: 'APIGroupList', key: 'groups' });
    const versions = groups?.flatMap((group) => (group['versions'] ?? []) as readonly ClusterObject[]);
    if (versions === undefined) return false;
    if (versions.every((each) => each['groupVersion'] !== version)) return true;
  }
  if (kind === undefined) return false;
  const kinds = await listed(read(base), { kind: 'APIResourceList', key: 'resources' });
  return kinds?.every((each) => each['name'] !== kind) ?? false;
};

const listed = async (
  answer: Promise<ClusterAnswer>,
  { kind, key }: { readonly kind: string; readonly key: string },
): Promise<readonly ClusterObject[] | undefined> => {
  const { status, body } = await answer;
  const items = body[key];
  return status === 200 && body.kind === kind && Array.isArray(items) ? (items as readonly ClusterObject[]) : undefined;
};

const bodyOf = (text: string): ClusterObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as ClusterObject) : undefined;
  } catch {
    return undefined;
  }
};

const wordsOf = (body: ClusterObject | undefined, text: string): string =>
  typeof body?.['message'] === 'string' ? body['message'] : text;
