// A record that Argo CD can't read stops the whole set: doctor names it, wait says it, and how it is freed.
import type { Case } from '../../publish/case.js';
import { demand } from '../../publish/faults/proof.js';
import { readyAnd, reconcile, wait } from '../commands.js';
import { type Live, places } from '../kubernetes.js';
import { until } from '../seen.js';
import { shared } from '../shared.js';
import { createStage, type Stage } from '../stage.js';

const { stage, end } = shared();
export { end };

interface SetStatus {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const isFrozen = (set: Live | undefined): boolean =>
  (set as SetStatus | undefined)?.status?.conditions?.some(
    ({ type, status }) => type === 'ErrorOccurred' && status === 'True',
  ) === true;

/** By hand, as docs/cluster.md says: the annotation is taken off and put on again. */
const refresh = async (on: Stage): Promise<void> => {
  const set = places.set(`${on.application}-environments`);
  const key = 'argocd.argoproj.io/application-set-refresh';
  await on.kubernetes.merge(set, { metadata: { annotations: { [key]: null } } });
  await on.kubernetes.merge(set, { metadata: { annotations: { [key]: 'true' } } });
};

const frozenBy = (record: (on: Stage) => string) => async (): Promise<string> => {
  const on = await stage();
  const set = places.set(`${on.application}-environments`);
  const bad = `${on.directory('pr-66')}/environment.json`;
  await on.commit({ [bad]: record(on) });
  await until(60, async () => isFrozen(await on.kubernetes.get(set)), { what: () => 'the set isn’t frozen' });
  const number = 100 + Math.floor(Math.random() * 800);
  const sha = on.push(number);
  await reconcile(on, number);
  const waited = await wait(on, `pr-${number}`, { code: 3, flags: ['--timeout', '3m'] });
  demand(/-environments/.test(waited.stdout + waited.stderr), `wait doesn’t name the set: ${waited.stderr}`);
  const doctor = await on.run(['doctor']);
  const text = doctor.stdout + doctor.stderr;
  demand(text.includes('pr-66/environment.json'), `doctor doesn’t name the file: ${text}`);
  await on.commit({ [bad]: undefined });
  await refresh(on);
  await until(60, async () => !isFrozen(await on.kubernetes.get(set)), { what: () => 'the set stays frozen' });
  await readyAnd(on, `pr-${number}`, sha);
  return `wait said so after ${waited.seconds.toFixed(1)} s`;
};

export const cases: readonly Case[] = [
  { name: 'a record that is no JSON', run: frozenBy(() => '{ "name": ') },
  {
    name: 'a record that lacks a key of the template',
    run: frozenBy((on) => JSON.stringify({ schemaVersion: '1', name: on.name('pr-66') })),
  },
  {
    name: 'another application’s set goes on',
    run: async () => {
      const [on, other] = [await stage(), await createStage()];
      try {
        const bad = `${on.directory('pr-66')}/environment.json`;
        await on.commit({ [bad]: 'no' });
        const set = places.set(`${on.application}-environments`);
        await until(60, async () => isFrozen(await on.kubernetes.get(set)), { what: () => 'the set isn’t frozen' });
        const sha = other.push(1);
        await reconcile(other, 1);
        await readyAnd(other, 'pr-1', sha);
        await on.commit({ [bad]: undefined });
        await refresh(on);
        return undefined;
      } finally {
        await other.end();
      }
    },
  },
];
