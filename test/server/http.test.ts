import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readBody } from '../../src/server/body.js';
import { httpApp, type Receipt } from '../../src/server/http.js';
import { listen, type Listening } from '../../src/server/listen.js';
import { sign } from './support.js';

const [secret, previous] = ['the secret of now', 'the one before'];

describe('deliveries over HTTP', () => {
  let server: Listening;
  let receipt: Receipt = { kind: 'accepted' };
  const received: unknown[] = [];
  const answers: string[] = [];
  const failures: unknown[] = [];
  let breaks = false;
  beforeAll(async () => {
    const app = httpApp({
      mailbox: (name) =>
        name === 'github'
          ? {
              signatureHeader: 'x-hub-signature-256',
              signaturePrefix: 'sha256=',
              receive: (headers, payload) => {
                if (breaks) throw new Error('a mistake');
                received.push({ event: headers['x-github-event'], payload });
                return receipt;
              },
            }
          : undefined,
      served: () => 'github',
      secrets: [secret, previous],
      readiness: () => ({ since: 'now' }),
      metrics: () => {
        if (breaks) throw new Error('another mistake');
        return 'up 1\n';
      },
      failed: (error) => failures.push(error),
      answered: (mailbox, status) => answers.push(`${mailbox} ${status}`),
      limits: { largestBytes: 1000, slowestMs: 300 },
    });
    server = await listen(app, { port: 0, hostname: '127.0.0.1' });
  });
  afterAll(() => server.stop());

  const url = (path: string): string => `http://127.0.0.1:${server.port}${path}`;
  const post = async (body: string | Buffer, headers: Record<string, string> = {}, to = '/webhooks/github') => {
    const response = await fetch(url(to), {
      method: 'POST',
      body,
      headers: { 'x-github-event': 'ping', 'x-hub-signature-256': `sha256=${sign(body, secret)}`, ...headers },
    });
    return { status: response.status, text: await response.text(), retry: response.headers.get('retry-after') };
  };

  test('well signed by either secret: taken at once', async () => {
    received.length = 0;
    const body = '{ "a":  1 }';
    expect(await post(body)).toMatchObject({ status: 202, text: 'accepted\n' });
    expect((await post(body, { 'x-hub-signature-256': `sha256=${sign(body, previous)}` })).status).toBe(202);
    expect(received).toEqual([1, 2].map(() => ({ event: 'ping', payload: { a: 1 } })));
  });

  test('what the receiver answers becomes a status', async () => {
    const cases: readonly (readonly [Receipt, number])[] = [
      [{ kind: 'ignored', why: 'a ping' }, 202],
      [{ kind: 'nonsense', why: 'no number' }, 400],
      [{ kind: 'busy' }, 503],
    ];
    for (const [given, status] of cases) {
      receipt = given;
      expect(await post('{}')).toMatchObject({ status, retry: status === 503 ? '30' : null });
    }
    receipt = { kind: 'accepted' };
  });

  test('a signature of another kind, of another body, or none', async () => {
    received.length = 0;
    const body = '{"a":1}';
    const right = sign(body, secret);
    const flipped = [...right].map(
      (digit, at) => right.slice(0, at) + (digit === '0' ? '1' : '0') + right.slice(at + 1),
    );
    const wrong = [
      ...flipped.map((digits) => `sha256=${digits}`),
      `sha256=${sign('{ "a": 1 }', secret)}`,
      `sha256=${sign(body, 'another')}`,
      `sha1=${right.slice(0, 40)}`,
      `sha256=${right.toUpperCase()}`,
      `sha256=${right}00`,
      right,
      '',
      'sha256=',
    ];
    for (const signature of wrong)
      expect({ signature, ...(await post(body, { 'x-hub-signature-256': signature })) }).toMatchObject({ status: 401 });
    const unsigned = await fetch(url('/webhooks/github'), { method: 'POST', body });
    expect(unsigned.status).toBe(401);
    expect(received).toEqual([]);
  });

  test('well signed nonsense', async () => {
    for (const body of ['', 'null', '"text"', '{"a":', '['.repeat(900), Buffer.from([0xff, 0xfe, 0x00])])
      expect((await post(body)).status).toBe(400);
  });

  test('a form: what to set instead', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const headers of [form, {}])
      expect(await post('payload=%7B%7D', headers)).toMatchObject({
        status: 400,
        text: 'the body is no JSON object: set the webhook’s content type to application/json\n',
      });
    expect((await post('{"a":')).text).toBe('the body is no JSON object\n');
  });

  test('any other address is not found, where one delivers takes nothing but deliveries, and the three of our own answer', async () => {
    expect(await post('{}', {}, '/webhooks/gitlab')).toMatchObject({
      status: 404,
      text: 'nobody delivers here: deliveries go to /webhooks/github\n',
    });
    expect((await fetch(url('/webhooks/gitlab'))).status).toBe(404);
    expect((await post('{}', {}, '/')).status).toBe(404);
    for (const method of ['GET', 'PUT']) {
      const looked = await fetch(url('/webhooks/github'), { method });
      expect([looked.status, looked.headers.get('allow'), await looked.text()]).toEqual([
        405,
        'POST',
        'POST deliveries here\n',
      ]);
    }
    expect((await fetch(url('/healthz'))).status).toBe(200);
    expect(await (await fetch(url('/readyz'))).json()).toEqual({ since: 'now' });
    const metrics = await fetch(url('/metrics'));
    expect([metrics.headers.get('content-type'), await metrics.text()]).toEqual([
      'text/plain; version=0.0.4',
      'up 1\n',
    ]);
    expect(new Set(answers)).toEqual(new Set(['github 202', 'github 400', 'github 401', 'github 503', 'unknown 404']));
  });

  test('a mistake of ours is answered, told of and counted', async () => {
    breaks = true;
    expect(await post('{}')).toMatchObject({ status: 500, text: 'an error of ours\n' });
    expect((await fetch(url('/metrics'))).status).toBe(500);
    breaks = false;
    expect(failures).toEqual([new Error('a mistake'), new Error('another mistake')]);
    expect(answers.at(-1)).toBe('github 500');
  });

  /** Sends bytes as they are, the later ones one by one; gives what comes back. */
  const raw = (first: string, drip?: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(server.port, '127.0.0.1');
      let text = '';
      const timer = drip === undefined ? undefined : setInterval(() => socket.write(drip), 50);
      socket.on('data', (chunk) => {
        text += chunk.toString();
        if (text.includes('\r\n\r\n')) socket.end();
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(timer);
        resolve(text);
      });
      socket.write(first);
    });
  const head = (more: string): string =>
    `POST /webhooks/github HTTP/1.1\r\nhost: x\r\nx-hub-signature-256: sha256=${sign('', secret)}\r\n${more}\r\n\r\n`;

  test('a body that is announced as too large is not read; one that becomes so isn’t kept', async () => {
    expect(await raw(head('content-length: 1000000000'))).toContain('413');
    const chunk = `3e8\r\n${'x'.repeat(1000)}\r\n`;
    expect(await raw(head('transfer-encoding: chunked') + chunk + chunk)).toContain('413');
  });

  test('a body that comes byte by byte is given up, and meanwhile others are served', async () => {
    const slow = Array.from({ length: 20 }, () => raw(head('content-length: 900'), 'x'));
    expect((await post('{}')).status).toBe(202);
    for (const answer of await Promise.all(slow)) expect(answer).toContain('408');
  });

  test('all bodies together have a bound, and give back what they took', async () => {
    const room = { left: 1500 };
    const limits = { largestBytes: 1000, slowestMs: 10_000 };
    const held = new TransformStream<Uint8Array, Uint8Array>();
    const request = (body: ReadableStream<Uint8Array> | string) =>
      new Request('http://x', { method: 'POST', body, duplex: 'half' });
    const first = readBody(request(held.readable), limits, room);
    const writer = held.writable.getWriter();
    await writer.write(new Uint8Array(900));
    expect(await readBody(request('x'.repeat(900)), limits, room)).toEqual({ refused: 'too many' });
    expect(room.left).toBe(600);
    await writer.close();
    expect(await first).toEqual({ bytes: Buffer.alloc(900) });
    expect(await readBody(request('x'.repeat(900)), limits, room)).toEqual({ bytes: Buffer.from('x'.repeat(900)) });
    expect(room.left).toBe(1500);
  });

  test('a port that is taken', async () => {
    await expect(listen(httpApp(null as never), { port: server.port, hostname: '127.0.0.1' })).rejects.toMatchObject({
      code: 'PortUnavailable',
    });
  });
});
