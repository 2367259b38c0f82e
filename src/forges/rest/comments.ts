import { addsNothing, type StickyComment } from '../../feedback/port.js';
import { isBivouacError } from '../../model/errors.js';
import { printPullRequest, type PullRequestRef } from '../../model/pull-request.js';
import type { Answer } from './answer.js';
import { type Api, slugOf } from './api.js';
import { postOnce } from './doubt.js';
import type { Question } from './failure.js';
import { type Identity, isBy } from './identity.js';

/** A comment that is found again by its first line. */
export interface MarkedComment {
  readonly marker: string;
  readonly body: string;
  readonly when: StickyComment['when'];
}

export interface Comments {
  readonly put: (ref: PullRequestRef, comment: MarkedComment) => Promise<void>;
  /** Whether one of ours begins with the marker. */
  readonly has: (ref: PullRequestRef, marker: string) => Promise<boolean>;
}

/** One comment a marker: the oldest of ours that begins with it, edited in place. */
export const createComments = (api: Api, readIdentity: () => Promise<Identity>): Comments => {
  let identity: Identity | undefined;
  const findIn = async (thread: Thread, marker: string): Promise<readonly Answer[]> => {
    const marked = (await thread.list()).filter((entry) => firstLine(entry) === marker);
    if (marked.length === 0) return []; // then nobody needs to know who we are
    const us = (identity ??= await readIdentity());
    return marked.filter((entry) => isBy(us, entry)).sort((a, b) => a.number('id') - b.number('id'));
  };
  return {
    has: async (ref, marker) => (await findIn(openThread(api, ref), marker)).length > 0,
    put: async (ref, { marker, body, when }) => {
      const text = `${marker}\n${body}`;
      const thread = openThread(api, ref);
      const find = (): Promise<readonly Answer[]> => findIn(thread, marker);
      let ours = await find();
      if (ours.length === 0 && when === 'update') return;
      if (ours.length === 0) {
        const isThere = async () => (await find()).length > 0;
        const created = await postOnce(() => thread.post(text), { pause: api.pause, isThere });
        // the code host said who we are; another run may have posted meanwhile
        if (created !== undefined) identity = { login: created.text('user.login'), id: created.number('user.id') };
        ours = await find();
        if (ours.length === 0) return; // not listed yet: the next run finds it
      }
      await settle(thread, ours, { text, when });
    },
  };
};

interface Thread {
  readonly list: () => Promise<readonly Answer[]>;
  readonly post: (body: string) => Promise<Answer>;
  readonly edit: (id: number, body: string) => Promise<void>;
  readonly remove: (id: number) => Promise<void>;
}

const openThread = (api: Api, ref: PullRequestRef): Thread => {
  const slug = slugOf(ref.repository);
  const thread = { ...slug, issue_number: ref.number };
  const question: Question = { what: `comment on pull request ${printPullRequest(ref)}`, effect: 'the comment' };
  const all = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
  const one = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
  return {
    list: () => api.askAll({ route: all, parameters: thread }, { what: question.what }),
    post: async (body) => {
      const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
      const created = await api.ask({ route, parameters: { ...thread, body } }, question);
      created.number('id');
      created.number('user.id');
      return created;
    },
    edit: async (id, body) => {
      await api.ask({ route: `PATCH ${one}`, parameters: { ...slug, comment_id: id, body } }, question);
    },
    remove: async (id) => {
      const parameters = { ...slug, comment_id: id };
      await api.ask({ route: `DELETE ${one}`, parameters }, question).catch(gone);
    },
  };
};

/** Racing runs come to the same verdict: the oldest stays. */
const settle = async (
  thread: Thread,
  [kept, ...others]: readonly Answer[],
  wanted: { readonly text: string; readonly when: StickyComment['when'] },
): Promise<void> => {
  if (kept !== undefined && !saysAlready(bodyOf(kept), wanted)) await thread.edit(kept.number('id'), wanted.text);
  for (const other of others) await thread.remove(other.number('id'));
};

const saysAlready = (
  body: string,
  { text, when }: { readonly text: string; readonly when: StickyComment['when'] },
): boolean => body === text.trimEnd() || (when === 'update' && addsNothing(body, text));

/** As it was sent: code hosts keep the line ends of their own editor. */
const bodyOf = (comment: Answer): string =>
  comment.maybe('body') === undefined ? '' : comment.text('body').replaceAll('\r\n', '\n').trimEnd();

const firstLine = (comment: Answer): string => bodyOf(comment).split('\n', 1)[0] ?? '';

const gone = (error: unknown): void => {
  if (!isBivouacError(error) || error.code !== 'CodeHostNotFound') throw error;
};
