import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { refusedError } from '../../src/model/errors.js';
import type { RemainingPart } from '../../src/model/deployment.js';
import { untilRemoved } from '../../src/wait/until-removed.js';
import { cause, id, part, remains, type Scripts, stage, unavailable } from './script.js';

const wait = async (scripts: Scripts) => {
  const set = stage({ git: ['gone'], ...scripts });
  const removal = { id, objects: ['Deployment/api', 'Namespace/shop-pr-42'], removedAt: set.clock.now() };
  return { ...set, ended: await untilRemoved(set.controller, removal, set.options) };
};
const all = (presence: RemainingPart['presence']) => [
  part('Application', presence),
  part('Namespace', presence),
  part('PersistentVolume', presence),
];

describe('until it is removed', () => {
  test('the receipt: what there was, and when each part was first seen gone', async () => {
    const there = [
      part('Application', 'there'),
      part('Namespace', 'there'),
      part('PersistentVolume', 'there', 'pvc-1'),
    ];
    const volumeGone = [part('Application', 'there'), part('Namespace', 'there'), part('PersistentVolume', 'gone')];
    const { ended, told } = await wait({
      remains: [
        remains(there, cause('Finalizer')),
        remains(volumeGone),
        remains([part('Application', 'there'), part('Namespace', 'gone'), part('PersistentVolume', 'gone')]),
        remains(all('gone')),
      ],
    });
    expect(ended.receipt).toEqual({
      name: 'shop-pr-42',
      objects: ['Deployment/api', 'Namespace/shop-pr-42'],
      removedAt: '2026-11-23T10:04:05Z',
      parts: [
        { ...part('Application', 'gone'), goneAt: '2026-11-23T10:04:12Z' },
        { ...part('Namespace', 'gone'), goneAt: '2026-11-23T10:04:09Z' },
        { ...part('PersistentVolume', 'gone', 'pvc-1'), goneAt: '2026-11-23T10:04:07Z' },
      ],
      causes: [],
      complete: true,
    });
    expect(ended.deployment).toMatchObject({ state: 'removed', causes: [] });
    expect(told).toHaveLength(4);
    expect(told[0]).toBe('still there: Application shop-pr-42, Namespace shop-pr-42, PersistentVolume pvc-1');
  });

  test('what nobody may look at is said, and is not gone', async () => {
    const parts = [part('Application', 'gone'), part('Namespace', 'unread'), part('PersistentVolume', 'unread')];
    const { ended } = await wait({ remains: [remains(parts)] });
    expect(ended.receipt).toMatchObject({
      complete: true,
      parts: [{ goneAt: expect.any(String) }, parts[1], parts[2]],
    });
    expect(ended.deployment.message).toBe(
      'gone: Application shop-pr-42; not looked at: Namespace shop-pr-42, PersistentVolume shop-pr-42',
    );
    const blind = await wait({ remains: [remains(all('unread'))] });
    expect(blind.ended).toMatchObject({ deployment: { state: 'not-observed' }, receipt: { complete: false } });
    expect(blind.ended.deployment.message).toContain('no right to read Namespace');
  });

  test('a volume that was there doesn’t go because nobody may look any more', async () => {
    const there = [part('Application', 'gone'), part('Namespace', 'gone'), part('PersistentVolume', 'there', 'pvc-1')];
    const blind = [part('Application', 'gone'), part('Namespace', 'gone'), part('PersistentVolume', 'unread')];
    const { ended } = await wait({ remains: [remains(there), remains(blind)], timeoutMs: 60_000 });
    expect(ended).toMatchObject({ deployment: { state: 'late' }, receipt: { complete: false } });
    expect(ended.receipt.parts).toContainEqual(part('PersistentVolume', 'there', 'pvc-1'));
  });

  test('what holds it up is shown after two minutes, and at the end', async () => {
    const stuck = remains(all('there'), cause('Finalizer', 'example.com/hold', 'ConfigMap/held'));
    const { ended, told } = await wait({ remains: [stuck], timeoutMs: 300_000 });
    expect(ended.deployment).toMatchObject({ state: 'late', causes: stuck.causes });
    expect(ended.deployment.message).toMatch(
      /^not gone after 5m; still there: .*; ConfigMap\/held \(api\): example\.com/,
    );
    expect(ended.receipt).toMatchObject({ complete: false, causes: stuck.causes });
    expect(told.at(-1)).toBe('ConfigMap/held (api): example.com/hold');
    expect(ended.deployment.steps.at(-1)!.at >= '2026-11-23T10:06:05Z').toBe(true);
    expect((await wait({ remains: [stuck], timeoutMs: 5_000 })).told).toHaveLength(1);
  });

  test('opened again meanwhile: superseded, whatever has gone', async () => {
    const { ended } = await wait({ remains: [remains(all('gone'))], git: ['other'] });
    expect(ended).toMatchObject({ deployment: { state: 'superseded' }, receipt: { complete: false } });
    const slow = await wait({ remains: [remains(all('there'))], git: ['gone', 'same'] });
    expect(slow.ended.deployment.state).toBe('superseded');
  });

  test('what is temporary is survived, what is refused is not', async () => {
    const { ended, told } = await wait({ remains: [unavailable(), unavailable(), remains(all('gone'))] });
    expect(ended.deployment.state).toBe('removed');
    expect(told.filter((line) => line.includes('doesn’t answer'))).toHaveLength(1);
    const never = await wait({ remains: [unavailable()], timeoutMs: 20_000 });
    expect(never.ended.deployment.message).toBe(
      'not gone after 20s; the cluster can’t be read: argocd.example.com doesn’t answer',
    );
    const refused = refusedError('ControllerUnauthorized', 'the token has expired');
    await expect(wait({ remains: [refused] })).rejects.toBe(refused);
  });

  test('whatever happens: removed only if the last reading showed nothing and Git held nothing', async () => {
    const presence = fc.constantFrom<RemainingPart['presence']>('there', 'gone', 'gone', 'unread');
    const reading = fc.option(fc.tuple(presence, presence, presence), { nil: undefined, freq: 6 });
    const git = fc.constantFrom('gone', 'gone', 'gone', 'other' as const, undefined);
    await fc.assert(
      fc.asyncProperty(
        fc.array(reading, { minLength: 1, maxLength: 40 }),
        fc.array(git, { minLength: 1, maxLength: 6 }),
        async (all, looks) => {
          const readings = all.map((each) =>
            each === undefined
              ? unavailable()
              : remains([
                  part('Application', each[0]),
                  part('Namespace', each[1]),
                  part('PersistentVolume', each[2], each[2] === 'there' ? 'pvc-1' : 'shop-pr-42'),
                ]),
          );
          const script = { remains: readings, git: looks.map((each) => each ?? unavailable()), timeoutMs: 120_000 };
          const { ended, left, looks: looked } = await wait(script);
          const last = left.at(-1);
          const shown = last === undefined || last instanceof Error ? [] : last.parts.map((each) => each.presence);
          const { state } = ended.deployment;
          const isProven = !shown.includes('there') && shown.includes('gone') && looked.at(-1) === 'gone';
          expect(state !== 'removed' || isProven).toBe(true);
          expect(ended.receipt.complete).toBe(state === 'removed');
          for (const each of ended.receipt.parts) expect(each.goneAt !== undefined).toBe(each.presence === 'gone');
        },
      ),
      { numRuns: 300 },
    );
  });
});
