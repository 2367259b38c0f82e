// A directory vanishes at the worst moment, and others must not notice a bad neighbour.
import type { Case } from '../../publish/case.js';
import { demand } from '../../publish/faults/proof.js';
import { proveGone, readyAnd, reconcile, spread, told, wait } from '../commands.js';
import { places } from '../kubernetes.js';
import { until } from '../seen.js';
import { atOnce, shared } from '../shared.js';
import type { Stage } from '../stage.js';

const { stage, end } = shared();
export { end };

interface Operation {
  readonly status?: {
    readonly operationState?: { readonly phase?: string; readonly finishedAt?: string; readonly message?: string };
    readonly health?: { readonly status?: string };
  };
}

const applicationOf = async (on: Stage, environment: string): Promise<Operation['status']> =>
  ((await on.kubernetes.get(places.application(on.name(environment)))) as Operation | undefined)?.status;

/** Closes the pull request, and waits for the receipt. */
const removed = async (on: Stage, number: number): Promise<string> => {
  on.world.github.close(number);
  await reconcile(on, number);
  const { seconds, stdout } = await wait(on, `pr-${number}`, {
    flags: ['--for', 'removed', '--timeout', '5m', '-o', 'json'],
  });
  demand(stdout.includes('"complete": true'), `no complete receipt: ${stdout}`);
  await proveGone(on, `pr-${number}`);
  return `gone after ${seconds.toFixed(1)} s`;
};

const forbidden = (namespace: string): string =>
  `---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: web, namespace: ${namespace} }\nspec: { minAvailable: 1 }\n`;

export const cases: readonly Case[] = [
  {
    name: 'the directory vanishes while its first sync runs',
    run: async () => {
      const on = await stage();
      on.push(1);
      await reconcile(on, 1);
      await until(120, async () => (await applicationOf(on, 'pr-1'))?.operationState?.phase !== undefined, {
        what: () => 'no sync began',
        everyMs: 50,
      });
      return removed(on, 1);
    },
  },
  {
    name: 'it vanishes before it ever becomes healthy',
    run: async () => {
      const on = await stage();
      on.push(2);
      await reconcile(on, 2, { flags: ['--image', 'web=ghcr.io/acme/missing-web:1'] });
      let health: string | undefined;
      const isUnhealthy = async (): Promise<boolean> => {
        health = (await applicationOf(on, 'pr-2'))?.health?.status;
        return health === 'Progressing' || health === 'Degraded';
      };
      await until(120, isUnhealthy, { what: () => `its health is ${health}` });
      return removed(on, 2);
    },
  },
  {
    name: 'it vanishes while a failed sync waits to be tried again',
    run: async () => {
      const on = await stage();
      on.push(3);
      await reconcile(on, 3);
      await on.edit(`${on.directory('pr-3')}/manifests/web.yaml`, (text) => text + forbidden(on.name('pr-3')));
      await until(
        90,
        async () => {
          const { phase, finishedAt, message = '' } = (await applicationOf(on, 'pr-3'))?.operationState ?? {};
          return phase === 'Running' && finishedAt !== undefined && /not permitted/.test(message);
        },
        { what: () => 'no retry waits' },
      );
      return removed(on, 3);
    },
  },
  {
    name: 'a finalizer that nobody takes off is named with the command that helps, and the receipt says what is left',
    run: async () => {
      const on = await stage();
      const sha = on.push(4);
      await reconcile(on, 4);
      await readyAnd(on, 'pr-4', sha);
      const stuck = `/api/v1/namespaces/${on.name('pr-4')}/configmaps/stuck`;
      await on.kubernetes.apply(stuck, {
        ...{ apiVersion: 'v1', kind: 'ConfigMap' },
        metadata: { name: 'stuck', namespace: on.name('pr-4'), finalizers: ['example.com/stuck'] },
      });
      on.world.github.close(4);
      await reconcile(on, 4);
      const late = await wait(on, 'pr-4', { flags: ['--for', 'removed', '--timeout', '150s'], code: 5 });
      demand(/example\.com\/stuck/.test(late.stdout + late.stderr), `doesn’t name it: ${late.stdout}${late.stderr}`);
      demand(/kubectl/.test(late.stdout + late.stderr), `names no command: ${late.stdout}${late.stderr}`);
      await on.kubernetes.merge(stuck, { metadata: { finalizers: null } });
      await wait(on, 'pr-4', { flags: ['--for', 'removed', '--timeout', '3m'] });
      await proveGone(on, 'pr-4');
      return undefined;
    },
  },
  {
    name: 'one bad environment among many disturbs none of them',
    run: async () => {
      const on = await stage();
      on.push(10);
      await reconcile(on, 10);
      await on.edit(`${on.directory('pr-10')}/manifests/web.yaml`, (text) => text + forbidden(on.name('pr-10')));
      const bad = wait(on, 'pr-10', { code: 3, flags: ['--timeout', '5m'] });
      const numbers = [11, 12, 13, 14, 15, 16];
      const seconds = await atOnce(3, numbers, async (number) => {
        const sha = on.push(number);
        const first = told(await reconcile(on, number, { flags: ['--wait', '--timeout', '4m'] }));
        demand(first.outcomes[0]?.deployment?.state === 'ready', `pr-${number} isn’t ready`);
        return readyAnd(on, `pr-${number}`, sha);
      });
      demand((await bad).seconds > 0, 'the bad one ended well');
      on.world.github.close(11);
      await reconcile(on, 11);
      await wait(on, 'pr-11', { flags: ['--for', 'removed', '--timeout', '3m'] });
      await proveGone(on, 'pr-11');
      return `the others were ready all the same (${spread(seconds)} to confirm)`;
    },
  },
];
