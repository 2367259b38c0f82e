import { describe, expect, test } from '@jest/globals';
import { worklist } from '../../src/line/sweep.js';
import type { EnvironmentRecord } from '../../src/model/environment.js';
import { componentName, environmentName, printId } from '../../src/model/names.js';
import type { Outcome } from '../../src/model/outcome.js';
import { type PullRequest, pullRequestNumber, repositoryId, repositoryName } from '../../src/model/pull-request.js';
import { rememberVain } from '../../src/server/vain.js';
import { sweep, type Sweep, type SweepRequest } from '../../src/sweep.js';
import { printRecord } from '../../src/synth/record.js';
import { application, approval, config, later, minute, now, pullRequest, record } from '../decide/builders.js';
import { memoryGitOps } from '../fakes/memory-gitops.js';
import { memoryHost } from '../fakes/memory-host.js';

const files = (number: number, more: Partial<EnvironmentRecord> = {}) =>
  new Map([
    [
      'environment.json',
      printRecord(
        record({
          environment: environmentName(`pr-${number}`),
          name: `shop-pr-${number}` as EnvironmentRecord['name'],
          pullRequest: String(number),
          state: 'teardown',
          components: [componentName('api')],
          ...more,
        }),
      ),
    ],
    ['README.md', ''],
  ]);
const foreignCharts = () => Promise.resolve('it changes charts/shop.ts');
const tearingDown: Outcome = { outcome: 'Ignored', reason: 'TearingDown', message: '' };

/** Environments in Git, the line’s answer to whatever it is asked, and which pull requests it was asked about. */
const scene = (held: Readonly<Record<string, ReadonlyMap<string, string>>>, settings = config()) => {
  const host = memoryHost();
  const clock = { now: () => self.at, wait: () => Promise.resolve(), random: () => 0.5 };
  const inVain = rememberVain(clock);
  const self = {
    host,
    at: now,
    answer: tearingDown as Outcome,
    asked: [] as string[],
    open: (number: number, more: Partial<PullRequest> = {}) =>
      void host.pulls.set(number, pullRequest({ number: pullRequestNumber(number), ...more })),
    sweep: async (ports: Partial<Sweep> = {}, request: Partial<SweepRequest> = {}) => {
      self.asked.length = 0;
      return sweep(
        { max: 20, ...request },
        {
          config: settings,
          host,
          repository: memoryGitOps(held),
          clock,
          inVain,
          reconcile: ({ name, candidates, renders }) => {
            const there = candidates.map(({ id }) => printId(id)).filter((id) => id in held);
            self.asked.push(`${name} ${there.join(' ')} ${renders ? 'renders' : 'removes'}`);
            return Promise.resolve([self.answer]);
          },
          ...ports,
        },
      );
    },
  };
  return self;
};

describe('a teardown of an open pull request', () => {
  const goesOn: [string, Partial<PullRequest>, Parameters<typeof application>[0]][] = [
    ['that is labelled off', { labels: ['bivouac:off'] }, {}],
    ['that is a draft', { draft: true }, {}],
    ['of a fork that nobody approved', { headRepositoryId: repositoryId(9) }, { pullRequests: { forks: 'approved' } }],
    ['that changes nothing of ours', {}, { pullRequests: { paths: ['shop/**'] } }],
  ];
  test.each(goesOn)('%s is asked about by every sweep, and needs no charts', async (_, more, settings) => {
    const it = scene({ 'shop/pr-1': files(1) }, config({ applications: [application(settings)] }));
    it.host.changedFiles = () => Promise.resolve(['docs/a.md']);
    it.open(1, more);
    for (let minutes = 0; minutes < 20; minutes += 5) {
      it.at = later(minutes * minute);
      const { foreign, left } = await it.sweep({ foreignCharts }, { max: 0 });
      expect([it.asked, foreign, left]).toEqual([['acme/shop#1 shop/pr-1 removes'], [], []]);
    }
  });

  test('goes on beside what can’t be rendered here, or not now', async () => {
    const required = application({ pullRequests: { label: 'required' } });
    const mixed = scene({ 'shop/pr-1': files(1) }, config({ applications: [required, application({ name: 'docs' })] }));
    mixed.open(1);
    await mixed.sweep({ foreignCharts });
    expect(mixed.asked).toEqual(['acme/shop#1 shop/pr-1 removes']);
    const { left } = await mixed.sweep({}, { max: 0 });
    expect([mixed.asked, left]).toEqual([['acme/shop#1 shop/pr-1 removes'], ['acme/shop#1']]);
    for (const times of [1, 2]) {
      await mixed.sweep();
      expect([times, mixed.asked]).toEqual([times, ['acme/shop#1 shop/pr-1 renders']]);
    }
  });

  test('that is wanted again is a rendering: by charts that are its own, and once an hour where that was in vain', async () => {
    const expiresAt = '2026-11-30T10:04:05Z'; // as its new lifetime would end, by chance
    const it = scene({ 'shop/pr-1': files(1, { expiresAt }) });
    it.open(1);
    expect((await it.sweep({ foreignCharts })).foreign).toEqual([
      { name: 'acme/shop#1', why: 'it changes charts/shop.ts' },
    ]);
    expect(it.asked).toEqual([]);

    const own = scene({ 'shop/pr-1': files(1, { expiresAt }) });
    own.open(1);
    own.answer = { outcome: 'Rejected', reason: 'PolicyViolation', message: '' };
    await own.sweep();
    expect(own.asked).toEqual(['acme/shop#1 shop/pr-1 renders']);
    await own.sweep();
    expect(own.asked).toEqual([]);
    own.at = later(60 * minute);
    await own.sweep();
    expect(own.asked).toHaveLength(1);
  });

  test('an approved fork’s comes back like any other', async () => {
    const forks = application({ pullRequests: { forks: 'approved' } });
    const it = scene({ 'shop/pr-1': files(1) }, config({ applications: [forks] }));
    it.open(1, { headRepositoryId: repositoryId(9) });
    it.host.approvals = () => Promise.resolve([approval()]);
    expect((await it.sweep({ foreignCharts })).foreign).toHaveLength(1);
    await it.sweep({ inVain: rememberVain({ now: () => now, wait: () => Promise.resolve(), random: () => 0 }) });
    expect(it.asked).toEqual(['acme/shop#1 shop/pr-1 renders']);
  });

  test('that only a closer look finds wanted is rendered in vain once an hour, and asked about as soon as it isn’t', async () => {
    const paths = application({ pullRequests: { paths: ['shop/**'] } });
    const it = scene({ 'shop/pr-1': files(1) }, config({ applications: [paths] }));
    let changed = 'shop/a.ts';
    it.host.changedFiles = () => Promise.resolve([changed]);
    it.open(1);
    it.answer = { outcome: 'Rejected', reason: 'PolicyViolation', message: '' };
    const rendered: number[] = [];
    for (let minutes = 0; minutes <= 60; minutes += 20) {
      it.at = later(minutes * minute);
      await it.sweep();
      if (it.asked.length > 0) rendered.push(minutes);
    }
    expect(rendered).toEqual([0, 60]);
    changed = 'docs/a.md';
    await it.sweep();
    expect(it.asked).toEqual(['acme/shop#1 shop/pr-1 removes']);
  });

  test('what closes between the list and the look needs no charts', async () => {
    const it = scene({ 'shop/pr-1': files(1, { state: 'active', headSha: 'b'.repeat(40) as PullRequest['headSha'] }) });
    it.open(1);
    const read = it.host.read.bind(it.host);
    it.host.read = async (ref) => ({ ...(await read(ref)), state: 'closed' });
    await it.sweep({ foreignCharts });
    expect(it.asked).toEqual(['acme/shop#1 shop/pr-1 removes']);
  });
});

describe('the breaker', () => {
  const five = [1, 2, 3, 4, 5];
  const heldAs = (more: Partial<EnvironmentRecord>) =>
    Object.fromEntries(five.map((number) => [`shop/pr-${number}`, files(number, more)]));

  test('counts no teardown that has begun: it did when it began', async () => {
    const closed = scene(heldAs({}));
    const swept = await closed.sweep();
    expect(closed.asked).toHaveLength(5);
    expect(swept.outcomes.map(({ reason }) => reason)).toEqual(Array(5).fill('TearingDown'));

    const alone = scene(heldAs({ pullRequest: '', expiresAt: '2026-11-23T10:00:00Z' }));
    await alone.sweep();
    expect(alone.asked).toHaveLength(5);

    const off = scene(heldAs({}));
    for (const number of five) off.open(number, { labels: ['bivouac:off'] });
    await off.sweep();
    expect(off.asked).toHaveLength(5);
  });

  test('holds back the others alone', async () => {
    const active = Object.fromEntries(
      [6, 7, 8, 9].map((number) => [`shop/pr-${number}`, files(number, { state: 'active' })]),
    );
    const it = scene({ ...heldAs({}), ...active });
    const { outcomes } = await it.sweep();
    expect(it.asked).toEqual(five.map((number) => `acme/shop#${number} shop/pr-${number} removes`));
    expect(outcomes.filter(({ reason }) => reason === 'TooManyRemovals').map(({ id }) => printId(id!))).toEqual(
      Object.keys(active),
    );
  });
});

test('a pull request has the name that the configuration spells, whatever the forge does', async () => {
  const named = pullRequest({ repository: repositoryName('Acme/Shop') });
  const { items } = worklist(
    { held: [], open: new Map([[repositoryName('acme/shop'), [named]]]) },
    { now, config: config() },
  );
  expect(items.map(({ name, ref }) => [name, ref?.repository])).toEqual([['acme/shop#42', 'acme/shop']]);

  const spelled = ['acme/shop', 'ACME/shop'].map((name, at) =>
    application({ name: `shop${at}`, repositories: [{ name: repositoryName(name) }] }),
  );
  const it = scene({}, config({ applications: spelled }));
  it.open(1);
  await it.sweep();
  expect(it.asked).toEqual(['acme/shop#1  renders']);
});
