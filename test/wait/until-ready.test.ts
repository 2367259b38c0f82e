import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { causeKinds } from '../../src/model/deployment.js';
import { refusedError } from '../../src/model/errors.js';
import type { Held } from '../../src/wait/ask.js';
import { untilReady } from '../../src/wait/until-ready.js';
import { cause, expected, type Scripts, stage, status, unavailable } from './script.js';

const wait = async (scripts: Scripts) => {
  const set = stage(scripts);
  return { ...set, ended: await untilReady(set.controller, expected, set.options) };
};
const repeat = <Value>(count: number, value: Value): readonly Value[] => Array.from({ length: count }, () => value);

describe('until it is ready', () => {
  test('says what changed, once, and ends with what was seen', async () => {
    const { ended, told, seconds } = await wait({
      statuses: [status('absent'), status('absent'), ...repeat(4, status('deploying')), status('ready')],
    });
    expect(ended).toEqual({
      state: 'ready',
      message: 'ready at 1a2b3c4',
      causes: [],
      steps: [
        { at: '2026-11-23T10:04:05Z', message: 'absent: waiting for the sync' },
        { at: '2026-11-23T10:04:09Z', message: 'deploying: waiting for the sync' },
        { at: '2026-11-23T10:04:26Z', message: 'ready at 1a2b3c4' },
      ],
    });
    expect(told).toEqual(ended.steps.map(({ message }) => message));
    expect(seconds()).toBeLessThan(25);
  });

  test('asks every 2 seconds at first, every 5 later, and looks at Git every half a minute', async () => {
    const { clock, looks } = await wait({ statuses: [...repeat(40, status('deploying')), status('ready')] });
    expect(clock.waits.slice(0, 2)).toEqual([2000, 2500]);
    expect(new Set(clock.waits.slice(5))).toEqual(new Set([5000]));
    expect(looks.length).toBeGreaterThanOrEqual(6);
    expect(looks.length).toBeLessThan(9);
  });

  test.each(causeKinds.filter((kind) => kind !== 'Finalizer' && kind !== 'SyncRunning'))(
    '%s ends it, sooner or later, with its own words',
    async (kind) => {
      const { ended, seconds } = await wait({ statuses: [status('deploying', cause(kind, 'its own words'))] });
      expect(ended).toMatchObject({
        state: 'failed',
        message: 'it won’t become ready by itself: Pod/api-7d9f (api): its own words',
        causes: [cause(kind)],
      });
      const patient: Readonly<Record<string, number>> = { CrashLoop: 60, Degraded: 60, SyncFailed: 60 };
      const moment = ['ImagePull', 'FrozenSet', 'Quota', 'Unschedulable'].includes(kind) ? 10 : 0;
      const least = patient[kind] ?? moment;
      expect(seconds()).toBeGreaterThanOrEqual(least);
      expect(seconds()).toBeLessThanOrEqual(least === 0 ? 0 : least + 15);
    },
  );

  test('a cause that goes away for a moment is given its time anew; one that changes its words is not', async () => {
    const crash = status('deploying', cause('CrashLoop', 'restart 1'));
    const broken = [...repeat(8, crash), status('deploying'), ...repeat(10, crash), status('ready')];
    expect((await wait({ statuses: broken })).ended.state).toBe('ready');
    const counted = Array.from({ length: 30 }, (_, n) => status('deploying', cause('CrashLoop', `restart ${n}`)));
    expect((await wait({ statuses: counted })).ended.state).toBe('failed');
  });

  test('a failed reading neither ends a cause nor lets it stand', async () => {
    const pull = status('deploying', cause('ImagePull'));
    const { ended, told } = await wait({ statuses: [pull, ...repeat(20, unavailable()), status('ready')] });
    expect(ended.state).toBe('ready');
    expect(told.filter((line) => line.includes('doesn’t answer'))).toHaveLength(1);
  });

  test('late: never a bare time-out', async () => {
    const deploying = status('deploying', cause('SyncRunning', 'a sync runs since 10:00'));
    const { ended, seconds } = await wait({ statuses: [deploying], timeoutMs: 61_000 });
    expect(ended).toMatchObject({ state: 'late', causes: [cause('SyncRunning', 'a sync runs since 10:00')] });
    expect(ended.message).toBe(
      'not ready after 1m1s: deploying: waiting for the sync; Pod/api-7d9f (api): a sync runs since 10:00',
    );
    expect(seconds()).toBe(61);

    const blind = await wait({ statuses: [status('absent'), unavailable()], timeoutMs: 30_000 });
    expect(blind.ended.message).toBe(
      'not ready after 30s: the controller can’t be read: argocd.example.com doesn’t answer; last seen: absent: waiting for the sync',
    );
    const never = await wait({ statuses: [unavailable()], timeoutMs: 30_000 });
    expect(never.ended.message).toContain('doesn’t answer');
  });

  test('superseded: ready is not said of what Git holds no more, whatever the controller says', async () => {
    const statuses = [status('ready')];
    expect((await wait({ statuses, git: ['other'] })).ended).toMatchObject({ state: 'superseded', causes: [] });
    const gone = await wait({ statuses: [status('removing')], git: ['gone'] });
    expect(gone.ended.message).toBe('it was removed from Git meanwhile');
    expect(gone.seconds()).toBeLessThan(40);
    const blind = await wait({ statuses, git: [unavailable()], timeoutMs: 10_000 });
    expect(blind.ended).toMatchObject({ state: 'late', message: expect.stringContaining('Git could not be read') });
    expect((await wait({ statuses, git: [unavailable(), 'same'] })).ended.state).toBe('ready');
    const failing = [status('deploying', cause('JobFailed'))];
    expect((await wait({ statuses: failing, git: ['other'] })).ended.state).toBe('superseded');
  });

  test('what is refused ends at once', async () => {
    const refused = refusedError('ControllerForbidden', 'the token may not read it');
    await expect(wait({ statuses: [status('deploying'), refused] })).rejects.toBe(refused);
    await expect(wait({ statuses: [status('ready')], git: [refused] })).rejects.toBe(refused);
    await expect(wait({ statuses: [new TypeError('a defect')] })).rejects.toThrow('a defect');
  });

  test('whatever happens: ready only if the last reading said so and Git held the same; otherwise why', async () => {
    const causes = fc.array(
      fc.constantFrom(...causeKinds).map((kind) => cause(kind, `of ${kind}`)),
      { maxLength: 2 },
    );
    const reading = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(fc.constantFrom('absent', 'deploying', 'removing' as const), causes) },
      { weight: 2, arbitrary: fc.tuple(fc.constant('ready' as const), causes) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    );
    const git = fc.constantFrom<Held | undefined>('same', 'same', 'same', 'other', 'gone', undefined);
    const orError = <Value>(value: Value | undefined): Value | Error => value ?? unavailable();
    await fc.assert(
      fc.asyncProperty(
        fc.array(reading, { minLength: 1, maxLength: 60 }),
        fc.array(git, { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 1, max: 300 }),
        async (all, looks, seconds) => {
          const statuses = all.map((each) => orError(each && status(each[0], ...each[1])));
          const set = await wait({ statuses, git: looks.map(orError), timeoutMs: seconds * 1000 });
          const [last, look] = [set.readings.at(-1), set.looks.at(-1)];
          const said = last instanceof Error ? undefined : last?.phase;
          const { state, message, causes: why } = set.ended;
          expect(message.length).toBeGreaterThan(15);
          expect(set.seconds()).toBeLessThanOrEqual(seconds);
          expect(state === 'ready').toBe(said === 'ready' && look === 'same');
          expect(state === 'superseded').toBe(look === 'other' || look === 'gone');
          expect(state !== 'failed' || why.length > 0).toBe(true);
          expect(state !== 'late' || set.seconds() === seconds).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});
