import { userError } from '../../model/errors.js';
import type { FileAtCommit } from '../../model/pull-request.js';
import { isList } from './answer.js';
import { type Api, slugOf } from './api.js';
import { unreadable } from './failure.js';

/** Bytes; no override file is anywhere near. */
const sizeLimit = 64 * 1024;

/**
 * A file at a commit; undefined when `absent` finds in a failure that the commit doesn't have it. A commit that can't be found is
 * an error.
 * @throws UserError FileTooLarge, NotAFile (a directory, symlink or submodule), RefusedError, TemporaryError
 */
export const readFile = async (
  api: Api,
  at: FileAtCommit,
  absent: (failure: unknown) => undefined | Promise<undefined>,
): Promise<string | undefined> => {
  const { path, commit, repository } = at;
  const question = { what: `file ${path} of ${repository} at ${commit.slice(0, 7)}` };
  checkPath(path);
  const parameters = { ...slugOf(repository), path, ref: commit };
  const call = { route: 'GET /repos/{owner}/{repo}/contents/{path}', parameters };
  const answer = await api.ask(call, question).catch(absent);
  if (answer === undefined) return undefined;
  if (isList(answer.value)) throw notAFile(at, 'directory');
  const type = answer.text('type');
  if (type !== 'file' || answer.maybe('submodule_git_url') !== undefined)
    throw notAFile(at, type === 'file' ? 'submodule' : type);
  if (answer.number('size') > sizeLimit) throw tooLarge(at, answer.number('size'));
  if (answer.text('encoding') !== 'base64') throw unreadable(answer.asked, 'the content is not in base64');
  const bytes = Buffer.from(answer.text('content'), 'base64');
  if (bytes.length !== answer.number('size')) throw unreadable(answer.asked, 'the content is cut');
  return bytes.toString('utf8');
};

const checkPath = (path: string): void => {
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..'))
    throw userError('InvalidPath', `${JSON.stringify(path.slice(0, 80))} is no path of a file in a repository`);
};

const placeOf = ({ repository, path, commit }: FileAtCommit): string =>
  `${repository}:${path} at ${commit.slice(0, 7)}`;

const notAFile = (at: FileAtCommit, type: string) =>
  userError('NotAFile', `${at.path} is a ${type}, not a file`, {
    where: placeOf(at),
    remedy: 'Commit a plain file there, or nothing.',
  });

const tooLarge = (at: FileAtCommit, size: number) =>
  userError('FileTooLarge', `${at.path} has ${size} bytes; at most ${sizeLimit} are read`, {
    where: placeOf(at),
    remedy: 'Make it smaller.',
  });
