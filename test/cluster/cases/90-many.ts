// 300 environments in one repository: how long does one change take?
import type { Case } from '../../publish/case.js';
import { readyAnd, reconcile, spread } from '../commands.js';
import { type Live } from '../kubernetes.js';
import { until } from '../seen.js';
import { shared } from '../shared.js';
import type { Stage } from '../stage.js';

const { stage, end } = shared();
export { end };

const many = 300;

/**
 * The others are small, so that the figures are Argo CD's and not the cluster's: a NetworkPolicy each, all in one namespace, since our
 * quota doesn't count these.
 */
const small = (on: Stage, number: number) => {
  const record = {
    schemaVersion: '1',
    name: on.name(`pr-${number}`),
    ...{ repository: 'acme/shop', pullRequest: String(number), headSha: 'a'.repeat(40), url: '' },
  };
  const policy = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: other-${number}, namespace: ${on.name('pr-1')} }\nspec: { podSelector: { matchLabels: { other: "${number}" } } }\n`;
  return {
    [`${on.directory(`pr-${number}`)}/environment.json`]: JSON.stringify(record),
    [`${on.directory(`pr-${number}`)}/manifests/policy.yaml`]: policy,
  };
};

interface Status {
  readonly status?: { readonly sync?: { readonly status?: string } };
}

const ours = async (on: Stage): Promise<readonly Live[]> => {
  const all = await on.kubernetes.list('/apis/argoproj.io/v1alpha1/namespaces/argocd/applications');
  return all.filter(({ metadata }) => metadata.name.startsWith(`${on.application}-`));
};

export const cases: readonly Case[] = [
  {
    name: `one change among ${many} environments`,
    run: async () => {
      const on = await stage();
      const first = on.push(1);
      await reconcile(on, 1);
      await readyAnd(on, 'pr-1', first);
      const began = performance.now();
      const numbers = Array.from({ length: many - 1 }, (_, index) => 1000 + index);
      await on.commit(Object.assign({}, ...numbers.map((number) => small(on, number))) as Record<string, string>);
      let [there, synced] = [0, 0];
      await until(
        300,
        async () => {
          const applications = await ours(on);
          there = applications.length;
          synced = applications.filter((each) => (each as Status).status?.sync?.status === 'Synced').length;
          return synced >= many;
        },
        { what: () => `${there} Applications, ${synced} synced`, everyMs: 3000 },
      );
      const grown = (performance.now() - began) / 1000;
      const seconds: number[] = [];
      for (let round = 0; round < 5; round++) {
        const sha = on.push(1);
        await reconcile(on, 1);
        const committed = performance.now();
        await readyAnd(on, 'pr-1', sha);
        seconds.push((performance.now() - committed) / 1000);
      }
      return `all ${many} deployed after ${grown.toFixed(0)} s; one change: commit to ready ${spread(seconds)}`;
    },
  },
];
