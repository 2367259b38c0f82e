import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import {
  type Construct,
  EnvironmentChart,
  type EnvironmentProps,
  Postgres,
  Seed,
  Teardown,
  WebService,
} from '../../charts/constructs/index.js';
import type { EnvironmentRecord } from '../../src/model/environment.js';
import type { Component, FileTree, Manifest } from '../../src/model/manifest.js';
import { environmentFiles } from '../../src/synth/environment.js';
import { printRecord } from '../../src/synth/record.js';
import { restate, type Restated, type Restatement, type Restating } from '../../src/synth/restate.js';
import { at } from '../../src/synth/views.js';
import { aCluster, aComponent, aDesired, aSpec, aWorkload } from './builders.js';

const image = 'ghcr.io/acme/shop:1.0.0';
const day = 86_400_000;
const now = new Date('2026-11-24T08:00:00.400Z');
const config = aCluster({ exposure: aSpec().exposure });

class Shop extends EnvironmentChart {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);
    const database = new Postgres(this, 'database', { seed: Seed.task({ image }) });
    const variables = { DATABASE_URL: database.url };
    new WebService(this, 'web', { image, port: 80, primary: true, variables, migrate: { command: ['migrate'] } });
    new Teardown(this, 'bucket', { image, command: ['empty'], variables });
  }
}

const shop = Shop.synthesize(aDesired().spec).components;
const rendered = (components: readonly Component[], state: 'active' | 'asleep' = 'active') =>
  environmentFiles({ desired: aDesired({ state }), components, config });
type Stored = Pick<Restated, 'files' | 'record'>;
const restating = ({ files, record }: Stored, how: Restatement, at = now): Restating =>
  restate(files, how, { record, now: at, config });
const restated = (stored: Stored, how: Restatement, at = now): Restated => {
  const answer = restating(stored, how, at);
  if (answer.kind !== 'restated') throw new Error(answer.said);
  return answer;
};
const texts = (files: FileTree) => Object.fromEntries(files);
const withRecord = ({ files, record }: Stored, change: Partial<EnvironmentRecord>): Stored => {
  const next = { ...record, ...change };
  return { files: new Map([...files, ['environment.json', printRecord(next)]]), record: next };
};
const asleepShop = () => restated(rendered(shop), { kind: 'sleep' });

const workload = (name: string, spec: Readonly<Record<string, unknown>>, kind = 'Deployment'): Manifest => {
  const { spec: usual, ...rest } = aWorkload(name, kind === 'StatefulSet' ? { kind } : {});
  return { ...rest, kind, spec: { template: at(usual, 'template'), ...spec } };
};
const cronJob = (name: string, spec: Readonly<Record<string, unknown>>): Manifest => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name },
  spec: { schedule: '0 3 * * *', jobTemplate: { spec: aWorkload(name, { kind: 'Job' })['spec'] }, ...spec },
});
const objects = (files: FileTree, path: string): readonly Manifest[] =>
  parseAllDocuments(files.get(path) ?? '').map((each) => each.toJS() as Manifest);

describe('sleep', () => {
  test('is what charts give for a sleeping environment, byte for byte', () => {
    expect(texts(asleepShop().files)).toEqual(texts(rendered(shop, 'asleep').files));
    expect(texts(restated(rendered(shop, 'asleep'), { kind: 'wake' }).files)).toEqual(texts(rendered(shop).files));
  });

  test('stops pods and schedules, and keeps what waking needs beside them', () => {
    const own = aComponent(
      'own',
      aWorkload('own'),
      cronJob('often', { suspend: false }),
      cronJob('held', { suspend: true }),
    );
    const { files } = restated(rendered([own]), { kind: 'sleep' });
    expect(
      objects(files, 'manifests/own.yaml').map(({ spec, metadata }) => [spec, metadata.annotations]),
    ).toMatchObject([
      [{ replicas: 0 }, { 'bivouac.dev/replicas': '2' }],
      [{ suspend: true }, { 'bivouac.dev/suspend': 'false' }],
      [{ suspend: true }, undefined],
    ]);
    expect(files.get('README.md')).toContain('**It is asleep: nothing runs.**');
    expect(objects(asleepShop().files, 'manifests/web.yaml').find(({ kind }) => kind === 'Deployment')).toMatchObject({
      spec: { replicas: 0 },
      metadata: { name: 'web' },
    });
  });

  const annotations = fc.option(
    fc.dictionary(fc.constantFrom('a/b', 'z', 'bivouac.dev/optional'), fc.string(), { minKeys: 1 }),
    {
      nil: undefined,
    },
  );
  const scaled = fc.record({ replicas: fc.integer({ min: 0, max: 9 }), paused: fc.boolean() }, { requiredKeys: [] });
  const scheduled = fc.record({ suspend: fc.boolean() }, { requiredKeys: [] });
  const parts = fc.array(
    fc.tuple(
      fc.oneof(
        scaled.map((spec) => workload('own', spec)),
        scaled.map((spec) => workload('own', spec, 'StatefulSet')),
        scheduled.map((spec) => cronJob('own', spec)),
        fc.constant(aWorkload('own', { kind: 'Job' })),
      ),
      annotations,
    ),
    { minLength: 1, maxLength: 6 },
  );

  test('and wake give back every byte but of the record’s state, and charts agree with both', () => {
    fc.assert(
      fc.property(parts, (all) => {
        const manifests = all.map(([manifest, notes], index) => ({
          ...manifest,
          metadata: { name: `own-${index}`, ...(notes !== undefined && { annotations: notes }) },
        }));
        const components = [aComponent('own', ...manifests)];
        const before = rendered(components);
        const slept = restated(before, { kind: 'sleep' });
        expect(texts(slept.files)).toEqual(texts(rendered(components, 'asleep').files));
        expect(texts(restated(slept, { kind: 'wake' }).files)).toEqual(texts(before.files));
      }),
    );
  });

  test('twice is once, and so is waking', () => {
    expect(restating(asleepShop(), { kind: 'sleep' })).toEqual({ kind: 'same', said: 'shop/pr-42 is asleep already' });
    expect(restating(rendered(shop), { kind: 'wake' })).toEqual({ kind: 'same', said: 'shop/pr-42 is awake already' });
  });

  test('a memory that somebody broke wakes as usual', () => {
    const { files, record } = restated(rendered([aComponent('own', aWorkload('own'))]), { kind: 'sleep' });
    const path = 'manifests/own.yaml';
    const broken = new Map([
      ...files,
      [path, files.get(path)!.replace(/bivouac.dev\/replicas: .*/, 'bivouac.dev/replicas: many')],
    ]);
    const [own] = objects(restated({ files: broken, record }, { kind: 'wake' }).files, path);
    expect(own).toMatchObject({ spec: { replicas: 1 } });
    expect(own?.metadata.annotations).toBeUndefined();
  });
});

describe('extend', () => {
  const lifetime = (milliseconds: number) => {
    const [name, application] = [...config.applications][0]!;
    const overrides = { ...application.overrides, lifetime: milliseconds };
    return { ...config, applications: new Map([[name, { ...application, overrides }]]) };
  };

  test('moves the end and nothing else', () => {
    const before = rendered(shop);
    const { files, record, said } = restated(before, { kind: 'extend', by: 2 * day });
    expect(record).toEqual({ ...before.record, expiresAt: '2026-12-02T10:04:05Z' });
    expect(said).toBe('extended: it ends 2026-12-02 10:04 UTC');
    const differing = [...files].filter(([path, text]) => before.files.get(path) !== text).map(([path]) => path);
    expect(differing).toEqual(['README.md', 'environment.json']);
    expect(files.get('README.md')).toContain('2026-12-02 10:04 UTC');
  });

  test('keeps a sleeping one asleep', () => {
    const { files, record } = restated(asleepShop(), { kind: 'extend', by: day });
    expect(record).toMatchObject({ state: 'asleep', expiresAt: '2026-12-01T10:04:05Z' });
    expect(files.get('manifests/web.yaml')).toBe(asleepShop().files.get('manifests/web.yaml'));
  });

  test('counts from now where the end is over', () => {
    const at = new Date('2026-12-05T00:00:00.900Z');
    expect(restated(rendered(shop), { kind: 'extend', by: day }, at).record.expiresAt).toBe('2026-12-06T00:00:00Z');
  });

  test('goes to the latest possible end and not a second further', () => {
    const { files, record } = rendered(shop);
    const left = Date.parse('2026-11-30T10:04:05Z') - Date.parse('2026-11-24T08:00:00Z');
    const by = (most: number) => restate(files, { kind: 'extend', by: day }, { record, now, config: lifetime(most) });
    expect(by(left + day)).toMatchObject({ kind: 'restated', record: { expiresAt: '2026-12-01T10:04:05Z' } });
    expect(by(left + day - 1000)).toEqual({
      kind: 'too-long',
      said: expect.stringMatching(/ends 2026-11-30 10:04 UTC, and 2026-12-01 10:04 UTC is the latest/),
    });
  });

  test('has nothing to do where there is no end', () => {
    const endless = withRecord(rendered(shop), { expiresAt: '' });
    expect(restating(endless, { kind: 'extend', by: day })).toEqual({
      kind: 'same',
      said: 'shop/pr-42 has no end: there is nothing to extend',
    });
  });
});

test.each([{ kind: 'extend', by: day }, { kind: 'sleep' }, { kind: 'wake' }] as const)(
  '$kind: not while it is being removed',
  (how) => {
    const leaving = withRecord(rendered(shop), { state: 'teardown' });
    expect(restating(leaving, how)).toMatchObject({ kind: 'leaving', said: expect.stringMatching(/is being removed/) });
  },
);

test('a file that can’t be understood is never taken for one that sleeps', () => {
  const { files, record } = rendered(shop);
  const broken = { files: new Map([...files, ['manifests/web.yaml', 'a: [']]), record };
  expect(() => restating(broken, { kind: 'sleep' })).toThrow(expect.objectContaining({ code: 'UnreadableManifest' }));
});
