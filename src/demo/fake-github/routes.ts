import type { Bindings } from './bindings.js';
import { type Context, Hono } from 'hono';
import {
  commitAnswer,
  comparisonAnswer,
  errorAnswer,
  labelAnswer,
  listedPullRequestAnswer,
  pullRequestAnswer,
  wholeRepositoryAnswer,
  userAnswer,
} from './answers.js';
import { contentsAnswer } from './contents.js';
import { deploymentRoutes } from './deployments.js';
import { answerPage } from './paging.js';
import { reactionRoutes } from './reactions.js';
import { addComment, type Counter, deleteComment, editComment, findComment } from './repository.js';
import { statusRoutes } from './statuses.js';
import { accountOf, type PullRequestState } from './state.js';

type Ask = Context<Bindings>;

const notFound = (c: Ask): Response => c.json(errorAnswer('Not Found'), 404);
const invalid = (c: Ask, why: string): Response => c.json(errorAnswer(`Validation Failed: ${why}`), 422);

/** The part of GitHub's REST API below `/repos/{owner}/{repo}` that Bivouac asks. */
export const repositoryRoutes = (counter: Counter): Hono<Bindings> => {
  const routes = new Hono<Bindings>();
  pullRequestRoutes(routes);
  commentRoutes(routes, counter);
  labelRoutes(routes, counter);
  reactionRoutes(routes, counter);
  deploymentRoutes(routes, counter);
  statusRoutes(routes, counter);
  codeRoutes(routes);
  return routes;
};

const pullOf = (c: Ask): PullRequestState | undefined =>
  c.get('repository').pullRequests.get(Number(c.req.param('number')));

const pullRequestRoutes = (routes: Hono<Bindings>): void => {
  routes.get('/pulls', (c) => {
    const state = c.req.query('state') ?? 'open';
    if (!['open', 'closed', 'all'].includes(state)) return invalid(c, 'state');
    const sign = c.req.query('direction') === 'asc' ? 1 : -1;
    const pulls = [...c.get('repository').pullRequests.values()]
      .filter((pull) => state === 'all' || pull.state === state)
      .sort((a, b) => sign * (a.number - b.number));
    return answerPage(
      c,
      pulls.map((pull) => listedPullRequestAnswer(c.get('repository'), pull)),
    );
  });
  routes.get('/pulls/:number', (c) => {
    const pull = pullOf(c);
    return pull === undefined ? notFound(c) : c.json(pullRequestAnswer(c.get('repository'), pull));
  });
  routes.get('/pulls/:number/files', (c) => {
    const files = pullOf(c)?.files;
    if (files === undefined) return notFound(c);
    const named = files.slice(0, 3000).map(({ filename, previous }) => ({
      ...{ sha: 'f'.repeat(40), additions: 1, deletions: 0, changes: 1, contents_url: c.req.url },
      ...{ blob_url: 'https://github.com/-/blob', raw_url: 'https://github.com/-/raw' },
      filename,
      status: previous === undefined ? 'modified' : 'renamed',
      ...(previous === undefined ? {} : { previous_filename: previous }),
    }));
    return answerPage(c, named);
  });
};

const commentRoutes = (routes: Hono<Bindings>, counter: Counter): void => {
  const bodyOf = async (c: Ask): Promise<string | undefined> => {
    const { body } = await c.req.json<{ body?: unknown }>();
    return typeof body === 'string' && body.trim() !== '' && body.length <= 65_536 ? body : undefined;
  };
  routes.get('/issues/:number/comments', (c) =>
    pullOf(c) === undefined
      ? notFound(c)
      : answerPage(c, c.get('repository').comments.get(Number(c.req.param('number'))) ?? []),
  );
  routes.post('/issues/:number/comments', async (c) => {
    const body = await bodyOf(c);
    if (pullOf(c) === undefined) return notFound(c);
    if (body === undefined) return invalid(c, 'body');
    const seed = { number: Number(c.req.param('number')), author: c.get('token').account, body };
    return c.json(addComment(c.get('repository'), seed, counter), 201);
  });
  routes.get('/issues/comments/:id', (c) => {
    const comment = findComment(c.get('repository'), Number(c.req.param('id')));
    return comment === undefined ? notFound(c) : c.json(comment);
  });
  routes.patch('/issues/comments/:id', async (c) => {
    const [repository, id, body] = [c.get('repository'), Number(c.req.param('id')), await bodyOf(c)];
    if (findComment(repository, id) === undefined) return notFound(c);
    if (body === undefined) return invalid(c, 'body');
    editComment(repository, id, { body, updated_at: counter.now() });
    return c.json(findComment(repository, id));
  });
  routes.delete('/issues/comments/:id', (c) => {
    const [repository, id] = [c.get('repository'), Number(c.req.param('id'))];
    if (findComment(repository, id) === undefined) return notFound(c);
    deleteComment(repository, id);
    return c.body(null, 204);
  });
};

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const labelRoutes = (routes: Hono<Bindings>, counter: Counter): void => {
  const answer = (c: Ask, pull: PullRequestState): Response =>
    c.json(pull.labels.map((name) => labelAnswer(c.get('repository'), name)));
  routes.get('/issues/:number/labels', (c) => {
    const pull = pullOf(c);
    return pull === undefined ? notFound(c) : answer(c, pull);
  });
  routes.post('/issues/:number/labels', async (c) => {
    const pull = pullOf(c);
    if (pull === undefined) return notFound(c);
    const { labels } = await c.req.json<{ labels?: unknown }>();
    if (!isTexts(labels)) return invalid(c, 'labels');
    labels.forEach((label) => c.get('repository').labels.add(label)); // GitHub makes a label that isn't there yet
    pull.labels = [...new Set([...pull.labels, ...labels])];
    pull.updatedAt = counter.now();
    return answer(c, pull);
  });
  routes.delete('/issues/:number/labels/:name', (c) => {
    const pull = pullOf(c);
    if (pull === undefined) return notFound(c);
    if (!pull.labels.includes(c.req.param('name'))) return c.json(errorAnswer('Label does not exist'), 404);
    pull.labels = pull.labels.filter((label) => label !== c.req.param('name'));
    pull.updatedAt = counter.now();
    return answer(c, pull);
  });
};

const codeRoutes = (routes: Hono<Bindings>): void => {
  routes.get('/', (c) => c.json(wholeRepositoryAnswer(c.get('repository'))));
  routes.get('/contents/:path{.+}', (c) => contentsAnswer(c, c.get('repository')));
  routes.get('/commits/:ref{.+}', (c) => {
    const { refs, files } = c.get('repository');
    const ref = c.req.param('ref');
    const sha = refs.get(ref) ?? (files.has(ref) || [...refs.values()].includes(ref) ? ref : undefined);
    if (sha === undefined) return c.json(errorAnswer(`No commit found for SHA: ${ref}`), 422);
    return c.json(commitAnswer(c.get('repository'), sha));
  });
  routes.get('/compare/:basehead{.+}', (c) => {
    const { refs, history } = c.get('repository');
    const [base = '', head = ''] = c.req.param('basehead').split('...');
    if (!refs.has(base) || !/^[0-9a-f]{40}$/.test(head)) return notFound(c);
    const isPart = history.get(base)?.has(head) === true;
    const status = refs.get(base) === head ? 'identical' : isPart ? 'behind' : 'diverged';
    return c.json(comparisonAnswer(c.get('repository'), { base: refs.get(base) ?? base, head, status }));
  });
  routes.get('/collaborators/:login/permission', (c) => {
    const login = c.req.param('login');
    const role = c.get('repository').permissions.get(login);
    const folded = role === 'maintain' ? 'write' : role === 'triage' ? 'read' : (role ?? 'none');
    const user = { ...userAnswer(accountOf(login)), role_name: role ?? 'none' };
    return c.json({ permission: folded, role_name: role ?? 'none', user });
  });
};
