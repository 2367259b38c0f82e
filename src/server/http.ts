import { Hono } from 'hono';
import { type BodyLimits, readBody, type Room } from './body.js';
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
  /** The name of the mailbox that there is: whoever delivers elsewhere is told. */
  readonly served: () => string;
  /** One, or two while they are changed; never empty. */
  readonly secrets: readonly string[];
  /** What it works with; asked for once it works, so that an answer means that it does. */
  readonly readiness: () => object;
  readonly metrics: () => string;
  /** Told of every delivery's answer. */
  readonly answered: (mailbox: string, status: number) => void;
  /** Told of a mistake of ours, which was answered with 500. */
  readonly failed: (error: unknown) => void;
  readonly limits?: BodyLimits;
}

/** A text on GitHub has 256 KiB at most (65,536 characters), a delivery three of them (an edited comment), and little besides. */
const defaultLimits: BodyLimits = { largestBytes: 1_000_000, slowestMs: 10_000 };
/** Of all bodies at a time: anybody may send until the signature is known, and memory is 512 MiB in our chart. */
const roomBytes = 64_000_000;
/** Seconds after which whoever was turned away may try again. */
const retryAfter = '30';

type Status = 202 | 400 | 401 | 404 | 408 | 413 | 500 | 503;
interface Answer {
  readonly status: Status;
  readonly said: string;
}

/** Deliveries, health and metrics; any other address is not found. Knows nothing of what deliveries are about. */
export const httpApp = (parts: HttpParts): Hono => {
  const app = new Hono();
  const room: Room = { left: roomBytes };
  const broken = (error: unknown): Answer => {
    parts.failed(error);
    return mistake;
  };
  app.post('/webhooks/:mailbox', async (c) => {
    const name = c.req.param('mailbox');
    const mailbox = parts.mailbox(name);
    const { status, said } =
      mailbox === undefined ? notFound(parts) : await deliver(c.req.raw, mailbox, { ...parts, room }).catch(broken);
    parts.answered(mailbox === undefined ? 'unknown' : name, status);
    if (status === 413 || status === 408 || status === 503) c.header('connection', 'close'); // what is still to come isn't read
    if (status === 503) c.header('retry-after', retryAfter);
    return c.text(`${said}\n`, status);
  });
  app.all('/webhooks/:mailbox', (c) => {
    if (parts.mailbox(c.req.param('mailbox')) === undefined) return c.text(`${notFound(parts).said}\n`, 404);
    return c.text('POST deliveries here\n', 405, { allow: 'POST' });
  });
  app.get('/healthz', (c) => c.text('ok\n'));
  app.get('/readyz', (c) => c.json(parts.readiness()));
  app.get('/metrics', (c) => c.text(parts.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4' }));
  app.notFound((c) => c.text('not found\n', 404));
  app.onError((error, c) => {
    const { said, status } = broken(error);
    return c.text(`${said}\n`, status);
  });
  return app;
};

const notFound = ({ served }: HttpParts): Answer => ({
  status: 404,
  said: `nobody delivers here: deliveries go to /webhooks/${served()}`,
});
const mistake: Answer = { status: 500, said: 'an error of ours' };

interface Delivering extends HttpParts {
  readonly room: Room;
}

const deliver = async (request: Request, mailbox: Mailbox, delivering: Delivering): Promise<Answer> => {
  const { secrets, limits = defaultLimits, room } = delivering;
  const signature = request.headers.get(mailbox.signatureHeader);
  if (signature === null) return { status: 401, said: `there is no ${mailbox.signatureHeader}` };
  const body = await readBody(request, limits, room);
  if ('refused' in body) return refusals[body.refused];
  if (!isSigned({ body: body.bytes, signature, prefix: mailbox.signaturePrefix }, secrets))
    return { status: 401, said: 'the signature is not that of this body' };
  const payload = parse(body.bytes);
  if (payload === undefined)
    return { status: 400, said: `the body is no JSON object${isForm(request, body.bytes) ? asJson : ''}` };
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
  'too many': { status: 503, said: 'too many bodies come at a time' },
  'broken off': { status: 400, said: 'the body broke off' },
} as const;

/** What code hosts send unless they are told otherwise. */
const isForm = ({ headers }: Request, body: Buffer): boolean =>
  (headers.get('content-type') ?? '').startsWith('application/x-www-form-urlencoded') ||
  body.subarray(0, formStart.length).equals(formStart);
const formStart = Buffer.from('payload=');
const asJson = ': set the webhook’s content type to application/json';

const parse = (body: Buffer): object | undefined => {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};
