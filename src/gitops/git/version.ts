import { isBivouacError, userError } from '../../model/errors.js';
import { isRace } from './classify.js';
import { GitFailure, type Git } from './command.js';

const oldest: readonly [number, number] = [2, 36];

/** A git that is too old explains whatever fails, but no lost race; where all goes well nobody asks. */
export const explain = async (error: unknown, git: Git): Promise<unknown> => {
  if (isBivouacError(error) && error.class !== 'InternalError') return error;
  if (error instanceof GitFailure && isRace(error.message)) return error;
  return checkVersion(git).then(
    () => error,
    (reason: unknown) => (isBivouacError(reason) ? reason : error), // a repository that was closed meanwhile starts no git
  );
};

const checkVersion = async (git: Git): Promise<void> => {
  const text = (await git(['version'])).trim();
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  throw userError('GitTooOld', `${text.slice(0, 60)} is older than ${oldest.join('.')}`, {
    remedy: `Install git ${oldest.join('.')} or newer.`,
  });
};
