import type { DeploymentStatus, Remains } from '../model/deployment.js';
import type { EnvironmentId } from '../model/names.js';

/** What is waited for. */
export interface Expected {
  readonly id: EnvironmentId;
  /** References that the environment's manifests name. */
  readonly images: readonly string[];
  /** Whether this revision of the GitOps repository holds the manifests that are waited for. Unknown revisions don't. */
  holds(revision: string): Promise<boolean>;
}

/** What deploys the GitOps repository, as far as it can be read. Nothing is ever written. */
export interface Controller {
  /** One reading; `ready` is said after a fresh comparison alone. @throws RefusedError, TemporaryError */
  status(expected: Expected): Promise<DeploymentStatus>;
  /** What is still there after the directory has gone. @throws RefusedError, TemporaryError */
  remains(id: EnvironmentId): Promise<Remains>;
  /** Where people look at it; absent: it has no page. */
  readonly page?: (id: EnvironmentId) => string;
}
