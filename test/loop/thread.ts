import { demand } from '../publish/faults/proof.js';
import { until } from '../cluster/seen.js';
import type { Loop } from './loop.js';

interface Written {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string };
}

/** What somebody else wrote on a pull request, and how we answered it. */
export interface Remark {
  readonly author: string;
  readonly body: string;
  /** Ours to it, such as `+1`. */
  readonly reactions: readonly string[];
}

/** One pull request as Gitea shows it to everybody. */
export interface Thread {
  readonly number: number;
  readonly title: string;
  /** Namespace and Argo CD Application of its environment. */
  readonly environment: string;
  /** Our one comment; undefined: there is none yet. Throws when there are two. */
  comment(): Promise<string | undefined>;
  /** Everything else, our answers too, oldest first. */
  remarks(): Promise<readonly Remark[]>;
  labels(): Promise<readonly string[]>;
  /** Writes a comment as somebody, and waits for our reaction; gives it. */
  say(body: string, as: { readonly token: string }): Promise<string>;
}

export const threadOf = (
  loop: Loop,
  { number, title }: { readonly number: number; readonly title: string },
): Thread => {
  const { forge, organisation, application, bot } = loop;
  const environment = `${loop.name}-pr-${number}`;
  const marker = `<!-- bivouac:env:${environment} -->`;
  const base = `/repos/${organisation}/shop/issues`;
  const written = async (): Promise<readonly Written[]> =>
    (await forge.ask('GET', `${base}/${number}/comments`)) as readonly Written[];
  const isOurs = ({ body, user }: Written): boolean => user.login === bot.name && body.startsWith(marker);
  const reactions = async (id: number): Promise<readonly string[]> => {
    const all = (await forge.ask('GET', `${base}/comments/${id}/reactions`)) as
      readonly { readonly user: { readonly login: string }; readonly content: string }[] | null;
    return (all ?? []).filter(({ user }) => user.login === bot.name).map(({ content }) => content);
  };
  return {
    ...{ number, title, environment },
    comment: async () => {
      const ours = (await written()).filter(isOurs);
      demand(ours.length < 2, `#${number} has ${ours.length} comments of ours`);
      return ours[0]?.body;
    },
    remarks: async () => {
      const others = (await written()).filter((each) => !isOurs(each));
      const answered = others.map(async ({ id, body, user }) => ({
        ...{ author: user.login, body, reactions: await reactions(id) },
      }));
      return Promise.all(answered);
    },
    labels: () => application.labels(number),
    say: async (body, { token }) => {
      const id = await application.writeComment(number, body, token);
      const reaction = async (): Promise<string | undefined> => (await reactions(id)).join() || undefined;
      return until(60, reaction, { what: () => `no reaction to ${body}`, everyMs: 200 });
    },
  };
};
