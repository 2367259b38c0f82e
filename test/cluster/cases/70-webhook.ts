// From commit to ready: with Argo CD's webhooks, and with its polls alone (as often as the cluster's own settings say).
import { createHmac } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Case, Ended } from '../../publish/case.js';
import { demand } from '../../publish/faults/proof.js';
import { readyAnd, reconcile, spread } from '../commands.js';
import { type Live, places } from '../kubernetes.js';
import { shared } from '../shared.js';
import type { Stage } from '../stage.js';

/** Set's poll out of the way: what comes within seconds came by the webhook. */
const { stage, end } = shared({ poll: 180 });
export { end };

/** Argo CD's two listeners: its API server's, for updates, and the ApplicationSet controller's, for what comes and goes. */
const listeners = [
  process.env['ARGOCD_WEBHOOK'] ?? 'http://127.0.0.1:18080/api/webhook',
  process.env['ARGOCD_SET_WEBHOOK'] ?? 'http://127.0.0.1:7001/api/webhook',
];

/** What GitHub sends for a push to the GitOps repository. */
const tell = async (on: Stage): Promise<void> => {
  const url = on.world.git.url().replace(/\.git$/, '');
  const body = JSON.stringify({
    ref: 'refs/heads/main',
    ...{ before: '0'.repeat(40), after: '1'.repeat(40), commits: [] },
    repository: { html_url: url, default_branch: 'main', name: 'gitops', owner: { login: 'acme' } },
  });
  const secret = await secretOf(on);
  const signature =
    secret === undefined ? undefined : `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  for (const listener of listeners) {
    const answer = await fetch(listener, {
      method: 'POST',
      body,
      headers: {
        ...{ 'content-type': 'application/json', 'x-github-event': 'push', 'x-github-delivery': '1' },
        ...(signature !== undefined && { 'x-hub-signature-256': signature }),
      },
    });
    demand(answer.ok, `${listener}: ${answer.status} ${await answer.text()}`);
  }
};

const secretOf = async (on: Stage): Promise<string | undefined> => {
  const secret = (await on.kubernetes.get(places.secret('argocd', 'argocd-secret'))) as
    (Live & { readonly data?: Readonly<Record<string, string>> }) | undefined;
  const held = secret?.data?.['webhook.github.secret'];
  return held === undefined ? undefined : Buffer.from(held, 'base64').toString();
};

const isReachable = async (): Promise<boolean> => {
  const answers = await Promise.all(listeners.map((url) => fetch(url, { method: 'POST' }).catch(() => undefined)));
  return answers.every((answer) => answer !== undefined);
};

const timed = async (on: Stage, number: number): Promise<number> => {
  const sha = on.push(number);
  await reconcile(on, number);
  const began = performance.now();
  await tell(on);
  await readyAnd(on, `pr-${number}`, sha);
  return (performance.now() - began) / 1000;
};

export const cases: readonly Case[] = [
  {
    name: 'from commit to ready with both webhooks',
    run: async (): Promise<Ended> => {
      if (!(await isReachable()))
        return { skipped: `${listeners.join(' and ')} don’t answer (ARGOCD_WEBHOOK, ARGOCD_SET_WEBHOOK)` };
      const on = await stage();
      await setTimeout(3000); // the set's own first look is over
      const [created, updated]: [number[], number[]] = [[], []];
      for (const number of [1, 2, 3]) created.push(await timed(on, number));
      for (const number of [1, 2, 3]) updated.push(await timed(on, number));
      return `new ${spread(created)}; changed ${spread(updated)}`;
    },
  },
];
