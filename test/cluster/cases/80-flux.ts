// Flux, option B: the Kustomization that comes and goes with the directory.
import type { Case, Ended } from '../../publish/case.js';
import { demand } from '../../publish/faults/proof.js';
import { proveServing, reconcile, told, wait } from '../commands.js';
import { connect, places } from '../kubernetes.js';
import { shared } from '../shared.js';

const { stage, end } = shared({ controller: 'flux' });
export { end };

const source = '/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories';

/** Why it can't be run here. */
const hindrance = async (): Promise<string | undefined> => {
  const kubernetes = connect(process.env['KUBECONFIG'] ?? '');
  if ((await kubernetes.get(source)) === undefined) return 'the cluster has no Flux';
  const taken = (await kubernetes.get(`${source}/environments`)) !== undefined;
  return taken ? 'flux-system/environments is somebody else’s' : undefined;
};

export const cases: readonly Case[] = [
  {
    name: 'an environment by Flux: ready, changed, failing, gone',
    run: async (): Promise<Ended> => {
      const why = await hindrance();
      if (why !== undefined) return { skipped: why };
      const on = await stage();
      const first = on.push(1);
      const created = told(await reconcile(on, 1, { flags: ['--wait', '--timeout', '4m'] }));
      demand(created.outcomes[0]?.deployment?.state === 'ready', `not ready: ${JSON.stringify(created)}`);
      await proveServing(on, 'pr-1', first);
      const second = on.push(1);
      await reconcile(on, 1);
      const { seconds } = await wait(on, 'pr-1', { flags: ['--timeout', '4m'] });
      await proveServing(on, 'pr-1', second);
      await on.edit(`${on.directory('pr-1')}/manifests/web.yaml`, (text) =>
        text.replace('replicas: 1', 'replicas: one'),
      );
      const failed = await wait(on, 'pr-1', { code: 3, flags: ['--timeout', '4m'] });
      demand(/replicas/.test(failed.stdout + failed.stderr), `doesn’t name the field: ${failed.stdout}`);
      on.world.github.close(1);
      await reconcile(on, 1);
      const gone = await wait(on, 'pr-1', { flags: ['--for', 'removed', '--timeout', '4m'] });
      demand((await on.kubernetes.get(places.namespace(on.name('pr-1')))) === undefined, 'the namespace is there');
      return `changed: ready after ${seconds.toFixed(1)} s; removed after ${gone.seconds.toFixed(1)} s`;
    },
  },
];
