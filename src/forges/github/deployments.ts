import type { DeploymentState } from '../../feedback/port.js';
import { printPullRequest, type PullRequestRef } from '../../model/pull-request.js';
import type { Answer } from '../rest/answer.js';
import { type Api, slugOf } from '../rest/api.js';
import { postOnce } from '../rest/doubt.js';

/** How many older deployments one call looks at. */
const looksAt = 10;

/**
 * One deployment a head commit, found again by environment, task, payload and commit. A call writes at most the deployment and its
 * status, or else one status: older deployments of the same environment become inactive one by one when there is nothing else to
 * say (GitHub's `auto_inactive` passes over transient ones), and all of them when the environment is gone.
 */
export const createDeployments =
  (api: Api) =>
  async (ref: PullRequestRef, wanted: DeploymentState): Promise<void> => {
    const deployments = openDeployments(api, ref, wanted);
    const all = await deployments.list(); // newest first
    const ofHead = all.filter((each) => each.text('sha') === wanted.headSha);
    if (wanted.state === 'inactive') {
      for (const each of all) await deployments.end(each);
      return;
    }
    const current = ofHead.at(-1) ?? (await deployments.create());
    if (await deployments.say(current, wanted)) return;
    const others = all.filter((each) => each.number('id') !== current.number('id'));
    for (const each of others.slice(0, looksAt)) if (await deployments.end(each)) return;
  };

interface Deployments {
  readonly list: () => Promise<readonly Answer[]>;
  readonly create: () => Promise<Answer>;
  /** Whether there was something to write. */
  readonly say: (deployment: Answer, wanted: DeploymentState) => Promise<boolean>;
  /** Marks it inactive, which GitHub shows as destroyed. */
  readonly end: (deployment: Answer) => Promise<boolean>;
}

const all = '/repos/{owner}/{repo}/deployments';

const openDeployments = (
  api: Api,
  ref: PullRequestRef,
  { name, environment, headSha, ...wanted }: DeploymentState,
): Deployments => {
  const slug = slugOf(ref.repository);
  const question = { what: `deployment of ${name} for ${printPullRequest(ref)}`, effect: 'the deployment' };
  const list = async () =>
    (
      await api.askAll(
        { route: `GET ${all}`, parameters: { ...slug, environment, task: name } },
        { what: question.what },
      )
    )
      .filter((each) => ownerOf(each) === name)
      .sort((a, b) => b.number('id') - a.number('id'));
  const statuses = openStatuses(api, slug, question.what);
  return {
    list,
    create: async () => {
      const parameters = {
        ...{ ...slug, ref: headSha, task: name, environment, payload: { bivouac: name } },
        description: wanted.description,
        // by default GitHub merges the default branch into the commit, and waits for every status to be green
        ...{ auto_merge: false, required_contexts: [], transient_environment: true, production_environment: false },
      };
      let seen: Answer | undefined;
      const isThere = async () => (seen = (await list()).find((each) => each.text('sha') === headSha)) !== undefined;
      const post = async () => {
        const made = await api.ask({ route: `POST ${all}`, parameters }, question);
        made.number('id'); // a cut answer is in doubt, too
        return made;
      };
      const made = await postOnce(post, { pause: api.pause, isThere });
      return made ?? seen ?? post();
    },
    say: (deployment, { state, description, url, logUrl, when }) =>
      statuses.set(deployment.number('id'), {
        when,
        fields: {
          ...{ state, description, environment_url: url ?? '', log_url: logUrl ?? '' },
        },
      }),
    end: (deployment) => statuses.set(deployment.number('id'), { when: 'always', fields: { state: 'inactive' } }),
  };
};

interface Wanted {
  readonly when: DeploymentState['when'];
  readonly fields: Readonly<Record<string, string>>;
}

const openStatuses = (api: Api, slug: ReturnType<typeof slugOf>, what: string) => {
  const one = `${all}/{deployment_id}/statuses`;
  const last = async (deployment_id: number): Promise<Answer | undefined> => {
    const parameters = { ...slug, deployment_id, per_page: 1 }; // newest first
    return (await api.ask({ route: `GET ${one}`, parameters }, { what })).list('')[0];
  };
  return {
    set: async (deployment_id: number, { when, fields }: Wanted): Promise<boolean> => {
      const says = (status: Answer | undefined): boolean =>
        Object.entries(fields).every(([key, value]) => (status?.maybe(key)?.value ?? '') === value);
      const found = await last(deployment_id);
      const isTold = found !== undefined && found.text('state') !== 'inactive';
      if (says(found) || (when === 'missing' && isTold)) return false;
      const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
      const parameters = { ...slug, deployment_id, ...given, auto_inactive: false };
      const post = () => api.ask({ route: `POST ${one}`, parameters }, { what, effect: 'the deployment’s status' });
      await postOnce(post, { pause: api.pause, isThere: async () => says(await last(deployment_id)) });
      return true;
    },
  };
};

/** GitHub gives the payload back as it was sent, or as JSON in a text. */
const ownerOf = (deployment: Answer): unknown => {
  const direct = deployment.maybe('payload.bivouac')?.value;
  if (direct !== undefined) return direct;
  const text = deployment.maybe('payload')?.value;
  try {
    return typeof text === 'string' ? (JSON.parse(text) as { bivouac?: unknown }).bivouac : undefined;
  } catch {
    return undefined; // somebody else's
  }
};
