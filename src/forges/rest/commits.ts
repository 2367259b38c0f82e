import { isBivouacError, userError } from '../../model/errors.js';
import { commitSha, repositoryId, type RepositoryName, type Revision } from '../../model/pull-request.js';
import type { CommitOnBranch } from '../port.js';
import { type Answer, minted } from './answer.js';
import { type Api, slugOf } from './api.js';

/** The commit that a branch, tag or commit id names. `route`: with `{ref}`. @throws UserError InvalidRef, RefNotFound */
export const resolveRef = async (
  api: Api,
  { repository, ref }: { readonly repository: RepositoryName; readonly ref: string },
  route: string,
): Promise<Revision> => {
  const slug = slugOf(repository);
  checkRef(ref);
  const found = await api.ask(
    { route: 'GET /repos/{owner}/{repo}', parameters: slug },
    { what: `repository ${repository}` },
  );
  const commit = await api
    .ask({ route, parameters: { ...slug, ref } }, { what: `commit of ${repository}` })
    .catch((error: unknown) => {
      // the repository itself was just found; 422 is GitHub's word for no such commit
      if (!isBivouacError(error) || !['CodeHostNotFound', 'CodeHostRefused'].includes(error.code)) throw error;
      throw userError('RefNotFound', `${repository} has no branch, tag or commit ${JSON.stringify(ref)}`, {
        where: '--ref',
        remedy: 'Give a branch, a tag or all 40 digits of a commit.',
        cause: error,
      });
    });
  return minted(
    () => ({ repository, repositoryId: repositoryId(found.number('id')), sha: commitSha(commit.text('sha')) }),
    commit.asked,
  );
};

/** What the branch lacks of the commit, as `holds` reads it; a commit or branch that nobody knows proves nothing. */
export const compareWithBranch = async (
  api: Api,
  { repository, branch, commit }: CommitOnBranch,
  holds: (answer: Answer) => boolean,
): Promise<boolean> => {
  checkRef(branch);
  const parameters = { ...slugOf(repository), basehead: `${branch}...${commit}`, per_page: 1 };
  const question = { what: `commit ${commit.slice(0, 7)} on branch ${branch} of ${repository}` };
  try {
    return holds(await api.ask({ route: 'GET /repos/{owner}/{repo}/compare/{basehead}', parameters }, question));
  } catch (error) {
    if (isBivouacError(error) && error.code === 'CodeHostNotFound') return false;
    throw error;
  }
};

/** Git's own rules in short: `..` would collapse the request's path. */
const checkRef = (ref: string): void => {
  if (ref.length > 0 && ref.length <= 255 && !/\.\.|[\p{C} ~^:?*[\\]|^[./]|[./]$|\/\//u.test(ref)) return;
  throw userError('InvalidRef', `${JSON.stringify(ref.slice(0, 80))} is no name of a branch, tag or commit`, {
    where: '--ref',
    remedy: 'Give a branch, a tag or all 40 digits of a commit.',
  });
};
