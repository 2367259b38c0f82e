import type { Octokit } from '@octokit/rest';
import { repositoryName, type RepositoryName } from '../../model/pull-request.js';
import { type Answer, answerOf, isList } from './answer.js';
import { failureOf, isOutage, type Question, unreadable } from './failure.js';

export type Parameters = Readonly<Record<string, unknown>>;

export interface Call {
  /** `GET /repos/{owner}/{repo}/pulls/{pull_number}` */
  readonly route: string;
  readonly parameters: Parameters;
}

/** GitHub's REST API with our errors and checked answers. */
export interface Api {
  /** @throws RefusedError, TemporaryError */
  readonly ask: (call: Call, question: Question) => Promise<Answer>;
  /** All pages, or throws. */
  readonly askAll: (call: Call, question: Question) => Promise<readonly Answer[]>;
  /** GraphQL lies beside the REST API of an Enterprise Server, and below github.com's. */
  readonly graphql: string;
}

export interface ApiOptions {
  readonly client: Octokit;
  readonly apiUrl: string;
  readonly pause: () => Promise<void>;
}

/** More pages than any list of ours has: 50,000 entries. */
const pageLimit = 500;

export const createApi = ({ client, apiUrl, pause }: ApiOptions): Api => {
  const sendOnce = async (call: Call, question: Question): Promise<RawAnswer> => {
    try {
      return (await client.request(call.route, { ...call.parameters })) as RawAnswer;
    } catch (error) {
      throw failureOf(error, question);
    }
  };
  // once more after an outage, unless it is a POST: that isn't absolute
  const send = async (call: Call, question: Question) => {
    try {
      return await sendOnce(call, question);
    } catch (error) {
      if (call.route.startsWith('POST ') || !isOutage(error)) throw error;
      await pause();
      return sendOnce(call, question);
    }
  };
  return {
    graphql: `${apiUrl.replace(/\/api\/v3$/, '/api')}/graphql`,
    ask: async (call, question) => answerOf((await send(call, question)).data, question),
    // octokit.paginate takes a cut body for an empty page
    askAll: async (call, question) => {
      const found: Answer[] = [];
      let next: Call | undefined = { route: call.route, parameters: { ...call.parameters, per_page: 100 } };
      for (let page = 0; next !== undefined; page++) {
        if (page === pageLimit) throw unreadable(question, `more than ${pageLimit} pages`);
        const { data, headers } = await send(next, question);
        if (!isList(data)) throw unreadable(question, `page ${page + 1} is no list`);
        found.push(...data.map((entry) => answerOf(entry, question)));
        next = nextPage(headers.link);
      }
      return found;
    },
  };
};

/** Octokit types the body of an unknown route `any`. */
interface RawAnswer {
  readonly data: unknown;
  readonly headers: { readonly link?: string };
}

const nextPage = (link: string | undefined): Call | undefined => {
  const url = /<([^<>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  return url === undefined ? undefined : { route: `GET ${url}`, parameters: {} };
};

/** Owner and name as parameters, checked: `..` would collapse the path of the request. @throws UserError InvalidRepository */
export const slugOf = (repository: RepositoryName): { readonly owner: string; readonly repo: string } => {
  const [owner = '', repo = ''] = repositoryName(repository).split('/');
  return { owner, repo };
};
