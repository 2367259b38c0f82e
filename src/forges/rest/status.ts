import { type CommitStatus, contextOf } from '../../feedback/port.js';
import type { PullRequestRef } from '../../model/pull-request.js';
import type { Answer } from './answer.js';
import { type Api, slugOf } from './api.js';
import { postOnce } from './doubt.js';

/** Sets a commit status where it would say something new. `field`: what the code host calls the state of one. */
export const createStatus =
  (api: Api, field: 'state' | 'status') =>
  async (ref: PullRequestRef, wanted: CommitStatus): Promise<void> => {
    const slug = slugOf(ref.repository);
    const context = contextOf(wanted.name);
    const question = { what: `status ${context} of ${wanted.headSha.slice(0, 7)}`, effect: 'the status' };
    const find = async (): Promise<Answer | undefined> => {
      const parameters = { ...slug, ref: wanted.headSha, ...api.pageSize };
      const route = 'GET /repos/{owner}/{repo}/commits/{ref}/status';
      const answer = await api.ask({ route, parameters }, { what: question.what });
      // Gitea's word for none is null
      const statuses = answer.number('total_count') === 0 ? [] : answer.list('statuses');
      return statuses.find((status) => status.text('context') === context);
    };
    const says = (status: Answer | undefined): boolean =>
      status !== undefined &&
      status.text(field) === wanted.state &&
      (status.maybe('description')?.value ?? '') === wanted.description &&
      (status.maybe('target_url')?.value ?? '') === (wanted.url ?? '');

    const found = await find();
    if (says(found) || (found !== undefined && wanted.when === 'missing')) return;
    const { state, description, url } = wanted;
    const fields = { sha: wanted.headSha, state, context, description, ...(url !== undefined && { target_url: url }) };
    const call = { route: 'POST /repos/{owner}/{repo}/statuses/{sha}', parameters: { ...slug, ...fields } };
    await postOnce(() => api.ask(call, question), { pause: api.pause, isThere: async () => says(await find()) });
  };
