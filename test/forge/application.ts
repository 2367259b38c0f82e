import { setTimeout as wait } from 'node:timers/promises';
import type { Forge, User } from './forge.js';

/** A repository with a branch and pull requests, as people make them. */
export interface Application {
  readonly name: string;
  /** A branch with so many new files, and its pull request. */
  readonly openPullRequest: (branch: string, options?: OpenOptions) => Promise<Opened>;
  /** Somebody else's, from the branch `theirs` of a copy of theirs. */
  openFromFork(guest: User, title?: string): Promise<Opened>;
  /** One more commit; gives its id. `guest`: to their copy. */
  push(branch: string, guest?: User): Promise<string>;
  close(number: number): Promise<void>;
  change(fields: Readonly<Record<string, unknown>>): Promise<void>;
  tip(branch: string): Promise<string>;
  comments(number: number): Promise<readonly { readonly id: number; readonly body: string }[]>;
  /** Gives its id. */
  writeComment(number: number, body: string, token: string): Promise<number>;
  labels(number: number): Promise<readonly string[]>;
  /** `context state` of what is said of a commit. */
  status(sha: string): Promise<string>;
}

export interface OpenOptions {
  /** @default 1 */
  readonly files?: number;
  /** @default 'A change' */
  readonly title?: string;
  /** @default the administrator's */
  readonly token?: string;
}

export interface Opened {
  readonly number: number;
  readonly sha: string;
}

interface File {
  readonly operation: 'create';
  readonly path: string;
  readonly content: string;
}

interface Sent {
  readonly body?: unknown;
  /** @default the administrator's */
  readonly token?: string | undefined;
}

interface Change {
  readonly branch: string;
  readonly new_branch?: string;
  readonly files: readonly File[];
  readonly token?: string;
}

interface Pull {
  readonly number: number;
  readonly head: { readonly sha: string };
}

/** `at`: a repository that is there and empty; a new one of the administrator's unless given. */
export const openApplication = async (
  forge: Forge,
  at?: { readonly owner: string; readonly name: string },
): Promise<Application> => {
  const { owner, name } = at ?? { owner: forge.owner, name: await forge.createRepository() };
  const of = (user: string): string => `/repos/${user}/${name}`;
  const own = of(owner);
  const ask = <Answer>(method: string, path: string, { body, token }: Sent = {}): Promise<Answer> =>
    forge.ask(method, path, {
      body,
      ...(token !== undefined && { authorization: `token ${token}` }),
    }) as Promise<Answer>;
  let count = 0;
  const fileAt = (index: number): File => ({
    ...{ operation: 'create', path: `change-${index}.txt`, content: Buffer.from(String(index)).toString('base64') },
  });
  const commit = (at: string, { token, ...change }: Change) =>
    ask<unknown>('POST', `${at}/contents`, { token, body: { ...change, message: 'a change' } });
  await commit(own, { branch: 'main', files: [{ ...fileAt(0), path: 'README.md' }] });

  /** Gitea works out a pull request's head after the push was answered. */
  const tip = async (branch: string, repository = own): Promise<string> =>
    (await ask<{ commit: { id: string } }>('GET', `${repository}/branches/${encodeURIComponent(branch)}`)).commit.id;
  const untilHead = async (wanted: string): Promise<string> => {
    for (let tries = 0; tries < 100; tries++) {
      const pulls = await ask<readonly Pull[]>('GET', `${own}/pulls?state=open`);
      if (pulls.some(({ head }) => head.sha === wanted)) return wanted;
      await wait(100);
    }
    throw new Error(`no pull request is at ${wanted}`);
  };
  const open = async (head: string, { title = 'A change', token }: OpenOptions): Promise<Opened> => {
    const pull = await ask<Pull>('POST', `${own}/pulls`, { token, body: { title, head, base: 'main' } });
    return { number: pull.number, sha: pull.head.sha };
  };
  return {
    name,
    tip: (branch) => tip(branch),
    openPullRequest: async (branch, options = {}) => {
      const { files = 1, token } = options;
      const added = Array.from({ length: files }, () => fileAt(count++));
      await commit(own, { branch: 'main', new_branch: branch, files: added, ...(token !== undefined && { token }) });
      return open(branch, options);
    },
    openFromFork: async ({ name: guest, token }, title = 'A change') => {
      await ask('POST', `${own}/forks`, { body: {}, token });
      await commit(of(guest), { branch: 'main', new_branch: 'theirs', files: [fileAt(count++)], token });
      return open(`${guest}:theirs`, { title, token });
    },
    push: async (branch, guest) => {
      const repository = guest === undefined ? own : of(guest.name);
      const files = [fileAt(1000 + count++)];
      await commit(repository, { branch, files, ...(guest !== undefined && { token: guest.token }) });
      return untilHead(await tip(branch, repository));
    },
    close: async (number) => {
      await ask('PATCH', `${own}/pulls/${number}`, { body: { state: 'closed' } });
    },
    change: (fields) => forge.change(name, fields),
    comments: (number) => ask('GET', `${own}/issues/${number}/comments`),
    writeComment: async (number, body, token) =>
      (await ask<{ id: number }>('POST', `${own}/issues/${number}/comments`, { body: { body }, token })).id,
    labels: async (number) =>
      (await ask<readonly { name: string }[]>('GET', `${own}/issues/${number}/labels`)).map((label) => label.name),
    status: async (sha) => {
      const path = `${own}/commits/${sha}/status`;
      const { statuses } = await ask<{ statuses: readonly { context: string; status: string }[] | null }>('GET', path);
      return (statuses ?? []).map(({ context, status }) => `${context} ${status}`).join();
    },
  };
};
