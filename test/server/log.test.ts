import { describe, expect, test } from '@jest/globals';
import { redactor } from '../../src/cli/redact.js';
import { secretValues } from '../../src/config/environment.js';
import { jsonLog } from '../../src/server/log.js';
import { metricsOf } from '../../src/server/metrics.js';
import { manualClock } from './support.js';

const planted = {
  BIVOUAC_GITOPS_TOKEN: 'git-"quoted"+\\back/slash==',
  BIVOUAC_GITHUB_TOKEN: 'hub_t0ken&7a1e44%2f',
  BIVOUAC_WEBHOOK_SECRET: 'hook secret ünïcode 🔑'.replaceAll(' ', '_'),
  BIVOUAC_WEBHOOK_SECRET_PREVIOUS: 'the-0ne-bef0re',
  BIVOUAC_PLATFORM_TOKEN: 'platform~t0ken',
  BIVOUAC_PRIVATE_KEY: '-----BEGIN KEY-----\nfirst-line-0f-it\nsec0nd-line-of-it\n-----END KEY-----',
};

const formsOf = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    Buffer.from(`x-access-token:${secret}`).toString('base64').replace(/=+$/, ''),
  ];
};

describe('the log', () => {
  const scene = () => {
    const lines: string[] = [];
    const clean = redactor(secretValues(planted));
    return { lines, log: jsonLog({ clock: manualClock(), write: (line) => lines.push(line), clean }) };
  };

  test('one JSON object a line', () => {
    const { lines, log } = scene();
    log('info', 'listening', { port: 80, text: 'a\nb', error: new Error('no'), list: [{ a: 1 }] });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(lines[0]!)).toEqual({
      time: '2026-11-25T10:00:00.000Z',
      level: 'info',
      event: 'listening',
      port: 80,
      text: 'a\nb',
      error: 'no',
      list: [{ a: 1 }],
    });
  });

  test.each(Object.entries(planted))(
    '%s never shows, wherever it comes from and whatever it looks like',
    (_name, secret) => {
      const { lines, log } = scene();
      const lineOf = (text: string) => text.split('\n');
      for (const value of [secret, ...lineOf(secret).filter((line) => !line.startsWith('-----'))])
        for (const form of formsOf(value)) {
          log('error', 'failed', { message: new Error(`before ${form} after`), deep: { list: [`x${form}x`] } });
          log('warn', `event ${form}`, { json: JSON.stringify({ inner: `said ${form}` }) });
          log('info', 'key', { [form]: 1 });
        }
      const said = lines.join('');
      for (const value of [secret, ...lineOf(secret).filter((line) => !line.startsWith('-----'))])
        for (const form of formsOf(value)) {
          expect(said).not.toContain(form);
          expect(lines.map((line) => JSON.stringify(JSON.parse(line))).join('')).not.toContain(form);
        }
      expect(said).toContain('[secret]');
    },
  );

  test('a text without end is cut', () => {
    const { lines, log } = scene();
    log('info', 'long', { text: 'x'.repeat(100_000) });
    expect(lines[0]!.length).toBeLessThan(5_000);
  });
});

test('metrics: counters by labels, histograms by bounds, gauges as they are', () => {
  let value = 1;
  const metrics = metricsOf({
    hits_total: { type: 'counter', help: 'Hits.' },
    seconds: { type: 'histogram', help: 'Time.' },
    level: { type: 'gauge', help: 'Level.', read: () => value },
  });
  metrics.count('hits_total');
  metrics.count('hits_total', { of: 'a"b\n' }, 2);
  metrics.observe('seconds', 0.3);
  metrics.observe('seconds', 1000);
  value = 7;
  const text = metrics.print();
  expect(text).toContain('# TYPE hits_total counter\nhits_total 1\nhits_total{of="a_b_"} 2\n');
  expect(text).toContain('seconds_bucket{le="0.25"} 0\nseconds_bucket{le="0.5"} 1\n');
  expect(text).toContain(
    'seconds_bucket{le="120"} 1\nseconds_bucket{le="+Inf"} 2\nseconds_sum 1000.3\nseconds_count 2\n',
  );
  expect(text).toContain('# TYPE level gauge\nlevel 7\n');
  expect(() => metrics.count('misses_total')).toThrow('no such metric');
});
