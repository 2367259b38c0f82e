import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isBivouacError, temporaryError } from '../../src/model/errors.js';
import { parseId, printId } from '../../src/model/names.js';
import { commitSha } from '../../src/model/pull-request.js';
import { entryTrailers, readEntryText } from '../../src/gitops/queue/entry.js';
import { isTurn, watchFrom, watchOn } from '../../src/gitops/queue/turn.js';
import type { GitOpsRepository } from '../../src/gitops/port.js';
import { publish, type Ask } from '../../src/gitops/publish.js';
import { interleaving, type Interleaving } from '../fakes/interleaving.js';
import { memoryGitOps, type MemoryGitOps } from '../fakes/memory-gitops.js';
import { change, fakeClock, nothing, tree } from './support.js';

const entry = (name: string, digit: string) => ({ id: parseId(name), commit: commitSha(digit.repeat(40)) });

describe('an entry', () => {
  test.each([
    ['an update', { replaces: 'a'.repeat(40) }],
    ['a creation', {}],
    ['one with Flux’s file', { replaces: 'b'.repeat(40), flux: 'kind: Kustomization\nname: ü\n' }],
  ])('carries %s and the commit that shall land', (_what, facts) => {
    for (const message of ['subject\n', 'subject\n\nKey: value\nOther: one\n']) {
      const own = entryTrailers(facts)
        .map(([key, value]) => `${key}: ${value}\n`)
        .join('');
      const text = message.includes('\n\n') ? `${message}${own}` : `${message}\n${own}`;
      expect(readEntryText(text)).toEqual({ message, ...facts });
    }
  });

  test.each([
    '',
    'subject\n',
    'subject\n\nReplaces: x\n',
    'Replaces: none\n',
    'subject\n\nReplaces: none\nMore: text\n',
  ])('%j is somebody else’s text', (text) => expect(readEntryText(text)).toBeUndefined());
});

describe('whose turn it is', () => {
  const [first, second, third] = [entry('a/pr-1', '1'), entry('b/pr-1', '2'), entry('c/pr-1', '3')];
  const queue = [first, second, third];

  test('the first’s; and when it stands still, the next ones’ by rank', () => {
    let watch = watchFrom;
    const turns = Array.from({ length: 8 }, () => {
      watch = watchOn(watch, queue);
      return queue.map((each) => (isTurn(queue, [each], watch) ? 'x' : '.')).join('');
    });
    expect(turns).toEqual(['x..', 'x..', 'x..', 'xx.', 'xx.', 'xx.', 'xxx', 'xxx']);
  });

  test('waiting begins anew when another is first', () => {
    const still = [queue, queue, queue, queue].reduce(watchOn, watchFrom);
    expect(isTurn(queue, [second], still)).toBe(true);
    const rest = [second, third];
    expect(isTurn(rest, [third], watchOn(still, rest))).toBe(false);
  });

  test('nobody’s whose entry is gone', () => expect(isTurn([second], [first], watchFrom)).toBe(false));
});

/** A publisher of one environment whose truth is read when it asks. */
interface Job {
  readonly name: string;
  readonly repository: GitOpsRepository;
  readonly stage: Interleaving;
  readonly truths: ReadonlyMap<string, number>;
}

/** Lost pushes say that they lost a race, as git's mostly do. */
const sayingWhy = (repository: MemoryGitOps): GitOpsRepository => ({
  ...repository,
  push: (...args) =>
    repository.push(...args).catch((error: unknown) => {
      throw isBivouacError(error) ? error : temporaryError('PushContended', 'stale info');
    }),
});

const versionOf = (name: string, truth: number) => (truth === 0 ? nothing : tree(name, String(truth)));

const start = (actor: number, { name, repository, stage, truths }: Job) => {
  const ask: Ask<number> = async () => {
    await stage.step(actor);
    const truth = truths.get(name) ?? 0;
    await stage.step(actor);
    const wanted = change(name, versionOf(name, truth));
    return { plan: truth, changes: [{ ...wanted, message: { subject: `${name} ${truth}`, trailers: [] } }] };
  };
  return publish(stage.viewOf(repository, actor), ask, { ids: [parseId(name)], clock: stage.clockOf(actor) });
};

/** A sequence of numbers below 1 from fast-check's own. */
const dice = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

describe('a crowd in memory', () => {
  const crowd = fc.record({
    /** Which environment each job is of; every job is begun by a newer truth. */
    jobs: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 12 }),
    /** Job and the number of steps after which it dies. */
    deaths: fc.array(fc.tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 0, max: 30 })), { maxLength: 4 }),
    seed: fc.integer(),
    saysWhy: fc.boolean(),
  });

  test('whatever the order and whoever dies, the last truth lands, once, and no older one after it', async () => {
    await fc.assert(
      fc.asyncProperty(crowd, async ({ jobs, deaths, seed, saysWhy }) => {
        const foreign = { 'zoo/pr-1': tree('zoo/pr-1') };
        const repository = memoryGitOps(foreign, { queue: true });
        const publisher = saysWhy ? sayingWhy(repository) : repository;
        const stage = interleaving(dice(seed));
        const truths = new Map<string, number>();
        const names = jobs.map((which) => `app/pr-${which}`);
        const dying = new Map(deaths.filter(([job]) => job < jobs.length));
        const ended: number[] = [];
        let version = 0;
        names.forEach((name, actor) => {
          void stage.step(actor).then(async () => {
            version += 1;
            truths.set(name, version); // the event comes with its truth
            await start(actor, { name, repository: publisher, stage, truths });
            ended.push(actor);
          });
        });
        await stage.run(dying);
        expect(ended.length).toBeGreaterThanOrEqual(jobs.length - dying.size);

        const dead = names.filter((_, actor) => !ended.includes(actor));
        const holds = (name: string) => {
          const wanted = versionOf(name, truths.get(name) ?? 0);
          return treeText(repository.environments.get(name) ?? nothing) === treeText(wanted);
        };
        expect(names.filter((name) => !dead.includes(name) && !holds(name))).toEqual([]);

        for (const [index, name] of dead.entries())
          void start(100 + index, { name, repository: publisher, stage, truths });
        await stage.run(new Map());
        expect(names.filter((name) => !holds(name))).toEqual([]);
        expect(repository.waiting().map(({ id }) => printId(id))).toEqual([]);
        expect(repository.environments.get('zoo/pr-1')).toEqual(foreign['zoo/pr-1']);

        for (const name of names) {
          const landed = repository.messages
            .map(({ subject }) => subject.split(' '))
            .filter(([of]) => of === name)
            .map(([, truth]) => Number(truth));
          expect(landed).toEqual([...new Set(landed)].sort((a, b) => a - b));
        }
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  test.each([false, true])(
    'after one lost push each, one of them carries all over; pushes say why: %s',
    async (saysWhy) => {
      const repository = memoryGitOps({ 'zoo/pr-1': tree('zoo/pr-1') }, { queue: true });
      const stage = interleaving(dice(7));
      const names = Array.from({ length: 30 }, (_, index) => `app/pr-${index + 1}`);
      const truths = new Map(names.map((name) => [name, 1]));
      const publisher = saysWhy ? sayingWhy(repository) : repository;
      const jobs = names.map((name, actor) => start(actor, { name, repository: publisher, stage, truths }));
      await stage.run(new Map());
      await Promise.all(jobs);
      expect(repository.messages).toHaveLength(30);
      expect(repository.counts.pushes).toBeLessThanOrEqual(30 * 1.1);
      expect(repository.counts.reads).toBeLessThanOrEqual(30 * (saysWhy ? 3 : 4));
    },
  );
});

const treeText = (files: ReadonlyMap<string, string>): string => JSON.stringify([...files].sort());

describe('going by the queue', () => {
  const id = parseId('shop/pr-42');
  const ask: Ask<string> = () =>
    Promise.resolve({ plan: '', changes: [change('shop/pr-42', tree('shop/pr-42', '2'))] });
  const raced = (): MemoryGitOps => {
    const repository = memoryGitOps({ 'shop/pr-42': tree('shop/pr-42', '1') }, { queue: true });
    repository.beforePush = (push) => {
      if (push === 1) repository.write('zoo/pr-1', tree('zoo/pr-1'));
    };
    return repository;
  };

  test('a lost race is won by it, and the outcome names a commit that holds the change', async () => {
    const repository = raced();
    const { commit, attempts } = await publish(repository, ask, { ids: [id], clock: fakeClock() });
    expect({ attempts, pushes: repository.counts.pushes }).toEqual({ attempts: 3, pushes: 1 });
    expect(commit.changes[0]?.commit).toBe(repository.tip);
    expect(repository.waiting()).toEqual([]);
  });

  test('a push that says that it lost a race needs no read before it goes by the queue, where the truth is asked anew', async () => {
    const repository = raced();
    const asked: number[] = [];
    const newer: Ask<string> = (_base, attempt) => {
      asked.push(attempt);
      return Promise.resolve({ plan: '', changes: [change('shop/pr-42', tree('shop/pr-42', `new ${attempt}`))] });
    };
    const { commit, attempts } = await publish(sayingWhy(repository), newer, { ids: [id], clock: fakeClock() });
    expect({ attempts, asked, reads: repository.counts.reads }).toEqual({ attempts: 3, asked: [1, 2], reads: 2 });
    expect(commit.changes[0]?.commit).toBe(repository.tip);
    expect(repository.environments.get('shop/pr-42')).toEqual(tree('shop/pr-42', 'new 2'));
  });

  test('what such a push lost to may be of the same environment: the entry is dropped, and the newer truth asked for', async () => {
    const repository = raced();
    repository.beforePush = (push) => {
      if (push === 1) repository.write('shop/pr-42', tree('shop/pr-42', 'theirs'));
    };
    const seen: (string | undefined)[] = [];
    const newer: Ask<string> = (base, attempt) => {
      seen.push(base.environments.get('shop/pr-42')?.files.get('README.md'));
      return Promise.resolve({ plan: '', changes: [change('shop/pr-42', tree('shop/pr-42', `new ${attempt}`))] });
    };
    await publish(sayingWhy(repository), newer, { ids: [id], clock: fakeClock() });
    expect(seen).toHaveLength(3);
    expect(repository.environments.get('shop/pr-42')).toEqual(tree('shop/pr-42', 'new 3'));
    expect(repository.messages).toHaveLength(1);
    expect(repository.waiting()).toEqual([]);
  });

  test('a push that has landed, though it says that it lost, is found, and makes no second commit', async () => {
    const repository = memoryGitOps({ 'shop/pr-42': tree('shop/pr-42', '1') }, { queue: true });
    repository.afterPush = () => {
      throw temporaryError('PushContended', 'cannot lock ref: is at another');
    };
    const { commit } = await publish(repository, ask, { ids: [id], clock: fakeClock() });
    expect(commit.tip).toBe(repository.tip);
    expect(repository.messages).toHaveLength(1);
    expect(repository.waiting()).toEqual([]);
  });

  test('a branch that is gone leaves nothing in the queue', async () => {
    const repository = raced();
    repository.beforePush = () => repository.drop();
    const result = publish(sayingWhy(repository), ask, { ids: [id], clock: fakeClock() });
    await expect(result).rejects.toMatchObject({ code: 'BranchGone', changed: 'nothing' });
    expect(repository.waiting()).toEqual([]);
    expect(repository.tip).toBeUndefined();
  });

  test('a closed pull request of a change that was never there is looked at again, not left in the queue', async () => {
    const repository = memoryGitOps({ 'zoo/pr-2': tree('zoo/pr-2') }, { queue: true });
    repository.beforePush = (push) => {
      if (push === 1) repository.write('shop/pr-42', tree('shop/pr-42', 'theirs'));
    };
    const closed: Ask<string> = (_base, attempt) =>
      Promise.resolve({ plan: '', changes: [change('shop/pr-42', attempt === 1 ? tree('shop/pr-42', '1') : nothing)] });
    await publish(sayingWhy(repository), closed, { ids: [id], clock: fakeClock() });
    expect(repository.environments.has('shop/pr-42')).toBe(false);
    expect(repository.waiting()).toEqual([]);
  });

  test('a host without it gets the change by another push', async () => {
    const repository = raced();
    const queue = { ...repository.queue!, enqueue: () => Promise.resolve(undefined) };
    await publish({ ...repository, queue }, ask, { ids: [id], clock: fakeClock() });
    expect(repository.counts.pushes).toBe(2);
    expect(repository.environments.get('shop/pr-42')).toEqual(tree('shop/pr-42', '2'));
  });

  test('a queue that never moves is left for a push, which takes the entry along', async () => {
    const repository = raced();
    let givenUp = 0;
    const queue = {
      ...repository.queue!,
      combine: () => Promise.reject(temporaryError('PushContended', 'atomic transaction failed')),
      giveUp: () => {
        givenUp += 1;
      },
    };
    await publish({ ...repository, queue }, ask, { ids: [id], clock: fakeClock() });
    expect(repository.environments.get('shop/pr-42')).toEqual(tree('shop/pr-42', '2'));
    expect(repository.waiting()).toEqual([]);
    expect(givenUp).toBe(1);
  });

  test('at the deadline the entry is taken back, and nothing has changed', async () => {
    const repository = raced();
    const never = () => Promise.reject(temporaryError('PushContended', 'lost'));
    const queue = { ...repository.queue!, combine: never };
    repository.beforeRead = (read) => repository.write('zoo/pr-1', tree('zoo/pr-1', String(read)));
    repository.beforePush = () => repository.write('zoo/pr-1', tree('zoo/pr-1', 'again'));
    const result = publish({ ...repository, queue }, ask, { ids: [id], clock: fakeClock(), deadlineMs: 10_000 });
    await expect(result).rejects.toMatchObject({ code: 'PushContended', class: 'TemporaryError', changed: 'nothing' });
    expect(repository.waiting()).toEqual([]);
  });

  test('an old entry of a job that died is taken out by whoever finds nothing to do', async () => {
    const repository = memoryGitOps({}, { queue: true });
    const base = await repository.read([id]);
    const at = new Date(0);
    const changes = [change('shop/pr-42', tree('shop/pr-42', '1'))];
    const commit = await repository.commit(base, changes, at);
    await repository.queue!.enqueue(base, commit, { changes, at });
    const closed: Ask<string> = () => Promise.resolve({ plan: '', changes: [change('shop/pr-42', nothing)] });
    await publish(repository, closed, { ids: [id], clock: fakeClock() });
    expect(repository.waiting()).toEqual([]);
    expect(repository.environments.size).toBe(0);
  });

  test('an entry that was left before a newer truth was pushed, and not seen by it, is dropped', async () => {
    const repository = memoryGitOps({ 'shop/pr-42': tree('shop/pr-42', '1') }, { queue: true });
    const at = fakeClock().now();
    const base = await repository.read([id]);
    const older = [change('shop/pr-42', tree('shop/pr-42', '2'))];
    const newer = [change('shop/pr-42', tree('shop/pr-42', '3'))];
    await repository.queue!.enqueue(base, await repository.commit(base, older, at), { changes: older, at });
    await repository.push(await repository.commit(base, newer, at), base.queued);
    await repository.queue!.combine(at);
    expect(repository.environments.get('shop/pr-42')).toEqual(tree('shop/pr-42', '3'));
    expect(repository.waiting()).toEqual([]);
  });

  test('an entry that waits for an hour is no truth any more', async () => {
    const repository = memoryGitOps({}, { queue: true });
    const base = await repository.read([id]);
    const changes = [change('shop/pr-42', tree('shop/pr-42', '1'))];
    const commit = await repository.commit(base, changes, new Date(0));
    await repository.queue!.enqueue(base, commit, { changes, at: new Date(0) });
    await repository.queue!.combine(new Date(3_600_000));
    expect(repository.waiting()).toEqual([]);
    expect(repository.environments.size).toBe(0);
  });
});
