import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { httpApp, type Receipt } from '../../src/server/http.js';
import { listen, type Listening } from '../../src/server/listen.js';
import { sign } from './support.js';

const [secret, previous] = ['the secret of now', 'the one before'];

describe('deliveries over HTTP', () => {
  let server: Listening;
  let receipt: Receipt = { kind: 'accepted' };
  const received: unknown[] = [];
  const answers: string[] = [];
  let ready = true;
  beforeAll(async () => {
    const app = httpApp({
      mailbox: (name) =>
        name === 'github'
          ? {
              signatureHeader: 'x-hub-signature-256',
              signaturePrefix: 'sha256=',
              receive: (headers, payload) => {
                received.push({ event: headers['x-github-event'], payload });
                return receipt;
              },
            }
          : undefined,
      secrets: [secret, previous],
      readiness: () => ({ ready, since: 'now' }),
      metrics: () => 'up 1\n',
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

  test('any other address and method is not found, and the three of our own answer', async () => {
    expect((await post('{}', {}, '/webhooks/gitlab')).status).toBe(404);
    expect((await post('{}', {}, '/')).status).toBe(404);
    expect((await fetch(url('/webhooks/github'))).status).toBe(404);
    expect((await fetch(url('/healthz'))).status).toBe(200);
    expect(await (await fetch(url('/readyz'))).json()).toEqual({ ready: true, since: 'now' });
    ready = false;
    expect((await fetch(url('/readyz'))).status).toBe(503);
    const metrics = await fetch(url('/metrics'));
    expect([metrics.headers.get('content-type'), await metrics.text()]).toEqual([
      'text/plain; version=0.0.4',
      'up 1\n',
    ]);
    expect(new Set(answers)).toEqual(new Set(['github 202', 'github 400', 'github 401', 'github 503', 'unknown 404']));
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

  test('a port that is taken', async () => {
    await expect(listen(httpApp(null as never), { port: server.port, hostname: '127.0.0.1' })).rejects.toMatchObject({
      code: 'PortUnavailable',
    });
  });
});
