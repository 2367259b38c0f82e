import { inTurn } from '../model/in-turn.js';
import type { GitOpsReads, GitOpsRepository } from '../gitops/port.js';

export interface LookingOptions {
  readonly open: () => Promise<GitOpsRepository>;
  /** Looks after which it is opened anew: each leaves something in the temporary repository. @default 500 */
  readonly renewAfter?: number;
}

export interface Looking extends GitOpsReads {
  /** Looks that come after it are refused. */
  close(): Promise<void>;
}

/** A GitOps repository to look into beside the writer’s, which is its alone: opened at the first look, and one look at a time. */
export const keepLooking = ({ open, renewAfter = 500 }: LookingOptions): Looking => {
  let current: GitOpsRepository | undefined;
  let looks = 0;
  let isClosed = false;
  const turn = inTurn();
  const renew = async (): Promise<void> => {
    const old = current;
    current = undefined;
    looks = 0;
    await old?.close().catch(() => undefined);
  };
  const look = <Result>(ask: (repository: GitOpsRepository) => Promise<Result>): Promise<Result> =>
    turn(async () => {
      if (isClosed) throw new Error('nobody looks any more'); // a watch that was called off in the middle of a look
      if (looks >= renewAfter) await renew();
      looks += 1;
      try {
        current ??= await open();
        return await ask(current);
      } catch (error) {
        looks = renewAfter; // something may be wrong with it
        throw error;
      }
    });
  return {
    read: (ids) => look((repository) => repository.read(ids)),
    manifestsAt: (revision, id) => look((repository) => repository.manifestsAt(revision, id)),
    close: () => {
      isClosed = true;
      return turn(renew);
    },
  };
};
