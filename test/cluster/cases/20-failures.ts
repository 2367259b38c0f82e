// Every failure of the list, provoked for real: `bivouac wait` ends by itself, and says what a person needs to know.
import type { Case } from '../../publish/case.js';
import { demand } from '../../publish/faults/proof.js';
import { reconcile, wait } from '../commands.js';
import { shared } from '../shared.js';
import type { Stage } from '../stage.js';

const { stage, end } = shared();
export { end };

interface Failure {
  readonly name: string;
  /** What goes wrong, once the environment is in Git. */
  readonly provoke: (on: Stage, number: number) => Promise<unknown>;
  /** All of these are in what wait prints. */
  readonly says: readonly RegExp[];
  /** Ready before it goes wrong. */
  readonly running?: boolean;
}

const file = (on: Stage, number: number, name: string): string =>
  `${on.directory(`pr-${number}`)}/manifests/${name}.yaml`;

const object = (namespace: string, lines: string): string => `---\n${lines.replaceAll('NAMESPACE', namespace)}`;

/** One more object in a component's file, past every check of ours. */
const adding = (lines: string) => (on: Stage, number: number) =>
  on.edit(file(on, number, 'web'), (text) => `${text}${object(on.name(`pr-${number}`), lines)}`);

const changing = (component: string, from: string | RegExp, to: string) => (on: Stage, number: number) =>
  on.edit(file(on, number, component), (text) => {
    demand(text.search(from) >= 0, `${component}.yaml has no ${from}`);
    return text.replace(from, to);
  });

const failures: readonly Failure[] = [
  {
    name: 'an image that doesn’t exist',
    provoke: changing(
      'api',
      /image: ghcr.io\/acme\/shop-api:\w+\n {10}name: api\n/,
      'image: ghcr.io/acme/missing-api:1\n          name: api\n',
    ),
    says: [/api/, /pull|ImagePull/i, /missing-api/],
  },
  {
    name: 'a container that crashes',
    provoke: changing('web', /image: ghcr.io\/acme\/shop-web:\w+/, 'image: ghcr.io/acme/crashing-web:1'),
    says: [/web/, /crash|back-off restarting/i],
  },
  {
    name: 'a Job that fails',
    provoke: changing(
      'database',
      /name: database-seed-\w+([^]*?)image: ghcr.io\/acme\/shop-seed:1.4.0/,
      'name: database-seed-0000000000$1image: ghcr.io/acme/crashing-seed:1',
    ),
    says: [/database-seed/, /fail|backoff limit/i],
  },
  {
    name: 'a quota',
    running: true, // there is no room for the pod that comes in another's place
    provoke: (on, number) =>
      on.edit(file(on, number, 'web'), (text) => {
        const quota =
          'apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: small, namespace: NAMESPACE }\nspec: { hard: { pods: "1" } }\n';
        return text.replace(/shop-web:\w+/, 'shop-web:other') + object(on.name(`pr-${number}`), quota);
      }),
    says: [/quota/i, /small/],
  },
  {
    name: 'Pod Security',
    provoke: changing('web', 'allowPrivilegeEscalation: false', 'allowPrivilegeEscalation: true'),
    says: [/PodSecurity|Pod Security/, /web/, /allowPrivilegeEscalation/],
  },
  {
    name: 'a kind that the project forbids',
    provoke: adding(
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: web, namespace: NAMESPACE }\nspec: { minAvailable: 1 }\n',
    ),
    says: [/PodDisruptionBudget/, /not permitted/],
  },
  {
    name: 'an object in another namespace',
    provoke: adding('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: intruder, namespace: default }\n'),
    says: [/default/, /not permitted/],
  },
  {
    name: 'a kind that the cluster doesn’t know',
    provoke: adding(
      'apiVersion: apps/v9\nkind: Deployment\nmetadata: { name: future, namespace: NAMESPACE }\nspec: {}\n',
    ),
    says: [/could not find|doesn’t (know|serve)/i, /Deployment/],
  },
  {
    name: 'an immutable field',
    running: true,
    provoke: changing(
      'web',
      /matchLabels:\n {6}app.kubernetes.io\/name: web\n/,
      'matchLabels:\n      app.kubernetes.io/name: web\n      bivouac.dev/exposed: "true"\n',
    ),
    says: [/web/, /immutable/],
  },
  {
    name: 'an unknown field',
    provoke: changing('web', 'revisionHistoryLimit: 2', 'revisionHistoryLimit: 2\n  replcias: 1'),
    says: [/replcias/],
  },
  {
    name: 'a broken manifest',
    provoke: changing('web', 'spec:\n', 'spec: [\n'),
    says: [/web\.yaml/],
  },
  {
    name: 'an object that another environment owns',
    running: true,
    provoke: async (on, number) => {
      on.push(50);
      await reconcile(on, 50, { flags: ['--wait'] });
      const other = on.name('pr-50');
      await on.edit(
        file(on, number, 'web'),
        (text) =>
          `${text}---\napiVersion: v1\nkind: ServiceAccount\nmetadata: { name: bivouac-workload, namespace: ${other} }\n`,
      );
    },
    says: [/bivouac-workload/, /pr-50|shared|part of/i],
  },
];

const first = 20;

const provoked = async (on: Stage, { provoke, says, running = false }: Failure, number: number): Promise<string> => {
  const environment = `pr-${number}`;
  on.push(number);
  await reconcile(on, number, running ? { flags: ['--wait'] } : {});
  await provoke(on, number);
  const { stderr, stdout, seconds } = await wait(on, environment, { code: 3, flags: ['--timeout', '5m'] });
  const text = `${stderr}\n${stdout}`;
  for (const pattern of says) demand(pattern.test(text), `doesn’t say ${pattern}:\n${text}`);
  const line = stdout.split('\n').find((each) => says.at(-1)?.test(each)) ?? '';
  return `after ${seconds.toFixed(1)} s: ${line.trim().slice(0, 180)}`;
};

/** Most of the time is waiting. */
export const atOnce = 6;

export const cases: readonly Case[] = failures.map((failure, index) => ({
  name: failure.name,
  run: async () => provoked(await stage(), failure, first + index),
}));
