import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyedQueue, type Failure, type QueueOptions } from '../../src/server/queue.js';
import { manualClock, settle, type ManualClock } from './support.js';

interface Job {
  readonly key: string;
  readonly hint: string;
  end(result?: Error): void;
}

/** A queue whose work ends when the test says so. */
const scene = (options: Partial<QueueOptions<string, string>> = {}) => {
  const clock: ManualClock = manualClock();
  const jobs: Job[] = [];
  const failures: Failure[] = [];
  const queue = keyedQueue<string, string>({
    work: (key, hint) =>
      new Promise((resolve, reject) => {
        jobs.push({ key, hint, end: (error) => (error === undefined ? resolve(hint) : reject(error)) });
      }),
    merge: (_before, now) => now,
    failed: (failure) => failures.push(failure),
    clock,
    workers: 2,
    ...options,
  });
  const last = (key: string): Job => jobs.findLast((job) => job.key === key)!;
  const begun = (): readonly string[] => jobs.map(({ key, hint }) => `${key} ${hint}`);
  return { queue, clock, jobs, failures, last, begun };
};

describe('the queue', () => {
  test('one at a time for each key, several keys at once, the newest hint wins', async () => {
    const { queue, begun, last } = scene();
    for (const hint of ['1', '2', '3']) queue.submit('a', hint);
    queue.submit('b', '1');
    queue.submit('c', '1');
    expect(begun()).toEqual(['a 1', 'b 1']);
    expect([queue.running, queue.waiting]).toEqual([2, 2]);
    last('a').end();
    await settle();
    expect(begun()).toEqual(['a 1', 'b 1', 'a 3']);
    last('b').end();
    await settle();
    expect(begun().at(-1)).toBe('c 1');
  });

  test('at the bound nothing more is taken, but for keys that wait already', () => {
    const { queue } = scene({ workers: 1, bound: 2 });
    expect(['a', 'b', 'c', 'd', 'c'].map((key) => queue.submit(key, '1'))).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'full',
      'accepted',
    ]);
  });

  test('what fails waits alone, longer each time, and is dropped in the end', async () => {
    const { queue, clock, failures, last, begun } = scene({ firstMs: 100, longestMs: 250, tries: 4 });
    queue.submit('bad', '1');
    for (const wait of [100, 200, 250]) {
      last('bad').end(new Error('poison'));
      await settle();
      expect(queue.quarantined).toBe(1);
      queue.submit('good', String(wait));
      last('good').end();
      await settle();
      const before = begun().length;
      await clock.pass(wait - 1);
      expect(begun()).toHaveLength(before);
      await clock.pass(1);
      expect(begun().at(-1)).toBe('bad 1');
    }
    last('bad').end(new Error('poison'));
    await settle();
    expect(failures.map(({ tries, againIn }) => [tries, againIn])).toEqual([
      [1, 100],
      [2, 200],
      [3, 250],
      [4, undefined],
    ]);
    expect([queue.waiting, queue.running, queue.quarantined]).toEqual([0, 0, 0]);
  });

  test('a newer hint shortens the wait to the first one: what was wrong may have been mended', async () => {
    const { queue, clock, last, begun } = scene({ firstMs: 100, longestMs: 100_000 });
    queue.submit('a', '1');
    for (const wait of [100, 200, 400]) {
      last('a').end(new Error('down'));
      await settle();
      await clock.pass(wait);
    }
    last('a').end(new Error('down'));
    await settle();
    await clock.pass(50);
    queue.submit('a', '2');
    await clock.pass(49);
    expect(begun().at(-1)).toBe('a 1');
    await clock.pass(1);
    expect(begun().at(-1)).toBe('a 2');
    last('a').end();
    await settle();
    await clock.pass(1_000_000);
    expect(begun().filter((text) => text === 'a 2')).toHaveLength(1);
  });

  test('who asks is told what came of it', async () => {
    const { queue, last } = scene({ workers: 1, bound: 1 });
    const results = [queue.ask('a', '1'), queue.ask('b', '1'), queue.ask('c', '1')].map((each) =>
      each.then(
        (result) => result,
        (error: Error) => error.message,
      ),
    );
    last('a').end();
    await settle();
    last('b').end(new Error('poison'));
    expect(await Promise.all(results)).toEqual(['1', 'poison', 'too much is waiting']);
  });

  test('stopping: what runs ends, what waits is dropped, nothing more is taken; the deadline cuts it short', async () => {
    const { queue, last, begun, clock } = scene({ workers: 1 });
    queue.submit('a', '1');
    const dropped = queue.ask('b', '1').catch((error: Error) => error.message);
    let left: number | undefined;
    void queue.stop(1000).then((count) => (left = count));
    await settle();
    expect(queue.submit('c', '1')).toBe('stopped');
    expect(await dropped).toBe('the service is stopping');
    expect(left).toBeUndefined();
    last('a').end();
    await settle();
    expect([left, begun()]).toEqual([1, ['a 1']]);

    const slow = scene({ workers: 1 });
    slow.queue.submit('a', '1');
    const end = slow.queue.stop(1000);
    await slow.clock.pass(1000);
    expect(await end).toBe(1);
    await clock.pass(0);
  });

  test('whatever the order: nothing is lost, and no key is worked on twice at once', async () => {
    const step = fc.record({ key: fc.integer({ min: 0, max: 4 }), fails: fc.boolean(), ends: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const clock = manualClock();
        const open = new Map<string, () => void>();
        const done = new Map<string, number>();
        const queue = keyedQueue<number, void>({
          work: (key, hint) => {
            expect(open.has(key)).toBe(false);
            const { fails } = steps[hint]!;
            return new Promise((resolve, reject) => {
              open.set(key, () => {
                open.delete(key);
                if (fails && !done.has(`${key} ${hint}`)) {
                  done.set(`${key} ${hint}`, -1);
                  return reject(new Error('once'));
                }
                done.set(key, hint);
                resolve();
              });
            });
          },
          merge: (_before, now) => now,
          clock,
          workers: 3,
          tries: 50,
        });
        for (const [index, { key, ends }] of steps.entries()) {
          expect(queue.submit(String(key), index)).toBe('accepted');
          if (ends) for (const end of [...open.values()]) end();
          await settle();
        }
        for (let turn = 0; turn < 200 && queue.waiting + queue.running > 0; turn += 1) {
          for (const end of [...open.values()]) end();
          await clock.pass(300_000);
        }
        expect([queue.waiting, queue.running]).toEqual([0, 0]);
        for (const key of new Set(steps.map((each) => each.key)))
          expect(done.get(String(key))).toBe(steps.findLastIndex((each) => each.key === key));
      }),
      { numRuns: 60 },
    );
  });
});
