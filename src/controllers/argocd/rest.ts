import type * as z from 'zod';
import { type BivouacError, refusedError, temporaryError, userError } from '../../model/errors.js';
import { cut } from '../kubernetes/words.js';

export interface RestOptions {
  /** `https://argocd.example.com`, or with the path below which it is served. */
  readonly url: string;
  /** Of a project role that may get applications and applicationsets. */
  readonly token: string;
  /** For one request, in milliseconds. @default 15000 */
  readonly deadlineMs?: number;
}

/** Undefined: Argo CD’s own 404, and nobody else’s. @throws RefusedError ControllerUnauthorized, ControllerForbidden, ControllerRefused, TemporaryError ControllerUnavailable */
export type Ask = <Schema extends z.ZodType>(
  path: string,
  query: Readonly<Record<string, string>>,
  schema: Schema,
) => Promise<z.infer<Schema> | undefined>;

/** A tree of some hundred pods is below 1 MiB. */
const sizeLimit = 8 * 1024 * 1024;

/** Argo CD’s REST API, read only. @throws UserError InvalidControllerUrl */
export const openRest = ({ url, token, deadlineMs = 15_000 }: RestOptions): Ask => {
  const base = baseOf(url);
  return async (path, query, schema) => {
    const target = new URL(`${base}/api/v1/${path}?${new URLSearchParams(query).toString()}`);
    const where = `${target.origin}${target.pathname}`;
    const { status, text } = await send(target, token, deadlineMs).catch((error: unknown) => {
      throw unavailable(where, reasonOf(error, deadlineMs));
    });
    if (status === 404 && isArgoCds404(text)) return undefined;
    if (status === 404) throw unavailable(where, 'a 404 that isn’t Argo CD’s, but of something before it');
    if (status !== 200) throw failureOf(status, text, where);
    const found = schema.safeParse(jsonOf(text));
    if (!found.success) throw unavailable(where, 'its answer isn’t Argo CD’s (is a sign-in page in front of it?)');
    return found.data;
  };
};

const baseOf = (url: string): string => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isSafe = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && loopback.test(parsed.hostname));
  if (parsed === undefined || !isSafe || parsed.username !== '' || parsed.search !== '' || parsed.hash !== '')
    throw userError('InvalidControllerUrl', 'controller.url is no https address of an Argo CD', {
      where: 'controller.url',
      remedy: 'Write https://argocd.example.com: plain http is for loopback alone, since the token goes along.',
    });
  return parsed.href.replace(/\/+$/, '');
};

const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

const send = async (url: URL, token: string, deadlineMs: number) => {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': 'bivouac' },
    redirect: 'manual', // the token stays with this host
    signal: AbortSignal.timeout(deadlineMs),
  });
  return { status: response.status, text: await read(response) };
};

const read = async ({ body }: Response): Promise<string> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > sizeLimit) throw new Error(`its answer is longer than ${sizeLimit / 1024 / 1024} MiB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** gRPC’s code for what isn’t found. A proxy’s “404 page not found” tells nothing about what is there. */
const isArgoCds404 = (text: string): boolean => {
  const { code } = (jsonOf(text) ?? {}) as { readonly code?: unknown };
  return code === 5;
};

/** fetch says “fetch failed”, and why in its cause. */
const reasonOf = (error: unknown, deadlineMs: number): string => {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return `no answer within ${deadlineMs / 1000} s`;
  const { message: deeper = '', code = '' } = (cause ?? {}) as NodeJS.ErrnoException;
  return [message, deeper === '' ? code : deeper].filter((part) => part !== '').join(': ');
};

const failureOf = (status: number, text: string, where: string): BivouacError => {
  const said = saidIn(text);
  if (status === 401)
    return refusedError('ControllerUnauthorized', `Argo CD refuses the token: ${said}`, {
      where,
      remedy:
        'The token is wrong or expired: argocd proj role create-token <application>-environments status, and set BIVOUAC_ARGOCD_TOKEN.',
    });
  if (status === 403)
    return refusedError('ControllerForbidden', `Argo CD forbids it: ${said}`, {
      where,
      remedy:
        'The token must be of the role `status` of this application’s project (get on applications and applicationsets): ' +
        '`bivouac init gitops` writes it, an administrator applies it.',
    });
  if (status >= 500 || status === 429) return unavailable(where, `it answered ${status}: ${said}`);
  return refusedError('ControllerRefused', `Argo CD refused with ${status}: ${said}`, {
    where,
    remedy: 'Check controller.url: a redirect means that Argo CD is at another address, or behind a sign-in page.',
  });
};

const saidIn = (text: string): string => {
  const { message } = (jsonOf(text) ?? {}) as { readonly message?: unknown };
  return cut(typeof message === 'string' ? message : text).slice(0, 200);
};

const unavailable = (where: string, why: string): BivouacError =>
  temporaryError('ControllerUnavailable', `Argo CD can’t be read: ${cut(why)}`, {
    where,
    remedy: 'Run again. If it stays, check controller.url and whether Argo CD can be reached from here.',
  });
