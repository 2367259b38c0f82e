/** The one ServiceAccount of an environment, without a token: the frame brings it, and pods run as it. */
export const workloadAccount = 'bivouac-workload';

/** The version of the Pod Security Standards that namespaces enforce and that the policy checks, pinned so that both say the same. */
export const podSecurityVersion = 'v1.32';
