// An application that leaves something behind outside of the cluster: its task runs between the environment and its removal.
import type { Case } from '../../publish/case.js';
import { demand } from '../../publish/faults/proof.js';
import { runGit } from '../../git/run.js';
import { proveGone, readyAnd, reconcile, told, wait } from '../commands.js';
import { shared } from '../shared.js';
import type { Stage } from '../stage.js';

const chart = `import { type Construct, EnvironmentChart, type EnvironmentProps, Teardown, WebService } from 'bivouac/charts';

export class Tenants extends EnvironmentChart {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);
    new WebService(this, 'web', { image: this.image('web'), port: 3000, primary: true });
    new Teardown(this, 'tenant', { image: this.image('seed'), command: ['leave'], retries: 0, deadlineSeconds: 60 });
  }
}
`;

const { stage, end } = shared({ files: { 'charts/tenants.ts': chart }, chart: 'charts/tenants.ts' });
export { end };

/** Opened and ready, then closed; `task` is the image that the teardown runs. */
const closed = async (on: Stage, number: number, task?: string) => {
  const sha = on.push(number);
  const flags = task === undefined ? [] : ['--image', `seed=${task}`, '--image', `web=ghcr.io/acme/shop-web:${sha}`];
  await reconcile(on, number, { flags });
  await readyAnd(on, `pr-${number}`, sha);
  on.world.github.close(number);
  return told(await reconcile(on, number, { flags: ['--wait', '--timeout', '5m'] })).outcomes[0];
};

const history = (on: Stage, number: number): Promise<string> =>
  runGit(on.world.git.directory(), ['log', '--format=%s', 'main', '--', on.directory(`pr-${number}`)]);

export const cases: readonly Case[] = [
  {
    name: 'the task runs, is seen done, and the environment goes with a receipt',
    run: async () => {
      const on = await stage();
      const outcome = await closed(on, 1);
      demand(outcome?.outcome === 'Removed' && (outcome?.warnings ?? []).length === 0, JSON.stringify(outcome));
      demand(outcome?.receipt?.complete === true, `no receipt: ${JSON.stringify(outcome)}`);
      demand(/remove[^\n]*\n[^\n]*tear down/.test(await history(on, 1)), 'not in two commits');
      await proveGone(on, 'pr-1');
      return undefined;
    },
  },
  {
    name: 'a task that fails holds nothing up, and is said',
    run: async () => {
      const on = await stage();
      const outcome = await closed(on, 2, 'ghcr.io/acme/crashing-seed:1');
      demand(outcome?.outcome === 'Removed', JSON.stringify(outcome));
      demand(/fail/.test(outcome?.warnings?.join() ?? ''), `no warning: ${JSON.stringify(outcome)}`);
      await proveGone(on, 'pr-2');
      return outcome?.warnings?.join('; ');
    },
  },
  {
    name: 'a task that doesn’t end is cut off at its deadline, and that is said',
    run: async () => {
      const on = await stage();
      const outcome = await closed(on, 3, 'ghcr.io/acme/endless-seed:1');
      demand(outcome?.outcome === 'Removed', JSON.stringify(outcome));
      demand((outcome?.warnings ?? []).length > 0, `no warning: ${JSON.stringify(outcome)}`);
      await proveGone(on, 'pr-3');
      return outcome?.warnings?.join('; ');
    },
  },
  {
    name: 'reopened while the task runs, it comes back',
    run: async () => {
      const on = await stage();
      const sha = on.push(4);
      const flags = ['--image', 'seed=ghcr.io/acme/endless-seed:1', '--image', `web=ghcr.io/acme/shop-web:${sha}`];
      await reconcile(on, 4, { flags });
      await readyAnd(on, 'pr-4', sha);
      on.world.github.close(4);
      const closing = reconcile(on, 4);
      for (let looks = 0; looks < 100 && !(await history(on, 4)).includes('tear down'); looks++)
        await new Promise((resolve) => setTimeout(resolve, 100));
      on.world.github.reopen(4);
      await closing;
      await reconcile(on, 4);
      await wait(on, 'pr-4', { flags: ['--timeout', '4m'] });
      demand((await on.world.read(`${on.directory('pr-4')}/environment.json`)).includes('"active"'), 'not active');
      return undefined;
    },
  },
];
