import { describe, expect, test } from '@jest/globals';
import type { Config } from '../../src/config/config.js';
import { candidates as candidatesOf } from '../../src/decide/candidates.js';
import { readPullRequest } from '../../src/line/truth.js';
import type { EnvironmentSpec } from '../../src/model/environment.js';
import { presetName, printId } from '../../src/model/names.js';
import type { Outcome } from '../../src/model/outcome.js';
import { pullRequestNumber, type PullRequest, repositoryId, repositoryName } from '../../src/model/pull-request.js';
import { reconcile, type Subject } from '../../src/reconcile.js';
import { sweep, type Sweep, type Swept, type SweepRequest } from '../../src/sweep.js';
import { Shop } from '../../charts/shop.js';
import {
  application,
  approval,
  config,
  day,
  head,
  later,
  now,
  otherHead,
  preset,
  pullRequest,
} from '../decide/builders.js';
import { memoryGitOps, type MemoryGitOps } from '../fakes/memory-gitops.js';
import { memoryHost, type MemoryHost } from '../fakes/memory-host.js';

const images = {
  api: { template: 'ghcr.io/acme/shop-api:{headSha}' },
  web: { template: 'ghcr.io/acme/shop-web:{headSha}' },
  seed: { template: 'ghcr.io/acme/shop-seed:1.4.0' },
};
const shopConfig = (more: Parameters<typeof config>[0] = {}): Config =>
  config({ applications: [application({ images })], limits: { perAuthor: 1000 }, ...more });

interface Scene {
  readonly host: MemoryHost;
  readonly git: MemoryGitOps;
  readonly rendered: string[];
  at: Date;
  open(number: number, more?: Partial<PullRequest>): void;
  change(number: number, more: Partial<PullRequest>): void;
  /** An event that was not missed. */
  event(number: number): Promise<readonly Outcome[]>;
  sweep(
    request?: Partial<SweepRequest>,
    ports?: Partial<Sweep>,
  ): Promise<Swept & { readonly brief: readonly string[] }>;
}

const scene = (settings: Config = shopConfig()): Scene => {
  const host = memoryHost();
  const git = memoryGitOps();
  const render = (spec: EnvironmentSpec) => {
    self.rendered.push(`${spec.application}/${spec.environment}`);
    return Promise.resolve().then(() => Shop.synthesize(spec));
  };
  const along = async (subject: Subject, mode: 'push' | 'dry-run' = 'push') => {
    const clock = { now: () => self.at, wait: () => Promise.resolve(), random: () => 0.5 };
    const line = { config: settings, repository: git, host, labels: host, render, clock, mode };
    const results = await reconcile(subject, { ...line, version: '0.0.0', serializer: 'fast' });
    return results.map(({ outcome }) => outcome);
  };
  const subjectOf: (item: Parameters<Sweep['reconcile']>[0]) => Subject = ({ ref, candidates }) => ({
    candidates,
    images: {},
    ...(ref !== undefined && { ref }),
    truth: () =>
      ref === undefined
        ? Promise.resolve({
            approvals: [],
            revision: { repository: repositoryName('acme/shop'), repositoryId: repositoryId(724712), sha: head },
          })
        : readPullRequest(ref, candidates, { host, config: settings }),
  });
  const self: Scene = {
    host,
    git,
    rendered: [],
    at: now,
    open: (number, more = {}) =>
      void host.pulls.set(number, pullRequest({ number: pullRequestNumber(number), ...more })),
    change: (number, more) => void host.pulls.set(number, { ...host.pulls.get(number)!, ...more }),
    event: (number) => {
      const ref = {
        forge: 'github',
        repository: repositoryName('acme/shop'),
        number: pullRequestNumber(number),
      } as const;
      const candidates = candidatesOf(ref, settings);
      return along(subjectOf({ name: '', ref, candidates, removes: [], renders: true, why: [] }));
    },
    sweep: async (request = {}, ports = {}) => {
      self.rendered.length = 0;
      const swept = await sweep(
        { max: 20, ...request },
        {
          config: settings,
          host,
          repository: git,
          clock: { now: () => self.at, wait: () => Promise.resolve(), random: () => 0.5 },
          reconcile: (item) => along(subjectOf(item)),
          ...ports,
        },
      );
      const brief = swept.outcomes.map(({ id, outcome, reason }) =>
        [id === undefined ? '' : printId(id), outcome, reason].join(' ').trim(),
      );
      return { ...swept, brief };
    },
  };
  return self;
};

describe('a sweep', () => {
  test('repairs what events missed, lowest number first, and then has nothing to do', async () => {
    const it = scene();
    for (const number of [1, 2, 3, 4]) {
      it.open(number);
      await it.event(number);
    }
    it.open(10);
    it.change(3, { headSha: otherHead });
    it.change(2, { state: 'closed' });
    it.change(4, { labels: ['bivouac:with-mailer'] });
    const swept = await it.sweep();
    expect(swept.brief).toEqual([
      'shop/pr-2 Removed Closed',
      'shop/pr-3 Updated HeadCommitChanged',
      'shop/pr-4 Updated SelectionChanged',
      'shop/pr-10 Created Opened',
      'Ignored ChartsChanged',
    ]);
    expect(it.rendered).toEqual(['shop/pr-3', 'shop/pr-4', 'shop/pr-10']);
    expect((await it.sweep()).brief).toEqual(['Ignored ChartsChanged']);
    expect(it.rendered).toEqual([]);
  });

  test('a label that was taken off, also where the override file explains what is in', async () => {
    const it = scene();
    it.open(1, { labels: ['bivouac:with-mailer'] });
    it.host.files.set(`${head}:.bivouac.yaml`, 'components: { with: [mailer] }');
    await it.event(1);
    it.change(1, { labels: [] });
    expect((await it.sweep()).brief).toEqual(['Ignored ChartsChanged']);
    it.host.files.clear();
    expect((await it.sweep()).brief).toEqual(['shop/pr-1 Updated SelectionChanged']);
  });

  test('lifetimes: what is over goes, with its label; what is kept stays', async () => {
    const it = scene();
    for (const number of [1, 2]) it.open(number);
    await it.event(1);
    await it.event(2);
    it.change(2, { labels: ['bivouac:keep'] });
    it.at = later(8 * day);
    expect((await it.sweep()).brief).toEqual(['shop/pr-1 Removed Expired', 'shop/pr-2 Updated Extended']);
    expect(it.host.pulls.get(1)!.labels).toEqual(['bivouac:expired']);
    expect((await it.sweep()).brief).toEqual(['Ignored ChartsChanged']);
  });

  test('each removal by proof: what can’t be read, or is open after all, stays', async () => {
    const it = scene();
    for (const number of [1, 2]) {
      it.open(number);
      await it.event(number);
    }
    const listed = it.host.listOpen.bind(it.host);
    const short = { ...it.host, listOpen: async () => (await listed(repositoryName('acme/shop'))).slice(2) };
    expect((await it.sweep({}, { host: short })).brief).toEqual(['Ignored ChartsChanged']);
    it.host.pulls.delete(1);
    const swept = await it.sweep();
    expect(swept.failures).toEqual([
      { name: 'acme/shop#1', error: expect.objectContaining({ code: 'CodeHostNotFound' }) as unknown },
    ]);
    expect(it.git.environments.size).toBe(2);
    const blind = { ...it.host, listOpen: () => Promise.reject(new Error('down')) };
    const unread = await it.sweep({}, { host: blind });
    expect(unread.failures.map(({ name }) => name)).toEqual(['acme/shop']);
    expect(unread.passedOver.map(({ id, why }) => `${printId(id)}: ${why}`)).toEqual([
      'shop/pr-1: acme/shop isn’t looked at',
      'shop/pr-2: acme/shop isn’t looked at',
    ]);
    expect(it.git.environments.size).toBe(2);
  });

  test('the breaker: too many removals are none; a number lets them through', async () => {
    const it = scene();
    for (let number = 1; number <= 10; number += 1) {
      it.open(number);
      await it.event(number);
    }
    for (const number of [1, 2, 3, 4]) it.change(number, { state: 'closed' });
    it.open(11);
    const tripped = await it.sweep();
    expect(tripped.brief).toEqual([
      ...[1, 2, 3, 4].map((number) => `shop/pr-${number} Rejected TooManyRemovals`),
      'shop/pr-11 Created Opened',
      'Ignored ChartsChanged',
    ]);
    expect(tripped.outcomes[0]!.message).toContain('--allow-removals N');
    expect((await it.sweep({ allowRemovals: 3 })).brief).toContain('shop/pr-1 Rejected TooManyRemovals');
    expect((await it.sweep({ allowRemovals: 4 })).brief.slice(0, 4)).toEqual(
      [1, 2, 3, 4].map((number) => `shop/pr-${number} Removed Closed`),
    );
  });

  test('the breaker doesn’t count a preset that .bivouac.yaml asks for, and counts one that nobody does any more', async () => {
    const e2e = { overrides: { presets: [presetName('pull-request'), presetName('e2e')] } };
    const it = scene(
      shopConfig({
        applications: [application({ images, ...e2e })],
        presets: [preset('pull-request', 'pr'), preset('e2e', 'e2e')],
      }),
    );
    it.host.files.set(`${head}:.bivouac.yaml`, 'preset: e2e');
    for (const number of [1, 2, 3, 4, 5]) {
      it.open(number);
      await it.event(number);
    }
    expect((await it.sweep()).brief).toEqual(['Ignored ChartsChanged']);
    it.change(5, { draft: true }); // a gate leaves what is there
    for (const number of [1, 2]) it.change(number, { state: 'closed' });
    const closed = (await it.sweep()).brief.filter((line) => !line.endsWith('Ignored Closed'));
    expect(closed).toEqual(['shop/e2e-1 Removed Closed', 'shop/e2e-2 Removed Closed', 'Ignored ChartsChanged']);
    expect([...it.git.environments.keys()].sort()).toEqual(['shop/e2e-3', 'shop/e2e-4', 'shop/e2e-5']);
    for (const number of [1, 2]) {
      it.change(number, { state: 'open' });
      await it.event(number);
    }
    it.host.files.clear();
    const tripped = await it.sweep();
    expect(tripped.brief).toEqual([1, 2, 3, 4, 5].map((number) => `shop/e2e-${number} Rejected TooManyRemovals`));
    expect(tripped.outcomes[0]!.message).toContain('remove 5 of 5 environments');
    expect(it.rendered).toEqual([]);
  });

  test('at most so many renderings, and what is left is named', async () => {
    const it = scene();
    for (let number = 1; number <= 6; number += 1) it.open(number);
    const swept = await it.sweep({ max: 2 });
    expect(swept.brief).toEqual(['shop/pr-1 Created Opened', 'shop/pr-2 Created Opened']);
    expect(swept.left).toEqual(['acme/shop#3', 'acme/shop#4', 'acme/shop#5', 'acme/shop#6']);
    expect(it.rendered).toHaveLength(2);
  });

  test('--refresh renders what nothing but charts or configuration would change', async () => {
    const it = scene();
    for (const number of [1, 2]) {
      it.open(number);
      await it.event(number);
    }
    expect((await it.sweep({ refresh: true })).brief).toEqual(['Ignored ChartsChanged']);
    expect(it.rendered).toEqual(['shop/pr-1', 'shop/pr-2']);
  });

  test('no rendering for what would be ignored; forks and paths are looked at more closely', async () => {
    const settings = shopConfig({
      applications: [application({ images, pullRequests: { forks: 'approved', paths: ['shop/**'] } })],
    });
    const it = scene(settings);
    it.open(1, { draft: true, labels: ['bivouac:off'] });
    it.open(2, { headRepositoryId: repositoryId(999), labels: ['bivouac:on'] });
    it.open(3);
    it.open(4);
    const host = {
      ...it.host,
      approvals: () => Promise.resolve([approval()]),
      changedFiles: (ref: { readonly number: number }) =>
        Promise.resolve(ref.number === 4 ? ['shop/a.ts'] : ['docs/a.md']),
    };
    it.host.approvals = host.approvals;
    it.host.changedFiles = host.changedFiles;
    const looked: string[] = [];
    const inVain = {
      has: ({ name }: { readonly name: string }) => looked.includes(name),
      add: ({ name }: { readonly name: string }) => void looked.push(name),
    };
    const swept = await it.sweep({}, { inVain });
    expect(swept.brief).toEqual(['shop/pr-2 Created Opened', 'shop/pr-4 Created Opened']);
    expect(looked).toEqual(['acme/shop#3']);
    const reads = it.host.counts.reads;
    it.change(4, { headSha: otherHead });
    await it.sweep({}, { inVain });
    expect(it.host.counts.reads).toBe(reads + 3); // #2 isn’t due, #4 is judged and reconciled, #3 is known
  });

  test('charts of a pull request’s own are left to its own job', async () => {
    const it = scene();
    it.open(1);
    it.open(2);
    const swept = await it.sweep(
      {},
      { foreignCharts: ({ number }) => Promise.resolve(number === 1 ? 'it changes charts/shop.ts' : undefined) },
    );
    expect(swept.foreign).toEqual([{ name: 'acme/shop#1', why: 'it changes charts/shop.ts' }]);
    expect(it.rendered).toEqual(['shop/pr-2']);
  });

  test('environments that aren’t its own are named and never touched', async () => {
    const it = scene();
    it.open(1);
    await it.event(1);
    it.git.write('shop/pr-2', new Map([['environment.json', 'nonsense']]));
    it.git.write('other/pr-1', new Map([['environment.json', '{}']]));
    const stored = it.git.environments.get('shop/pr-1')!;
    const text = stored.get('environment.json')!;
    it.git.write(
      'shop/pr-9',
      new Map([['environment.json', text.replaceAll('pr-1', 'pr-9').replace('acme/shop"', 'acme/foreign"')]]),
    );
    it.git.write('shop/api-pr-1', new Map([['environment.json', text.replaceAll('pr-1', 'api-pr-1')]]));
    const before = it.git.tip;
    const swept = await it.sweep();
    expect(swept.passedOver.map(({ id, why }) => `${printId(id)}: ${why}`)).toEqual([
      'other/pr-1: bivouac.yaml has no application other',
      'shop/api-pr-1: acme/shop#1 would have another name by now',
      expect.stringMatching(/^shop\/pr-2: its record can’t be read/),
      'shop/pr-9: acme/foreign isn’t looked at',
    ]);
    expect(it.git.tip).toBe(before);
  });

  test('an environment without a pull request ends with its lifetime alone', async () => {
    const it = scene(shopConfig({ presets: [preset('pull-request', 'pr'), preset('demo', 'demo')] }));
    it.open(1);
    await it.event(1);
    const files = it.git.environments.get('shop/pr-1')!;
    const text = files
      .get('environment.json')!
      .replaceAll('pr-1', 'demo-acme')
      .replace('"preset": "pull-request"', '"preset": "demo"')
      .replace('"pullRequest": "1"', '"pullRequest": ""');
    it.git.write('shop/demo-acme', new Map([...files, ['environment.json', text]]));
    expect((await it.sweep()).brief).toEqual(['Ignored ChartsChanged']);
    it.at = later(8 * day);
    it.change(1, { state: 'closed' });
    expect((await it.sweep()).brief).toEqual(['shop/demo-acme Removed Expired', 'shop/pr-1 Removed Closed']);
  });

  test('one that can’t be done is told, and the rest go on', async () => {
    const it = scene();
    for (const number of [1, 2, 3]) it.open(number);
    const read = it.host.read.bind(it.host);
    it.host.read = (ref) => (ref.number === 2 ? Promise.reject(new Error('poison')) : read(ref));
    const swept = await it.sweep();
    expect(swept.brief).toEqual(['shop/pr-1 Created Opened', 'shop/pr-3 Created Opened']);
    expect(swept.failures.map(({ name }) => name)).toEqual(['acme/shop#2']);
  });
});
