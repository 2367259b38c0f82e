import { BivouacError, isBivouacError, temporaryError } from '../model/errors.js';

const unknown = 'unknown: the push may have landed; run again';
const inQueue = 'unknown: the change waits in the queue and may land; run again';

/** Errors after a push that failed, and before its fate is known, say so. */
export const inDoubt = async <Result>(doubt: boolean, run: () => Promise<Result>): Promise<Result> => {
  try {
    return await run();
  } catch (error) {
    if (!doubt || !isBivouacError(error)) throw error;
    throw again(error, { changed: unknown });
  }
};

/** Whether a push says that another came first, and not that a lock was held. Only a hint: text of git is for people. */
export const saysRaced = (error: unknown): boolean =>
  isBivouacError(error) && error.code === 'PushContended' && !error.message.includes('File exists');

/**
 * Somebody deleted the branch meanwhile. A new one would hold this environment alone, and a controller that follows it would take
 * all others away.
 */
export const branchGone = ({ left }: { readonly left: boolean }): BivouacError =>
  new BivouacError({
    class: 'PolicyError',
    code: 'BranchGone',
    message: 'the branch was there, and is gone since: it is not made anew with this environment alone',
    remedy: 'Restore the branch of the GitOps repository, then run it again.',
    ...(left && { changed: inQueue }),
  });

export interface Contention {
  /** Of the last attempt. */
  readonly error: unknown;
  readonly attempts: number;
  /** What was left in the queue couldn't be taken back. */
  readonly left: boolean;
}

/** The deadline came first. */
export const contended = ({ error, attempts, left }: Contention): BivouacError => {
  const { message } = error instanceof Error ? error : { message: String(error) };
  return temporaryError('PushContended', `${attempts} pushes were lost until the deadline; the last: ${message}`, {
    ...(isBivouacError(error) && error.where !== undefined && { where: error.where }),
    changed: left ? inQueue : 'nothing',
    remedy: 'Run it again. When it happens often, let one service publish, or fewer jobs at a time.',
    data: { attempts },
    cause: error,
  });
};

const again = (error: BivouacError, { changed }: { readonly changed: string }): BivouacError =>
  new BivouacError({
    code: error.code,
    class: error.class,
    message: error.message,
    ...(error.where !== undefined && { where: error.where }),
    ...(error.remedy !== undefined && { remedy: error.remedy }),
    changed,
    data: error.data,
    cause: error.cause ?? error,
  });
