// The same through Argo CD's API alone, with a token of the project's role: what a CI job without access to the cluster has.
import type { Case, Ended } from '../../publish/case.js';
import { demand } from '../../publish/faults/proof.js';
import { proveServing, reconcile, spread, told } from '../commands.js';
import { type Live, places } from '../kubernetes.js';
import { shared } from '../shared.js';
import type { Stage } from '../stage.js';

const url = process.env['ARGOCD_URL'] ?? 'http://127.0.0.1:18080';
const { stage, end } = shared({ url });
export { end };

const ask = async (path: string, body: unknown, bearer?: string): Promise<string> => {
  const answer = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    },
    body: JSON.stringify(body),
  });
  demand(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
  return ((await answer.json()) as { token: string }).token;
};

let minted: Promise<string> | undefined;

/** As an administrator makes it: `argocd proj role create-token`. */
const mint = async (on: Stage): Promise<string> => {
  const secret = (await on.kubernetes.get(places.secret('argocd', 'argocd-initial-admin-secret'))) as
    (Live & { readonly data?: Readonly<Record<string, string>> }) | undefined;
  const password = Buffer.from(secret?.data?.['password'] ?? '', 'base64').toString();
  const session = await ask('session', { username: 'admin', password });
  return ask(`projects/${on.application}-environments/roles/status/token`, { expiresIn: 3600 }, session);
};

const withToken = async (on: Stage): Promise<Stage> => {
  const token = await (minted ??= mint(on));
  return { ...on, run: (args, env) => on.run(args, { KUBECONFIG: '', BIVOUAC_ARGOCD_TOKEN: token, ...env }) };
};

const isReachable = (): Promise<boolean> =>
  fetch(`${url}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );

const reached = (run: (on: Stage) => Promise<string | undefined>) => async (): Promise<Ended> =>
  (await isReachable()) ? run(await withToken(await stage())) : { skipped: `${url} doesn’t answer (ARGOCD_URL)` };

export const cases: readonly Case[] = [
  {
    name: '30 updates are each called ready when the pods are those of the commit',
    run: reached(async (on) => {
      const seconds: number[] = [];
      for (let update = 0; update < 30; update++) {
        const sha = on.push(1);
        const began = performance.now();
        const [outcome] = told(await reconcile(on, 1, { flags: ['--wait', '--timeout', '4m'] })).outcomes;
        demand(outcome?.deployment?.state === 'ready', JSON.stringify(outcome));
        await proveServing(on, 'pr-1', sha);
        seconds.push((performance.now() - began) / 1000);
      }
      return `push to ready ${spread(seconds)}`;
    }),
  },
  {
    name: 'an image that doesn’t exist is named',
    run: reached(async (on) => {
      on.push(2);
      const flags = ['--image', 'web=ghcr.io/acme/missing-web:1', '--wait', '--timeout', '4m'];
      const [outcome] = told(await reconcile(on, 2, { code: 3, flags })).outcomes;
      const cause = outcome?.deployment?.causes.find(({ kind }) => kind === 'ImagePull');
      demand(cause !== undefined, JSON.stringify(outcome));
      return `${cause?.object}: ${cause?.message}`;
    }),
  },
  {
    name: 'of a removal the Application is seen gone, and the rest is said not to have been looked at',
    run: reached(async (on) => {
      on.world.github.close(1);
      const [outcome] = told(await reconcile(on, 1, { flags: ['--wait', '--timeout', '4m'] })).outcomes;
      const seen = (outcome?.receipt?.parts ?? []).map(({ presence }) => presence).join();
      demand(seen === 'gone,unread,unread', JSON.stringify(outcome));
      return undefined;
    }),
  },
];
