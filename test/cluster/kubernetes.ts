import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { type IncomingMessage, request as plain } from 'node:http';
import { request as secure, type RequestOptions } from 'node:https';

/** An object as the API server shows it. */
export interface Live {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp: string;
    readonly finalizers?: readonly string[];
  };
  readonly spec?: unknown;
  readonly status?: unknown;
}

/** What tests do to a cluster, by paths; the product's own client only reads. */
export interface Kubernetes {
  /** Undefined: 404. */
  get(path: string): Promise<Live | undefined>;
  list(path: string): Promise<readonly Live[]>;
  /** Makes it so, whoever owns its fields (a server-side apply). */
  apply(path: string, object: unknown): Promise<void>;
  merge(path: string, patch: unknown): Promise<void>;
  /** Twice does no harm. */
  remove(path: string): Promise<void>;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string;
}

/** The cluster that KUBECONFIG names. */
export const connect = (kubeconfig: string): Kubernetes => {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const server = config.getCurrentCluster()?.server ?? '';
  const ask = async ({ method, path, body, type = 'application/json' }: Asked): Promise<Live | undefined> => {
    const options: RequestOptions = { method, headers: { accept: 'application/json', 'content-type': type } };
    await config.applyToHTTPSOptions(options);
    const [status, text] = await send(new URL(server + path), options, body);
    if (status === 404) return undefined;
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 400)}`);
    return JSON.parse(text) as Live;
  };
  return {
    get: (path) => ask({ method: 'GET', path }),
    list: async (path) =>
      ((await ask({ method: 'GET', path })) as { items?: readonly Live[] } | undefined)?.items ?? [],
    apply: async (path, body) => {
      const query = '?fieldManager=bivouac-test&force=true';
      await ask({ method: 'PATCH', path: path + query, body, type: 'application/apply-patch+yaml' });
    },
    merge: async (path, body) => {
      await ask({ method: 'PATCH', path, body, type: 'application/merge-patch+json' });
    },
    remove: async (path) => {
      await ask({ method: 'DELETE', path });
    },
  };
};

const send = (url: URL, options: RequestOptions, body: unknown): Promise<readonly [number, string]> =>
  new Promise((resolve, reject) => {
    const begin = url.protocol === 'http:' ? plain : secure;
    const sent = begin(url, { ...options, signal: AbortSignal.timeout(30_000) }, (answer) => {
      read(answer).then((text) => resolve([answer.statusCode ?? 0, text]), reject);
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });

const read = async (answer: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
};

/** Where objects lie whose kinds the suite makes. */
export const places = {
  application: (name: string) => `/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/${name}`,
  set: (name: string) => `/apis/argoproj.io/v1alpha1/namespaces/argocd/applicationsets/${name}`,
  project: (name: string) => `/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/${name}`,
  secret: (namespace: string, name: string) => `/api/v1/namespaces/${namespace}/secrets/${name}`,
  namespace: (name: string) => `/api/v1/namespaces/${name}`,
  pods: (namespace: string) => `/api/v1/namespaces/${namespace}/pods`,
} as const;
