import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import {
  EnvironmentChart,
  type EnvironmentProps,
  Postgres,
  Seed,
  Teardown,
  WebService,
} from '../../charts/constructs/index.js';
import type { Construct } from '../../charts/constructs/index.js';
import type { FileTree, Manifest } from '../../src/model/manifest.js';
import { printObject } from '../../src/model/manifest.js';
import { check } from '../../src/policy/check.js';
import { environmentFiles } from '../../src/synth/environment.js';
import { parseRecord } from '../../src/synth/record.js';
import { teardownOf, teardownTasks } from '../../src/synth/teardown.js';
import { at, textsAt } from '../../src/synth/views.js';
import { aComponent, aConfig, aDesired, aWorkload } from './builders.js';

const image = 'ghcr.io/acme/cleaner:1.0.0';

/** A shop that keeps files in a bucket elsewhere. */
class Shop extends EnvironmentChart {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);
    const database = new Postgres(this, 'database', { seed: Seed.task({ image }) });
    const variables = { DATABASE_URL: database.url };
    new WebService(this, 'web', { image, port: 80, primary: true, variables, migrate: { command: ['migrate'] } });
    new Teardown(this, 'bucket', { image, command: ['empty'], variables, deadlineSeconds: 300 });
  }
}

const now = new Date('2026-11-24T08:00:00.400Z');
const forge = { kind: 'github', url: 'https://github.com' } as const;

const stored = (state: 'active' | 'asleep' = 'active', ...more: Parameters<typeof aComponent>[1][]) => {
  const desired = aDesired({ state });
  const { components } = Shop.synthesize(desired.spec);
  const own = more.length === 0 ? [] : [aComponent('own', ...more)];
  return { ...environmentFiles({ desired, components: [...components, ...own], config: aConfig() }), components };
};
const teardown = ({ files, record }: Pick<ReturnType<typeof stored>, 'files' | 'record'>) =>
  teardownOf(files, { record, now, forge });
const objects = (files: FileTree | undefined): ReadonlyMap<string, Manifest> =>
  new Map(
    [...(files ?? [])]
      .filter(([path]) => path.startsWith('manifests/'))
      .flatMap(([, text]) => parseAllDocuments(text).map((each) => each.toJS() as Manifest))
      .map((manifest) => [printObject(manifest).replace(/-[0-9a-f]{10}$/, ''), manifest]),
  );
const replicas = (manifest: Manifest | undefined) => at(manifest, 'spec', 'replicas');
const cronJob = (name: string, more: Readonly<Record<string, unknown>> = {}, marked = true): Manifest => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name, ...(marked && { annotations: { 'bivouac.dev/teardown': 'true' } }) },
  spec: {
    schedule: '0 0 1 1 *',
    suspend: true,
    jobTemplate: { spec: { ...(aWorkload(name, { kind: 'Job' })['spec'] as object), ...more } },
  },
});

describe('a declared teardown task', () => {
  const { components, record } = stored();
  const declared = objects(stored().files).get('CronJob/bucket-teardown');

  test('sleeps as a suspended CronJob, and passes every rule', () => {
    expect(at(declared, 'spec', 'suspend')).toBe(true);
    expect(check(components, { spec: aDesired().spec, config: aConfig() })).toEqual([]);
    expect(record.components).toContain('bucket');
  });
  test('is let in where it refers to', () => {
    const labels = textsAt(declared, 'spec', 'jobTemplate', 'spec', 'template', 'metadata', 'labels');
    expect(labels).toMatchObject({ 'bivouac.dev/needs-database': 'true', 'bivouac.dev/task': 'teardown' });
  });
});

describe('the files of a teardown', () => {
  const before = stored();
  const torn = teardown(before);
  const [old, after] = [objects(before.files), objects(torn?.files)];

  test('hold the task as a Job, data, and no other workload', () => {
    expect([...after.keys()].filter((object) => /^(Deployment|StatefulSet|Job|CronJob)/.test(object)).sort()).toEqual([
      'Deployment/web',
      'Job/bucket-teardown',
      'StatefulSet/database',
    ]);
    expect(replicas(after.get('Deployment/web'))).toBe(0);
    expect(after.get('StatefulSet/database')).toEqual(old.get('StatefulSet/database'));
  });

  test('make the Job of the schedule’s template, under a name that its content gives', () => {
    const job = after.get('Job/bucket-teardown');
    expect(job).toMatchObject({
      apiVersion: 'batch/v1',
      metadata: { namespace: 'shop-pr-42', annotations: { 'bivouac.dev/teardown': 'true' } },
      spec: { activeDeadlineSeconds: 300, backoffLimit: 4 },
    });
    expect(at(job, 'spec', 'template')).toEqual(
      at(old.get('CronJob/bucket-teardown'), 'spec', 'jobTemplate', 'spec', 'template'),
    );
    expect(torn?.tasks).toEqual([`Job/${job?.metadata.name}`]);
    expect(job?.metadata.name).toMatch(/^bucket-teardown-[0-9a-f]{10}$/);
    expect(teardownTasks(torn?.files ?? new Map())).toEqual(torn?.tasks);
  });

  test('leave every other byte as it was', () => {
    const same = ['manifests/namespace.yaml', 'manifests/frame.yaml'];
    for (const path of same) expect(torn?.files.get(path)).toBe(before.files.get(path));
    const kept = [...after].filter(([object]) => old.has(object) && object !== 'Deployment/web');
    expect(kept.map(([, manifest]) => manifest)).toEqual(kept.map(([object]) => old.get(object)));
    expect(kept.length).toBeGreaterThan(10);
  });

  test('hold a record that says until when, and is one', () => {
    const read = parseRecord(torn?.files.get('environment.json') ?? '');
    expect(read).toEqual({ kind: 'record', record: torn?.record });
    expect(torn?.record).toEqual({ ...before.record, state: 'teardown', expiresAt: '2026-11-24T08:10:00Z' });
    expect(torn?.files.get('README.md')).toContain('It is being removed');
    expect(torn?.files.get('README.md')).toContain('2026-11-24 08:10:00 UTC at the latest');
  });

  test('are the same each time, and never made of an environment that declares none', () => {
    expect(teardown(before)).toEqual(torn);
    expect(teardown({ files: torn!.files, record: torn!.record })).toBeUndefined();
    const plain = environmentFiles({
      desired: aDesired(),
      components: [aComponent('web', aWorkload('web'))],
      config: aConfig(),
    });
    expect(teardown(plain)).toBeUndefined();
  });

  test('wake the data of a sleeping one', () => {
    const asleep = stored('asleep');
    expect(replicas(objects(asleep.files).get('StatefulSet/database'))).toBe(0);
    const woken = objects(teardown(asleep)?.files);
    expect(replicas(woken.get('StatefulSet/database'))).toBe(1);
    expect(replicas(woken.get('Deployment/web'))).toBe(0);
  });

  test('keep what can’t be read, and drop a file that held nothing but Jobs', () => {
    const { files, record } = stored('active', aWorkload('own', { kind: 'Job' }));
    const broken = new Map([...files, ['manifests/web.yaml', 'kind: [']]);
    const after = teardown({ files: broken, record });
    expect(after?.files.get('manifests/web.yaml')).toBe('kind: [');
    expect(after?.files.has('manifests/own.yaml')).toBe(false);
    expect(after?.record.components).toContain('own'); // it comes back with the environment
  });
});

describe('a chart that makes the mark its own', () => {
  const jobOf = (manifest: Manifest) => {
    const torn = teardown(stored('active', manifest));
    return { torn, job: objects(torn?.files).get(`Job/${manifest.metadata.name}`) };
  };

  test.each([
    [7 * 86_400, 3_600, '2026-11-24T09:05:00Z'],
    [1, 60, '2026-11-24T08:10:00Z'], // the other task has 300
    [1e308, 3_600, '2026-11-24T09:05:00Z'],
    [90.5, 600, '2026-11-24T08:15:00Z'],
    ['long', 600, '2026-11-24T08:15:00Z'],
    [undefined, 600, '2026-11-24T08:15:00Z'],
  ])('gets no more time than there is: %s seconds are %s', (asked, seconds, until) => {
    const { torn, job } = jobOf(cronJob('own', { activeDeadlineSeconds: asked }));
    expect(at(job, 'spec', 'activeDeadlineSeconds')).toBe(seconds);
    expect(torn?.record.expiresAt).toBe(until);
  });
  test('leaves a short task the time that a controller needs to start it', () => {
    const { files, record } = environmentFiles({
      desired: aDesired(),
      components: [aComponent('own', cronJob('own', { activeDeadlineSeconds: 60 }))],
      config: aConfig(),
    });
    expect(teardown({ files, record })?.record.expiresAt).toBe('2026-11-24T08:06:00Z'); // five minutes, and its own one
  });
  test('gets no Job that starts again, waits, or picks its own pods', () => {
    const { job } = jobOf(
      cronJob('own', { ttlSecondsAfterFinished: 1, suspend: true, manualSelector: true, selector: {} }),
    );
    expect(Object.keys(job?.['spec'] as object)).toEqual(['activeDeadlineSeconds', 'template']);
  });
  test('gets nothing for another kind, nor for an unmarked schedule', () => {
    const deployment = aWorkload('own', { annotations: { 'bivouac.dev/teardown': 'true' } });
    const torn = teardown(stored('active', deployment, { ...cronJob('later', {}, false), spec: { suspend: false } }));
    expect(torn?.tasks).toHaveLength(1);
    expect(replicas(objects(torn?.files).get('Deployment/own'))).toBe(0);
    expect(at(objects(torn?.files).get('CronJob/later'), 'spec', 'suspend')).toBe(true);
  });
});
