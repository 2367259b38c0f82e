// The reference application by the ordinary commands: made, changed, removed, and what the cluster holds each time.
import type { Case } from '../../publish/case.js';
import { demand } from '../../publish/faults/proof.js';
import { proveGone, proveServing, readyAnd, reconcile, spread, told, wait } from '../commands.js';
import { type Live, places } from '../kubernetes.js';
import { atOnce, shared } from '../shared.js';
import { anySha, type Stage } from '../stage.js';

const { stage, end } = shared();
export { end };

const up = (on: Stage, flags: readonly string[]) =>
  on.run(['up', '--application', on.application, '--repository', 'acme/shop', ...flags, '-o', 'json']);

const demo = async (on: Stage, sha: string): Promise<void> => {
  on.world.github.putRef('demo', sha);
  const ended = await up(on, ['--preset', 'demo', '--name', 'acme', '--ref', 'demo']);
  demand(ended.code === 0, `up: ${ended.stderr}`);
};

const five = ['pr-1', 'pr-2', 'pr-3', 'e2e-3', 'demo-acme'] as const;

/** Pushes everywhere, and waits until all five serve it. */
const roll = async (on: Stage): Promise<string> => {
  const sha = anySha();
  for (const number of [1, 2, 3]) on.push(number, sha);
  for (const preset of ['pull-request', 'e2e']) on.world.github.addLabel(3, `bivouac:preset-${preset}`);
  await Promise.all([...[1, 2, 3].map((number) => reconcile(on, number)), demo(on, sha)]);
  return spread(await atOnce(5, five, (environment) => readyAnd(on, environment, sha)));
};

const jobsOf = (on: Stage, environment: string): Promise<readonly Live[]> =>
  on.kubernetes.list(`/apis/batch/v1/namespaces/${on.name(environment)}/jobs`);

/** Jobs by what they are named before their hash. */
const named = (jobs: readonly Live[], start: string): readonly Live[] =>
  jobs.filter(({ metadata }) => metadata.name.startsWith(start));

export const cases: readonly Case[] = [
  {
    name: 'five environments, of pull requests and other presets: created, updated, removed',
    run: async () => {
      const on = await stage();
      const created = await roll(on);
      const seeds = named(await jobsOf(on, 'pr-1'), 'database-seed-');
      const updated = await roll(on);
      const jobs = await jobsOf(on, 'pr-1');
      demand(
        named(jobs, 'database-seed-')
          .map(({ metadata }) => metadata.uid)
          .join() === seeds.map(({ metadata }) => metadata.uid).join() && seeds.length === 1,
        'the seed ran again',
      );
      demand(named(jobs, 'api-migrate-').length === 1, 'the old migration is still there');
      for (const number of [1, 2, 3]) on.world.github.close(number);
      await Promise.all([1, 2, 3].map((number) => reconcile(on, number)));
      const began = performance.now();
      const down = await on.run(['down', on.address('demo-acme'), '--yes', '--wait', '-o', 'json']);
      const downSeconds = ((performance.now() - began) / 1000).toFixed(1);
      demand(down.code === 0, `down: ${down.stderr}`);
      demand(told(down).outcomes[0]?.receipt?.complete === true, `no receipt: ${down.stdout}`);
      const removed = await atOnce(5, five, async (environment) => {
        const { seconds } = await wait(on, environment, { flags: ['--for', 'removed', '--timeout', '4m'] });
        await proveGone(on, environment);
        return seconds;
      });
      return `wait took: created ${created}; updated ${updated}; down --wait ${downSeconds} s, the others right after it ${spread(removed)}`;
    },
  },
  {
    name: 'another variable at the same commit arrives; the seed doesn’t run twice',
    run: async () => {
      const on = await stage();
      const sha = on.push(11);
      await reconcile(on, 11);
      await readyAnd(on, 'pr-11', sha);
      const before = await jobsOf(on, 'pr-11');
      on.world.github.putFile(sha, '.bivouac.yaml', 'variables: { LOG_LEVEL: debug }\n');
      const ended = told(await reconcile(on, 11, { flags: ['--wait'] }));
      demand(ended.outcomes[0]?.deployment?.state === 'ready', `not ready: ${JSON.stringify(ended)}`);
      const api = await on.kubernetes.get(`/apis/apps/v1/namespaces/${on.name('pr-11')}/deployments/api`);
      demand(JSON.stringify(api).includes('"value":"debug"'), 'the variable isn’t there');
      await proveServing(on, 'pr-11', sha);
      const after = await jobsOf(on, 'pr-11');
      const uids = (jobs: readonly Live[], start: string): string =>
        named(jobs, start)
          .map(({ metadata }) => metadata.uid)
          .join();
      demand(uids(before, 'api-migrate-') !== uids(after, 'api-migrate-'), 'the migration didn’t run again');
      on.world.github.putFile(sha, '.bivouac.yaml', 'components: { with: [mailer] }\n');
      demand(
        told(await reconcile(on, 11, { flags: ['--wait'] })).outcomes[0]?.deployment?.state === 'ready',
        'not ready with the mailer',
      );
      await proveServing(on, 'pr-11', sha);
      return undefined;
    },
  },
  {
    name: 'a rolling update of two Deployments where the quota has room for one more pod',
    run: async () => {
      const on = await stage();
      const first = on.push(12);
      await reconcile(on, 12);
      await readyAnd(on, 'pr-12', first);
      const quota = await on.kubernetes.get(`/api/v1/namespaces/${on.name('pr-12')}/resourcequotas/bivouac-quota`);
      const used = (quota?.status as { used?: { pods?: string } } | undefined)?.used?.pods ?? '0';
      const room = String(Number(used) + 1); // for the migration's pod: a Job can't wait for another to go
      await on.kubernetes.apply(`/api/v1/namespaces/${on.name('pr-12')}/resourcequotas/full`, {
        ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'full', namespace: on.name('pr-12') } },
        spec: { hard: { pods: room } },
      });
      const second = on.push(12);
      await reconcile(on, 12);
      const seconds = await readyAnd(on, 'pr-12', second);
      return `ready after ${seconds.toFixed(1)} s with ${used} of ${room} pods used`;
    },
  },
  {
    name: 'the same commands again change nothing, and ready is said at once',
    run: async () => {
      const on = await stage();
      const sha = on.push(13);
      await reconcile(on, 13, { flags: ['--wait'] });
      const again = told(await reconcile(on, 13, { flags: ['--wait'] }));
      demand(again.outcomes[0]?.outcome === 'Unchanged', `not unchanged: ${JSON.stringify(again)}`);
      demand(again.outcomes[0]?.deployment?.state === 'ready', 'not ready');
      await proveServing(on, 'pr-13', sha);
      const application = await on.kubernetes.get(places.application(on.name('pr-13')));
      demand(application !== undefined, 'no Application');
      return undefined;
    },
  },
];
