import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { defaultPreset } from '../../src/decide/candidates.js';
import type { TeardownEnd } from '../../src/decide/teardown.js';
import type { Plan } from '../../src/line/plan.js';
import { refuseMassRemoval } from '../../src/line/together.js';
import { parseId } from '../../src/model/names.js';
import { temporaryError } from '../../src/model/errors.js';
import type { Outcome } from '../../src/model/outcome.js';
import { commitSha } from '../../src/model/pull-request.js';
import type { TeardownState } from '../../src/model/teardown.js';
import { parseRecord } from '../../src/synth/record.js';
import { teardownTasks } from '../../src/synth/teardown.js';
import { day, later, minute, now, otherHead, sha } from '../decide/builders.js';
import { type Scene, scene, sceneConfig } from './scene.js';

const brief = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.map(({ outcome, reason }) => `${outcome} ${reason}`);
const subjects = ({ git }: Scene): readonly string[] => git.messages.map(({ subject }) => subject);
const stateOf = ({ git }: Scene): string | undefined => {
  const read = parseRecord(git.environments.get('shop/pr-42')?.get('environment.json') ?? '');
  return read.kind === 'record' ? read.record.state : undefined;
};
const live = async (): Promise<Scene> => {
  const it = scene();
  await it.run();
  return it;
};
/** A controller that shows these one after the other, and the last one for ever. */
const shows =
  (...states: readonly TeardownState[]) =>
  (it: Scene): Scene => {
    let look = 0;
    it.observe = () => Promise.resolve(states[Math.min(look++, states.length - 1)]!);
    return it;
  };

describe('where nobody looks at the cluster', () => {
  test('a removal takes two runs, the second after the deadline, and says so', async () => {
    const it = await live();
    it.set({ state: 'closed' });
    const [begun] = await it.run();
    expect(begun).toMatchObject({ outcome: 'Updated', reason: 'TearingDown', expiresAt: '2026-11-23T10:19:05Z' });
    const [task] = teardownTasks(it.git.environments.get('shop/pr-42')!);
    expect(begun?.message).toBe(
      `teardown began: ${task} runs until 2026-11-23 10:19:05 UTC, then it is removed; nobody watches the cluster: the next event or sweep after that does it`,
    );
    expect(begun?.changes?.added).toEqual([task]);

    const tip = it.git.tip;
    it.at = later(15 * minute - 1);
    const [waiting] = await it.run();
    expect(waiting).toMatchObject({ outcome: 'Ignored', reason: 'TearingDown' });
    expect(waiting?.message).toContain('Nobody watches the cluster');
    expect(it.git.tip).toBe(tip);

    it.at = later(15 * minute);
    const [removed] = await it.run();
    expect(removed).toMatchObject({ outcome: 'Removed', reason: 'Closed' });
    expect(removed?.warnings).toEqual([expect.stringMatching(/nobody saw the teardown end until .* 10:19:05 UTC/)]);
    expect(brief(await it.run())).toEqual(['Ignored Closed']);
    expect(subjects(it)).toEqual([
      'shop/pr-42: create at aaaaaaa (acme/shop#42)',
      'shop/pr-42: tear down (closed)',
      'shop/pr-42: remove (closed)',
    ]);
  });

  test('a person’s word takes the same way', async () => {
    const it = await live();
    expect(brief(await it.down())).toEqual(['Updated TearingDown']);
    expect(brief(await it.down())).toEqual(['Ignored TearingDown']);
    it.at = later(16 * minute);
    expect(brief(await it.down())).toEqual(['Removed Requested']);
    expect(it.git.environments.size).toBe(0);
  });

  test('a lifetime that is over sets its label once, at the first step, and the deadline sets none', async () => {
    const it = await live();
    it.at = later(8 * day);
    expect(brief(await it.run())).toEqual(['Updated TearingDown']);
    expect(it.host.pulls.get(42)?.labels).toEqual(['bivouac:expired']);
    it.at = later(8 * day + 16 * minute);
    expect(brief(await it.run())).toEqual(['Removed Expired']);

    const closed = await live();
    closed.set({ state: 'closed' });
    await closed.run();
    closed.set({ state: 'open', draft: true });
    closed.at = later(16 * minute);
    expect(brief(await closed.run())).toEqual(['Removed TornDown']);
    expect(closed.host.pulls.get(42)?.labels).toEqual([]);
  });

  test('reopened meanwhile, it comes back as it was, for a lifetime of its own', async () => {
    const it = await live();
    const before = it.git.environments.get('shop/pr-42')!;
    it.set({ state: 'closed' });
    await it.run();
    it.set({ state: 'open' });
    const [back] = await it.run();
    expect(back).toMatchObject({ outcome: 'Updated', reason: 'Woken', expiresAt: '2026-11-30T10:04:05Z' });
    expect(it.git.environments.get('shop/pr-42')).toEqual(before);
  });

  test('a dry run says what would happen, and does nothing', async () => {
    const it = await live();
    const tip = it.git.tip;
    it.set({ state: 'closed' });
    it.mode = 'dry-run';
    const [outcome] = await shows('done')(it).run();
    expect(outcome?.message).toMatch(
      /^would be torn down first: Job\/bucket-teardown-[0-9a-f]{10} would run, until 2026/,
    );
    expect(it.git.tip).toBe(tip);
  });

  test('the breaker counts a removal once, at its first step', () => {
    const plan = (number: number, ended?: TeardownEnd): Plan => ({
      kind: 'remove',
      candidate: { id: parseId(`shop/pr-${number}`), preset: defaultPreset },
      desired: { kind: 'absent', reason: 'Closed', proof: { kind: 'closed', merged: false } },
      ...(ended !== undefined && { ended }),
    });
    const kinds = (...plans: readonly Plan[]) =>
      refuseMassRemoval(plans, 9, sceneConfig().limits).map(({ kind }) => kind);
    const second = [4, 5, 6, 7].map((number) => plan(number, 'done'));
    expect(kinds(plan(1), plan(2), plan(3), ...second)).toEqual(Array(7).fill('remove'));
    expect(kinds(plan(1), plan(2), plan(3), plan(8), ...second)).toEqual([
      ...Array<string>(4).fill('refuse'),
      ...Array<string>(4).fill('remove'),
    ]);
  });
});

describe('where somebody looks', () => {
  const removedBy = async (...states: readonly TeardownState[]) => {
    const it = shows(...states)(await live());
    it.set({ state: 'closed' });
    const [outcome, ...others] = await it.run();
    expect(others).toEqual([]);
    return { it, outcome };
  };

  test('the same run goes on when the tasks have ended', async () => {
    const { it, outcome } = await removedBy('unknown', 'running', 'done');
    expect(outcome).toMatchObject({ outcome: 'Removed', reason: 'Closed', message: 'removed (closed)' });
    expect(outcome).not.toHaveProperty('warnings');
    expect(outcome?.changes?.removed).toContain('CronJob/bucket-teardown'); // of what there was before it began
    expect(it.git.environments.size).toBe(0);
    expect(it.at.getTime()).toBeLessThan(later(minute).getTime());
  });

  test('a task that fails holds nothing up, and is told', async () => {
    const { it, outcome } = await removedBy('running', 'failed');
    expect(outcome?.outcome).toBe('Removed');
    expect(outcome?.warnings).toEqual([
      expect.stringMatching(/^the teardown failed \(Job\/bucket-teardown-[0-9a-f]+\)/),
    ]);
    expect(it.at.getTime()).toBeLessThan(later(minute).getTime());
  });

  test('one that never ends is cut off at the deadline, and is told', async () => {
    const { it, outcome } = await removedBy('running');
    expect(outcome?.outcome).toBe('Removed');
    expect(outcome?.warnings).toEqual([expect.stringMatching(/wasn’t done at its deadline, 2026-11-23 10:19:05 UTC/)]);
    expect(it.at.getTime()).toBeGreaterThanOrEqual(later(15 * minute).getTime());
    expect(it.at.getTime()).toBeLessThan(later(16 * minute).getTime());
  });

  test('a cluster that shows nothing is left to a later run', async () => {
    const { it, outcome } = await removedBy('unknown');
    expect(outcome).toMatchObject({ outcome: 'Updated', reason: 'TearingDown' });
    expect(outcome?.warnings).toEqual([expect.stringContaining('a later event or sweep removes it')]);
    expect(it.at.getTime()).toBeLessThan(later(2 * minute).getTime());
    shows('done')(it);
    expect(brief(await it.run())).toEqual(['Removed Closed']);
  });

  test('a service or a sweep looks once and goes on with other work', async () => {
    const it = shows('running', 'done')(await live());
    it.looks = 'once';
    it.set({ state: 'closed' });
    const [begun] = await it.run();
    expect(begun?.message).toContain('the next event or sweep that sees its end, or comes after that, removes it');
    expect(brief(await it.run())).toEqual(['Ignored TearingDown']);
    expect(brief(await it.run())).toEqual(['Removed Closed']);
    expect(it.at).toEqual(now);
  });

  test('what throws at looking is nothing seen', async () => {
    const it = await live();
    it.set({ state: 'closed' });
    it.observe = () => Promise.reject(new Error('no route'));
    expect(brief(await it.run())).toEqual(['Updated TearingDown']);
    expect(stateOf(it)).toBe('teardown');
  });

  test('is asked about the commit that Git holds, and the tasks in it', async () => {
    const it = await live();
    it.set({ state: 'closed' });
    const asked: unknown[] = [];
    it.observe = (id, commit, { tasks }) => {
      asked.push({ ...id, isTip: commit === it.git.tip, tasks });
      return Promise.resolve('done');
    };
    await it.run();
    expect(asked).toEqual([
      {
        application: 'shop',
        environment: 'pr-42',
        isTip: true,
        tasks: [expect.stringMatching(/^Job\/bucket-teardown-/)],
      },
    ]);
  });

  test('reopened while it waits, the environment is back within the same run', async () => {
    const it = shows('running')(await live());
    it.set({ state: 'closed' });
    it.beforeWait = (waits) => {
      if (waits === 2) it.set({ state: 'open', headSha: otherHead });
    };
    const [outcome] = await it.run();
    expect(outcome).toMatchObject({ outcome: 'Updated', reason: 'HeadCommitChanged', headSha: otherHead });
    expect(stateOf(it)).toBe('active');
  });

  test('the code host going away meanwhile fails nothing: Git holds what was decided', async () => {
    const it = shows('running')(await live());
    it.set({ state: 'closed' });
    it.beforeWait = () => {
      it.host.beforeRead = () => {
        throw temporaryError('CodeHostUnavailable', 'the code host doesn’t answer');
      };
    };
    const [outcome] = await it.run();
    expect(outcome).toMatchObject({ outcome: 'Updated', reason: 'TearingDown' });
    expect(outcome?.warnings).toEqual([expect.stringContaining('the code host doesn’t answer')]);
  });
});

type Move =
  'push' | 'close' | 'reopen' | 'draft' | 'off' | 'week' | 'minutes' | 'event' | 'down' | TeardownState | 'blind';

const moves: readonly Move[] = [
  'push',
  'close',
  'reopen',
  'draft',
  'off',
  'week',
  'minutes',
  'event',
  'event',
  'down',
  'done',
  'failed',
  'running',
  'unknown',
  'blind',
];

/** What every run goes through, whatever chance makes of the rest. */
const reaching: [Move[]][] = [
  [['event', 'close', 'event', 'event', 'reopen', 'event']],
  [['event', 'close', 'running', 'event']],
  [['event', 'close', 'unknown', 'event', 'done', 'event', 'reopen', 'event']],
  [['event', 'close', 'event', 'reopen', 'draft', 'minutes', 'minutes', 'event']],
  [['event', 'done', 'down', 'event']],
];

describe('histories with teardown tasks', () => {
  test('end where the pull request says, whatever is seen of the tasks, and nobody else’s directory moves', async () => {
    const ends = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...moves), { minLength: 3, maxLength: 14 }), async (history) => {
        const it = scene();
        const foreign = new Map([['README.md', 'another']]);
        it.git.write('shop/pr-7', foreign);
        let heads = 0;
        for (const move of history) for (const end of brief(await play(it, move, () => (heads += 1)))) ends.add(end);

        await it.run();
        it.at = later(16 * minute, it.at); // the deadline of whatever that run began
        await it.run();
        const tip = it.git.tip;
        await it.run();
        expect(it.git.tip).toBe(tip);
        expect(it.git.environments.get('shop/pr-7')).toBe(foreign);

        const { state, labels, headSha, draft } = it.host.pulls.get(42)!;
        const refused = state === 'closed' || labels.includes('bivouac:off') || labels.includes('bivouac:expired');
        const kept = draft && stateOf(it) === 'active'; // a draft keeps what it has, and gets none
        const there = !refused && (!draft || kept);
        expect(stateOf(it)).toBe(there ? 'active' : undefined);
        const record = it.git.environments.get('shop/pr-42')?.get('environment.json');
        expect(there && !kept && record?.includes(headSha) !== true).toBe(false);
      }),
      { numRuns: 50, examples: reaching },
    );
    expect([...ends]).toEqual(
      expect.arrayContaining([
        'Updated TearingDown',
        'Ignored TearingDown',
        'Updated Woken',
        'Removed Closed',
        'Removed TornDown',
        'Removed Requested',
      ]),
    );
  });
});

async function play(it: Scene, move: Move, next: () => number): Promise<readonly Outcome[]> {
  const { labels, draft } = it.host.pulls.get(42)!;
  switch (move) {
    case 'push':
      it.set({ headSha: commitSha(sha(next() + 100)) });
      return [];
    case 'close':
      it.set({ state: 'closed' });
      return [];
    case 'reopen':
      it.set({ state: 'open' });
      return [];
    case 'draft':
      it.set({ draft: !draft });
      return [];
    case 'off':
      it.set({ labels: labels.length > 0 ? [] : ['bivouac:off'] });
      return [];
    case 'week':
    case 'minutes':
      it.at = later(move === 'week' ? 7 * day : 8 * minute, it.at);
      return [];
    case 'event':
      return it.run();
    case 'down':
      return it.git.environments.has('shop/pr-42') ? it.down() : [];
    case 'blind':
      it.observe = undefined;
      return [];
    case 'done':
    case 'failed':
    case 'running':
    case 'unknown':
      it.observe = () => Promise.resolve(move);
      return [];
  }
}
