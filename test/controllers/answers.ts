import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Expected } from '../../src/controllers/port.js';
import type { Clock } from '../../src/model/clock.js';
import { parseId } from '../../src/model/names.js';

/** What real controllers answered, cut to what matters: `argocd/answers/quota.json`. */
export const answer = <Value = Readonly<Record<string, unknown>>>(name: string): Value =>
  JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8')) as Value;

export const id = parseId('shop/pr-42');

export const images = [
  'ghcr.io/acme/shop-api:1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
  'docker.io/library/postgres:16',
  'ghcr.io/acme/shop-seed:1.4.0',
  'ghcr.io/acme/shop-web:1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
];

/** Manifests that the revisions of the answers hold, but for those named. */
export const anExpected = (change: Partial<Expected> & { readonly but?: readonly string[] } = {}): Expected => {
  const { but = [], ...rest } = change;
  return { id, images, holds: (revision) => Promise.resolve(!but.includes(revision)), ...rest };
};

export interface FakeClock extends Clock {
  pass(milliseconds: number): void;
}

export const fakeClock = (): FakeClock => {
  let now = Date.parse('2026-11-25T23:40:00Z');
  return {
    now: () => new Date(now),
    wait: () => Promise.resolve(),
    random: () => 0.5,
    pass: (milliseconds) => {
      now += milliseconds;
    },
  };
};
