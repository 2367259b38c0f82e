import type { Controller } from '../controllers/port.js';
import type { Observe } from '../line/watch.js';
import type { GitOpsReads } from '../gitops/port.js';
import { runningImages } from './expectation.js';

/** Looks whether teardown tasks have ended, through the controller, which is opened at the first look. */
export function teardownObserver(git: GitOpsReads, open: () => Promise<Controller | undefined>): Observe {
  let opened: Promise<Controller | undefined> | undefined;
  return async (id, commit, { tasks, files }) => {
    const controller = await (opened ??= open());
    const wanted = await git.manifestsAt(commit, id);
    if (controller === undefined || wanted === undefined) return 'unknown';
    const holds = async (revision: string): Promise<boolean> => (await git.manifestsAt(revision, id)) === wanted;
    const { phase, causes } = await controller.status({ id, images: runningImages(files), holds });
    if (phase === 'ready') return 'done';
    if (causes.some(({ kind, object }) => kind === 'JobFailed' && tasks.includes(object))) return 'failed';
    return phase === 'absent' ? 'unknown' : 'running';
  };
}
