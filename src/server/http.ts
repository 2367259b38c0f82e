import { Hono } from 'hono';
import { type BodyLimits, readBody } from './body.js';
import { isSigned } from './signature.js';

/** What became of a delivery that was well signed. */
export type Receipt =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'ignored'; readonly why: string }
  | { readonly kind: 'nonsense'; readonly why: string }
  /** Nothing more is taken for a while. */
  | { readonly kind: 'busy' };

/** Where one kind of sender delivers. */
export interface Mailbox {
  /** In lower case. */
  readonly signatureHeader: string;
  readonly signaturePrefix: string;
  readonly receive: (headers: Readonly<Record<string, string>>, payload: unknown) => Receipt;
}

export interface HttpParts {
  /** By the last part of the path: `/webhooks/github`. */
  readonly mailbox: (name: string) => Mailbox | undefined;
  /** One, or two while they are changed; never empty. */
  readonly secrets: readonly string[];
  readonly readiness: () => { readonly ready: boolean } & Readonly<Record<string, unknown>>;
  readonly metrics: () => string;
  /** Told of every delivery's answer. */
  readonly answered: (mailbox: string, status: number) => void;
  readonly limits?: BodyLimits;
}

const defaultLimits: BodyLimits = { largestBytes: 5_000_000, slowestMs: 10_000 };
/** Seconds after which whoever was turned away may try again. */
const retryAfter = '30';

type Status = 202 | 400 | 401 | 404 | 408 | 413 | 503;
interface Answer {
  readonly status: Status;
  readonly said: string;
}

/** Deliveries, health and metrics; any other address is not found. Knows nothing of what deliveries are about. */
export const httpApp = (parts: HttpParts): Hono => {
  const app = new Hono();
  app.post('/webhooks/:mailbox', async (c) => {
    const name = c.req.param('mailbox');
    const mailbox = parts.mailbox(name);
    const { status, said } = mailbox === undefined ? notFound : await deliver(c.req.raw, mailbox, parts);
    parts.answered(mailbox === undefined ? 'unknown' : name, status);
    if (status === 413 || status === 408) c.header('connection', 'close'); // what is still to come isn't read
    if (status === 503) c.header('retry-after', retryAfter);
    return c.text(`${said}\n`, status);
  });
  app.get('/healthz', (c) => c.text('ok\n'));
  app.get('/readyz', (c) => {
    const state = parts.readiness();
    return c.json(state, state.ready ? 200 : 503);
  });
  app.get('/metrics', (c) => c.text(parts.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4' }));
  app.notFound((c) => c.text('not found\n', 404));
  app.onError((_error, c) => c.text('an error of ours\n', 500));
  return app;
};

const notFound: Answer = { status: 404, said: 'nobody delivers here' };

const deliver = async (request: Request, mailbox: Mailbox, { secrets, limits }: HttpParts): Promise<Answer> => {
  const signature = request.headers.get(mailbox.signatureHeader);
  if (signature === null) return { status: 401, said: `there is no ${mailbox.signatureHeader}` };
  const body = await readBody(request, limits ?? defaultLimits);
  if ('refused' in body) return refusals[body.refused];
  if (!isSigned({ body: body.bytes, signature, prefix: mailbox.signaturePrefix }, secrets))
    return { status: 401, said: 'the signature is not that of this body' };
  const payload = parse(body.bytes);
  if (payload === undefined) return { status: 400, said: 'the body is no JSON object' };
  const receipt = mailbox.receive(Object.fromEntries(request.headers), payload);
  switch (receipt.kind) {
    case 'accepted':
      return { status: 202, said: 'accepted' };
    case 'ignored':
      return { status: 202, said: `ignored: ${receipt.why}` };
    case 'nonsense':
      return { status: 400, said: receipt.why };
    case 'busy':
      return { status: 503, said: 'too much is waiting' };
  }
};

const refusals = {
  'too large': { status: 413, said: 'the body is too large' },
  'too slow': { status: 408, said: 'the body came too slowly' },
  'broken off': { status: 400, said: 'the body broke off' },
} as const;

const parse = (body: Buffer): object | undefined => {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};
