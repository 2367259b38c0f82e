import type { Octokit } from '@octokit/rest';
import { repositoryName, type RepositoryName } from '../../model/pull-request.js';
import { type Answer, answerOf, isList } from './answer.js';
import type { Call, Parameters, RequestPlace } from './call.js';
import type { Dialect } from './dialect.js';
import { type Asked, failureOf, isOutage, type Question, unreadable } from './failure.js';

/** A code host's REST API with our errors and checked answers. */
export interface Api {
  /** @throws RefusedError, TemporaryError */
  readonly ask: (call: Call, question: Question) => Promise<Answer>;
  /** All pages, or throws. */
  readonly askAll: (call: Call, question: Question) => Promise<readonly Answer[]>;
  /** GraphQL lies beside the REST API of an Enterprise Server, and below github.com's. */
  readonly graphql: string;
  /** Parameters that ask for a long page, where one is all there is. */
  readonly pageSize: Parameters;
  /** Before anything is asked once more. */
  readonly pause: () => Promise<void>;
}

export interface ApiOptions {
  readonly client: Octokit;
  readonly apiUrl: string;
  readonly dialect: Dialect;
  /** Before a request that failed is made once more. */
  readonly pause: () => Promise<void>;
}

/** More pages than any list of ours has: 50,000 entries. */
const pageLimit = 500;

export const createApi = ({ client, apiUrl, dialect, pause }: ApiOptions): Api => {
  const sendOnce = async (call: Call, asked: Asked): Promise<RawAnswer> => {
    try {
      const { parameters, place = placeOf(parameters) } = call;
      return (await client.request(call.route, { ...parameters, request: { place } })) as RawAnswer;
    } catch (error) {
      throw failureOf(error, asked);
    }
  };
  // once more after an outage, unless it is a POST: that isn't absolute
  const send = async (call: Call, asked: Asked) => {
    try {
      return await sendOnce(call, asked);
    } catch (error) {
      if (call.route.startsWith('POST ') || !isOutage(error)) throw error;
      await pause();
      return sendOnce(call, asked);
    }
  };
  return {
    pause,
    pageSize: dialect.pageSize,
    graphql: `${apiUrl.replace(/\/api\/v3$/, '/api')}/graphql`,
    ask: async (call, question) => {
      const asked = { ...question, dialect };
      return answerOf((await send(call, asked)).data, asked);
    },
    // octokit.paginate takes a cut body for an empty page
    askAll: async (call, question) => {
      const asked = { ...question, dialect };
      const found: Answer[] = [];
      const first = { route: call.route, parameters: { ...call.parameters, ...dialect.pageSize } };
      let next: Call | undefined = first;
      for (let page = 0; next !== undefined; page++) {
        if (page === pageLimit) throw unreadable(asked, `more than ${pageLimit} pages`);
        const { data, headers } = await send(next, asked);
        if (!isList(data)) throw unreadable(asked, `page ${page + 1} is no list`);
        found.push(...data.map((entry) => answerOf(entry, asked)));
        const following = dialect.nextPage(headers, { first, page: page + 1 });
        const place = placeOf(first.parameters);
        next = following && { ...following, ...(place !== undefined && { place }) };
      }
      return found;
    },
  };
};

/** Octokit types the body of an unknown route `any`. */
interface RawAnswer {
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}

const placeOf = ({ owner, repo }: Parameters): RequestPlace | undefined =>
  typeof owner === 'string' && typeof repo === 'string' ? { owner, repo } : undefined;

/** What a hook of Octokit finds of it: addresses of next pages name a repository by its id. */
export const placeOfRequest = (options: { readonly request?: object | undefined }): RequestPlace | undefined =>
  (options.request as { readonly place?: RequestPlace } | undefined)?.place;

/** Owner and name as parameters, checked: `..` would collapse the path of the request. @throws UserError InvalidRepository */
export const slugOf = (repository: RepositoryName): { readonly owner: string; readonly repo: string } => {
  const [owner = '', repo = ''] = repositoryName(repository).split('/');
  return { owner, repo };
};
