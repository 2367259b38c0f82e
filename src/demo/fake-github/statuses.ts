import type { Hono } from 'hono';
import { errorAnswer, repositoryAnswer } from './answers.js';
import type { Counter } from './repository.js';
import type { Bindings } from './bindings.js';
import type { CommitStatus } from './state.js';

const states = ['error', 'failure', 'pending', 'success'];

/** Commit statuses: any number of them, of which the newest of a context counts. */
export const statusRoutes = (routes: Hono<Bindings>, counter: Counter): void => {
  routes.get('/commits/:ref/status', (c) => {
    const { repository } = c.var;
    const sha = repository.refs.get(c.req.param('ref')) ?? c.req.param('ref');
    const url = `https://api.github.com/repos/${repository.name}/commits/${sha}`;
    const newest = new Map(
      repository.statuses
        .filter((each) => each.sha === sha)
        .map((each) => [each.context, each] as const)
        .reverse(),
    );
    const statuses = [...newest.values()].map(answerOf);
    return c.json({
      ...{ state: stateOf(statuses), statuses, sha, total_count: statuses.length },
      ...{ repository: repositoryAnswer(repository), commit_url: url, url: `${url}/status` },
    });
  });
  routes.post('/statuses/:sha', async (c) => {
    const fields = await c.req.json<Readonly<Record<string, string | undefined>>>();
    const { repository } = c.var;
    if (!states.includes(fields['state'] ?? '') || (fields['description'] ?? '').length > 140)
      return c.json(errorAnswer('Validation Failed'), 422);
    const [id, at, sha] = [counter.id(), counter.now(), c.req.param('sha')];
    const made: CommitStatus = {
      ...{
        sha,
        id,
        node_id: 'MDY6U3RhdHVzMQ==',
        state: fields['state'] ?? '',
        context: fields['context'] ?? 'default',
      },
      ...{ description: fields['description'] ?? null, target_url: fields['target_url'] ?? null, avatar_url: null },
      ...{ url: `https://api.github.com/repos/${repository.name}/statuses/${sha}`, created_at: at, updated_at: at },
    };
    repository.statuses = [made, ...repository.statuses];
    return c.json({ ...answerOf(made), avatar_url: null, creator: null }, 201);
  });
};

const answerOf = (status: CommitStatus): Omit<CommitStatus, 'sha'> => {
  const { sha, ...answer } = status;
  return sha === '' ? status : answer;
};

const stateOf = (statuses: readonly { readonly state: string }[]): string => {
  if (statuses.some(({ state }) => state === 'error' || state === 'failure')) return 'failure';
  return statuses.length === 0 || statuses.some(({ state }) => state === 'pending') ? 'pending' : 'success';
};
