import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Config } from '../src/config/config.js';
import { candidates } from '../src/decide/candidates.js';
import { groupCommit, type Publish } from '../src/gitops/group.js';
import { readPullRequest } from '../src/line/truth.js';
import type { EnvironmentSpec } from '../src/model/environment.js';
import { componentName } from '../src/model/names.js';
import type { Outcome } from '../src/model/outcome.js';
import { commitSha, type PullRequestRef } from '../src/model/pull-request.js';
import { reconcile } from '../src/reconcile.js';
import type { Synthesis } from '../src/synth/port.js';
import { Shop } from '../charts/shop.js';
import { application, config, day, head, now, otherHead, pullRequest, sha } from './decide/builders.js';
import { memoryGitOps, type MemoryGitOps } from './fakes/memory-gitops.js';
import { memoryHost, type MemoryHost } from './fakes/memory-host.js';

const shopConfig = (more: Parameters<typeof config>[0] = {}): Config =>
  config({
    applications: [
      application({
        images: {
          api: { template: 'ghcr.io/acme/shop-api:{headSha}' },
          web: { template: 'ghcr.io/acme/shop-web:{headSha}' },
          seed: { template: 'ghcr.io/acme/shop-seed:1.4.0' },
        },
      }),
    ],
    ...more,
  });

interface Scene {
  readonly host: MemoryHost;
  readonly git: MemoryGitOps;
  at: Date;
  /** As in a service. @default each run by itself */
  publish?: Publish;
  run(hint?: Partial<PullRequestRef>): Promise<readonly Outcome[]>;
}

const scene = (
  settings: Config = shopConfig(),
  render = (spec: EnvironmentSpec): Synthesis => Shop.synthesize(spec),
): Scene => {
  const host = memoryHost(pullRequest());
  const git = memoryGitOps();
  const self: Scene = {
    host,
    git,
    at: now,
    run: async (hint = {}) => {
      const { repository, number } = pullRequest();
      const ref: PullRequestRef = { forge: 'github', repository, number, ...hint };
      const all = candidates(ref, settings);
      const results = await reconcile(
        { ref, candidates: all, images: {}, truth: () => readPullRequest(ref, all, { host, config: settings }) },
        {
          config: settings,
          repository: git,
          host,
          labels: host,
          render: (spec) => Promise.resolve().then(() => render(spec)),
          clock: { now: () => self.at, wait: () => Promise.resolve(), random: () => 0.5 },
          version: '0.0.0',
          serializer: 'fast',
          mode: 'push',
          ...(self.publish !== undefined && { publish: self.publish }),
        },
      );
      return results.map(({ outcome }) => outcome);
    },
  };
  return self;
};

const set = ({ host }: Scene, change: Partial<ReturnType<typeof pullRequest>>): void => {
  const pull = host.pulls.get(42)!;
  host.pulls.set(42, { ...pull, ...change });
};
const brief = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.map(({ outcome, reason }) => `${outcome} ${reason}`);

describe('the line', () => {
  test('a whole life, and every step again changes nothing', async () => {
    const it = scene();
    expect(brief(await it.run())).toEqual(['Created Opened']);
    expect(brief(await it.run())).toEqual(['Unchanged SameTree']);
    set(it, { headSha: otherHead });
    expect(brief(await it.run())).toEqual(['Updated HeadCommitChanged']);
    set(it, { labels: ['bivouac:with-mailer'] });
    expect(brief(await it.run())).toEqual(['Updated SelectionChanged']);
    set(it, { state: 'closed' });
    expect(brief(await it.run())).toEqual(['Removed Closed']);
    expect(brief(await it.run())).toEqual(['Ignored Closed']);
    expect(it.git.messages.map(({ subject }) => subject)).toEqual([
      'shop/pr-42: create at aaaaaaa (acme/shop#42)',
      'shop/pr-42: update to bbbbbbb (acme/shop#42)',
      'shop/pr-42: update to bbbbbbb (acme/shop#42)',
      'shop/pr-42: remove (closed)',
    ]);
  });

  test('a lost push reads the pull request again: closed meanwhile, nothing is created', async () => {
    const it = scene();
    it.git.beforePush = (push) => {
      if (push > 1) return;
      it.git.write('shop/pr-7', new Map([['README.md', 'another']]));
      set(it, { state: 'closed' });
    };
    expect(brief(await it.run())).toEqual(['Ignored Closed']);
    expect([...it.git.environments.keys()]).toEqual(['shop/pr-7']);
  });

  test('a lost push reads the pull request again: the newer head is what lands', async () => {
    const it = scene();
    it.git.beforePush = (push) => {
      if (push > 1) return;
      it.git.write('shop/pr-7', new Map([['README.md', 'another']]));
      set(it, { headSha: otherHead });
    };
    const [outcome] = await it.run();
    expect(outcome).toMatchObject({ outcome: 'Created', headSha: otherHead });
    expect(it.host.counts.reads).toBe(2);
  });

  test('a truth that waited for another’s push isn’t used on a base that is newer than it', async () => {
    const it = scene();
    const clock = { now: () => now, wait: () => Promise.resolve(), random: () => 0.5 };
    const publish = groupCommit(it.git, { clock });
    it.publish = publish;
    const id = { application: 'shop', environment: 'pr-7' } as never;
    const another = { id, files: new Map([['README.md', 'another']]), message: { subject: 'another', trailers: [] } };
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    it.git.beforePush = (push) => (push === 1 ? held : undefined);
    const first = publish(() => Promise.resolve({ plan: '', changes: [another] }), { ids: [id], clock });
    const waiting = it.run();
    await new Promise((resolve) => setImmediate(resolve));
    set(it, { headSha: otherHead });
    const replica = scene();
    replica.host.pulls.set(42, it.host.pulls.get(42)!);
    await replica.run();
    it.git.write('shop/pr-42', replica.git.environments.get('shop/pr-42'));
    go();
    await first;
    expect(await waiting).toMatchObject([{ outcome: 'Unchanged', headSha: otherHead }]);
    expect(it.git.environments.get('shop/pr-42')).toEqual(replica.git.environments.get('shop/pr-42'));
  });

  test('the answer of a push is lost after its effect: told as done, once', async () => {
    const it = scene();
    it.git.afterPush = () => {
      it.git.afterPush = undefined;
      throw new Error('connection reset');
    };
    expect(brief(await it.run())).toEqual(['Created Opened']);
    expect(it.git.messages).toHaveLength(1);
  });

  test('a pull request that can’t be read throws: nothing is removed', async () => {
    const it = scene();
    await it.run();
    it.host.pulls.delete(42);
    await expect(it.run()).rejects.toMatchObject({ code: 'CodeHostNotFound' });
    expect([...it.git.environments.keys()]).toEqual(['shop/pr-42']);
  });

  test('the lifetime ends: the label is there before the directory goes, and a push brings it back', async () => {
    const it = scene();
    await it.run();
    it.at = new Date(now.getTime() + 8 * day);
    let labelled: readonly string[] | undefined;
    it.git.beforePush = () => void (labelled = it.host.pulls.get(42)?.labels);
    expect(brief(await it.run())).toEqual(['Removed Expired']);
    expect(labelled).toContain('bivouac:expired');
    expect(brief(await it.run())).toEqual(['Ignored Expired']);
    set(it, { headSha: otherHead });
    expect(brief(await it.run({ headSha: otherHead, pushed: true }))).toEqual(['Created Opened']);
    expect(it.host.pulls.get(42)?.labels).toEqual([]);
  });

  test('a preset by label takes the place of pull-request, in one push', async () => {
    const settings = shopConfig();
    const [shop] = settings.applications.values();
    const e2e = [...settings.presets.keys()].find((name) => name === 'e2e')!;
    const it = scene({
      ...settings,
      applications: new Map([[shop!.name, { ...shop!, overrides: { ...shop!.overrides, presets: [e2e] } }]]),
    });
    await it.run();
    set(it, { labels: ['bivouac:preset-e2e'] });
    expect(brief(await it.run())).toEqual(['Removed Off', 'Created Opened']);
    expect([...it.git.environments.keys()]).toEqual(['shop/e2e-42']);
    expect(it.git.counts.pushes).toBe(2);
  });

  test('a broken override refuses what would be deployed, proves no removal, and stands in no closing’s way', async () => {
    const it = scene();
    await it.run();
    it.host.files.set(`${head}:.bivouac.yaml`, 'componets: {}');
    expect(brief(await it.run())).toEqual(['Rejected OverrideNotAllowed']);
    set(it, { state: 'closed' });
    expect(brief(await it.run())).toEqual(['Removed Closed']);
  });

  test('a component that no application has is refused with the nearest name', async () => {
    const it = scene();
    set(it, { labels: ['bivouac:with-maler'] });
    const [outcome] = await it.run();
    expect(outcome).toMatchObject({ outcome: 'Rejected', reason: 'OverrideNotAllowed' });
    expect(outcome?.message).toContain('did you mean "mailer"');
  });

  test('without what a chosen component needs: the path is named', async () => {
    const it = scene();
    set(it, { labels: ['bivouac:without-database'] });
    const [outcome] = await it.run();
    expect(outcome).toMatchObject({ outcome: 'Rejected', reason: 'OverrideNotAllowed' });
    expect(outcome?.message).toMatch(/api → database/);
  });

  test('a violation leaves the last good version, and a first one deploys nothing', async () => {
    const broken = scene(shopConfig(), (spec) => {
      const { components, ...rest } = Shop.synthesize(spec);
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' }, stringData: { key: 'value' } };
      return { ...rest, components: [...components, { name: componentName('extra'), manifests: [secret] }] };
    });
    const [outcome] = await broken.run();
    expect(outcome).toMatchObject({ outcome: 'Rejected', reason: 'PolicyViolation' });
    expect(outcome?.violations?.map(({ object }) => object)).toContain('Secret/key');
    expect(broken.git.environments.size).toBe(0);
  });

  test('what a chart throws is a failure, not an outcome, and changes nothing', async () => {
    const it = scene(shopConfig(), () => {
      throw new Error('no such thing');
    });
    await expect(it.run()).rejects.toThrow('no such thing');
    expect(it.git.counts.pushes).toBe(0);
  });

  test.each([
    ['no record', new Map([['README.md', 'by hand']]), 'OwnedByAnother'],
    ['a record that can’t be read', new Map([['environment.json', '{']]), 'OwnedByAnother'],
    ['a newer record', new Map([['environment.json', '{"schemaVersion":"2"}']]), 'NewerRecord'],
  ])('a directory with %s is neither written nor removed', async (_, files, reason) => {
    const it = scene();
    it.git.write('shop/pr-42', files);
    expect(brief(await it.run())).toEqual([`Rejected ${reason}`]);
    set(it, { state: 'closed' });
    expect(brief(await it.run())).toEqual([`Rejected ${reason}`]);
    expect(it.git.environments.get('shop/pr-42')).toBe(files);
  });

  test('a limit stops a new environment only, and lists open pull requests only then', async () => {
    const it = scene(shopConfig({ limits: { total: 1 } }));
    await it.run();
    const { lists } = it.host.counts;
    set(it, { headSha: otherHead });
    expect(brief(await it.run())).toEqual(['Updated HeadCommitChanged']);
    expect(it.host.counts.lists).toBe(lists);

    const full = scene(shopConfig({ limits: { total: 1 } }));
    full.git.write('shop/pr-7', new Map([['README.md', 'another']]));
    expect(brief(await full.run())).toEqual(['Ignored LimitReached']);
  });
});

type Move = 'push' | 'close' | 'reopen' | 'mailer' | 'off' | 'week' | 'event' | 'race';

describe('histories', () => {
  test('after any history a reconcile leaves what the pull request says, a second one changes nothing, and nobody else’s directory moves', async () => {
    const moves = fc.array(fc.constantFrom<Move>('push', 'close', 'reopen', 'mailer', 'off', 'week', 'event', 'race'), {
      minLength: 3,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(moves, async (history) => {
        const it = scene();
        const foreign = new Map([['README.md', 'another']]);
        it.git.write('shop/pr-7', foreign);
        let heads = 0;
        for (const move of history) await play(it, move, () => (heads += 1));
        await it.run();
        const before = it.git.tip;
        const [last] = await it.run();
        expect(it.git.tip).toBe(before);
        expect(it.git.environments.get('shop/pr-7')).toBe(foreign);
        const { state, labels, headSha } = it.host.pulls.get(42)!;
        const wanted = state === 'open' && !labels.includes('bivouac:off') && !labels.includes('bivouac:expired');
        expect(it.git.environments.has('shop/pr-42')).toBe(wanted);
        const files = it.git.environments.get('shop/pr-42');
        expect(files?.get('environment.json')?.includes(headSha)).toBe(wanted || undefined);
        expect(files?.has('manifests/mailer.yaml')).toBe(wanted ? labels.includes('bivouac:with-mailer') : undefined);
        expect(last?.outcome).toBe(wanted ? 'Unchanged' : 'Ignored');
      }),
      { numRuns: 60 },
    );
  });
});

async function play(it: Scene, move: Move, next: () => number): Promise<void> {
  const pull = it.host.pulls.get(42)!;
  const toggled = (label: string) =>
    pull.labels.includes(label) ? pull.labels.filter((each) => each !== label) : [...pull.labels, label];
  switch (move) {
    case 'push':
      return set(it, { headSha: commitSha(sha(next() + 100)) });
    case 'close':
      return set(it, { state: 'closed' });
    case 'reopen':
      return set(it, { state: 'open' });
    case 'mailer':
      return set(it, { labels: toggled('bivouac:with-mailer') });
    case 'off':
      return set(it, { labels: toggled('bivouac:off') });
    case 'week':
      it.at = new Date(it.at.getTime() + 7 * day);
      return;
    case 'event':
      await it.run({ headSha: pull.headSha, pushed: true });
      return;
    case 'race': {
      it.git.beforePush = () => {
        it.git.beforePush = undefined;
        it.git.write('shop/pr-9', new Map([['README.md', String(next())]]));
      };
      await it.run();
      it.git.beforePush = undefined;
      return;
    }
  }
}
