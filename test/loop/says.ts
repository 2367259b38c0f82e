/** What our comment says in its heading. */
export const says = {
  /** Git has it, and the service looks at the cluster. */
  inGit: (sha: string): RegExp => new RegExp(`^### .*: (deploying|ready) at \`${sha.slice(0, 7)}\`$`, 'm'),
  ready: (sha: string): RegExp => new RegExp(`^### .*: ready at \`${sha.slice(0, 7)}\`$`, 'm'),
  goingToSleep: /^### .*: (going to sleep|asleep) at `\w{7}`$/m,
  asleep: /^### .*: asleep at `\w{7}`$/m,
  removed: /^### .*: removed( from Git)?$/m,
  /** With its receipt: every part is gone, and somebody has looked at each. */
  gone: /^(?![^]*(still there|not looked at))[^]*^### .*: removed$[^]*^\| folder in Git \| gone .*\n\| Application `[^`]+` \| gone .*\n\| Namespace `[^`]+` \| gone .*\n(\| PersistentVolume .* \| gone .*\n)+/m,
} as const;
