import { describe, expect, test } from '@jest/globals';
import type { Clock } from '../../src/model/clock.js';
import { type Watching, keepWatches } from '../../src/server/watches.js';
import { manualClock, settle } from './support.js';

const scene = (most?: number) => {
  const clock = manualClock();
  const said: string[] = [];
  const failures: string[] = [];
  const watches = keepWatches({
    clock,
    ...(most !== undefined && { most }),
    failed: (key, error) => failures.push(`${key}: ${(error as Error).message}`),
  });
  /** Looks every second, says so, and tells at the end unless it is called off. */
  const watching =
    (name: string, looks: number, tell: () => Promise<void> = () => Promise.resolve()): Watching =>
    async (its: Clock) => {
      for (let look = 1; look <= looks; look += 1) {
        said.push(`${name} looks`);
        await its.wait(1_000);
      }
      return async () => {
        said.push(`${name} tells`);
        await tell();
      };
    };
  return { clock, said, failures, watches, watching };
};

describe('watches', () => {
  test('each looks by itself until it knows, and then tells', async () => {
    const { clock, said, watches, watching } = scene();
    watches.start('a', watching('a', 1));
    watches.start('b', watching('b', 2));
    expect(watches.running).toBe(2);
    await clock.pass(1_000);
    await clock.pass(1_000);
    expect(said).toEqual(['a looks', 'b looks', 'b looks', 'a tells', 'b tells']);
    expect(watches.running).toBe(0);
  });

  test('a newer one of the same key takes its place: the one before neither looks nor tells any more', async () => {
    const { clock, said, failures, watches, watching } = scene();
    watches.start('a', watching('old', 3));
    await clock.pass(1_000);
    watches.start('a', watching('new', 1));
    await settle();
    await clock.pass(1_000);
    expect(said).toEqual(['old looks', 'old looks', 'new looks', 'new tells']);
    expect(failures).toEqual([]);
  });

  test('whoever ends one waits for what it is telling', async () => {
    const { clock, said, watches, watching } = scene();
    let told: () => void = () => undefined;
    watches.start(
      'a',
      watching('a', 1, () => new Promise((resolve) => (told = resolve))),
    );
    await clock.pass(1_000); // it is telling
    let quiet = false;
    const end = watches.end('a').then(() => (quiet = true));
    await settle();
    expect(quiet).toBe(false);
    told();
    await end;
    expect(said).toEqual(['a looks', 'a tells']);
    await watches.end('a'); // there is none: at once
  });

  test('whoever ends one that looks waits for nothing: what hangs is left to itself, and tells nothing', async () => {
    const { said, watches } = scene();
    let answer: () => void = () => undefined;
    watches.start('a', async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return () => Promise.resolve(void said.push('told'));
    });
    await watches.end('a');
    answer();
    await settle();
    expect(said).toEqual([]);
  });

  test('at most so many at once; one that was called off while it waited never begins', async () => {
    const { clock, said, watches, watching } = scene(1);
    watches.start('a', watching('a', 1));
    watches.start('b', watching('b', 1));
    expect(watches.hasRoom).toBe(false);
    watches.start('c', watching('c', 1));
    await watches.end('b');
    await clock.pass(1_000);
    await clock.pass(1_000);
    expect(said).toEqual(['a looks', 'a tells', 'c looks', 'c tells']);
  });

  test('one that fails is said, once; when all stop none is', async () => {
    const { clock, failures, watches, watching } = scene();
    watches.start('a', () => Promise.reject(new Error('blind')));
    watches.start('b', watching('b', 5));
    await settle();
    watches.stop();
    await settle();
    await clock.pass(10_000);
    expect(failures).toEqual(['a: blind']);
    expect(watches.running).toBe(0);
  });
});
