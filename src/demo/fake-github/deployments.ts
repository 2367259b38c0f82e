import type { Hono } from 'hono';
import { errorAnswer, userAnswer } from './answers.js';
import { answerPage } from './paging.js';
import type { Counter } from './repository.js';
import type { Bindings } from './bindings.js';
import type { Deployment, DeploymentStatus, RepositoryState, Token } from './state.js';

const states = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'] as const;

interface Making {
  readonly repository: RepositoryState;
  readonly token: Token;
  readonly counter: Counter;
}

type Fields = Readonly<Record<string, unknown>>;

/** Deployments and their statuses. */
export const deploymentRoutes = (routes: Hono<Bindings>, counter: Counter): void => {
  routes.get('/deployments', (c) => {
    const wanted = ['sha', 'ref', 'task', 'environment'] as const;
    const fits = (each: Deployment): boolean =>
      wanted.every((key) => c.req.query(key) === undefined || each[key] === c.req.query(key));
    return answerPage(c, c.get('repository').deployments.filter(fits));
  });
  routes.post('/deployments', async (c) => {
    const fields = await c.req.json<Fields>();
    const { repository, token } = c.var;
    const sha = shaOf(repository, String(fields['ref']));
    if (sha === undefined) return c.json(errorAnswer(`No ref found for: ${String(fields['ref'])}`), 422);
    // the default merges the default branch into the ref first
    if (fields['auto_merge'] !== false) return c.json({ message: 'Auto-merged main into the ref on deployment.' }, 202);
    if (!Array.isArray(fields['required_contexts']))
      return c.json(errorAnswer('Conflict: Commit status checks failed for the ref.'), 409);
    const made = deploymentAnswer({ ...fields, sha }, { repository, token, counter });
    repository.deployments = [made, ...repository.deployments];
    return c.json(made, 201);
  });
  routes.get('/deployments/:id/statuses', (c) => {
    const id = Number(c.req.param('id'));
    const { repository } = c.var;
    if (!repository.deployments.some((each) => each.id === id)) return c.json(errorAnswer('Not Found'), 404);
    return answerPage(c, repository.deploymentStatuses.get(id) ?? []);
  });
  routes.post('/deployments/:id/statuses', async (c) => {
    const id = Number(c.req.param('id'));
    const { repository, token } = c.var;
    const deployment = repository.deployments.find((each) => each.id === id);
    if (deployment === undefined) return c.json(errorAnswer('Not Found'), 404);
    const fields = await c.req.json<Fields>();
    const state = states.find((each) => each === fields['state']);
    if (state === undefined || textOf(fields, 'description').length > 140)
      return c.json(errorAnswer('Validation Failed'), 422);
    const made = statusAnswer({ ...fields, state }, deployment, { repository, token, counter });
    repository.deploymentStatuses.set(id, [made, ...(repository.deploymentStatuses.get(id) ?? [])]);
    return c.json(made, 201);
  });
};

const textOf = (fields: Fields, key: string, otherwise = ''): string => {
  const value = fields[key];
  return typeof value === 'string' ? value : otherwise;
};

const shaOf = ({ refs, pullRequests }: RepositoryState, ref: string): string | undefined =>
  refs.get(ref) ??
  (/^[0-9a-f]{40}$/.test(ref) || [...pullRequests.values()].some(({ headBranch }) => headBranch === ref)
    ? ref
    : undefined);

const deploymentAnswer = (
  fields: Fields & { readonly sha: string },
  { repository, token, counter }: Making,
): Deployment => {
  const [id, at] = [counter.id(), counter.now()];
  const url = `https://api.github.com/repos/${repository.name}`;
  const environment = textOf(fields, 'environment', 'production');
  return {
    ...{
      url: `${url}/deployments/${id}`,
      id,
      node_id: 'MDEwOkRlcGxveW1lbnQx',
      sha: fields.sha,
      ref: String(fields['ref']),
    },
    ...{ task: textOf(fields, 'task', 'deploy'), payload: (fields['payload'] ?? {}) as Deployment['payload'] },
    ...{ original_environment: environment, environment, description: textOf(fields, 'description') },
    ...{ creator: userAnswer(token.account), created_at: at, updated_at: at },
    ...{ statuses_url: `${url}/deployments/${id}/statuses`, repository_url: url },
    transient_environment: fields['transient_environment'] === true,
    production_environment: fields['production_environment'] !== false,
  };
};

const statusAnswer = (
  fields: Fields & { readonly state: DeploymentStatus['state'] },
  deployment: Deployment,
  { repository, token, counter }: Making,
): DeploymentStatus => {
  const [id, at] = [counter.id(), counter.now()];
  const text = (key: string): string => textOf(fields, key);
  const url = `https://api.github.com/repos/${repository.name}`;
  return {
    ...{ url: `${deployment.url}/statuses/${id}`, id, node_id: 'MDE2OkRlcGxveW1lbnRTdGF0dXMx', state: fields.state },
    ...{ creator: userAnswer(token.account), description: text('description'), environment: deployment.environment },
    ...{ target_url: text('target_url'), created_at: at, updated_at: at },
    ...{ deployment_url: deployment.url, repository_url: url },
    ...{ environment_url: text('environment_url'), log_url: text('log_url') },
  };
};
