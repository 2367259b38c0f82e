/*
 * Bivouac against a real cluster: `npm run test:cluster`, or some of it: `npm run test:cluster -- failures`. It needs KUBECONFIG to name a
 * cluster with Argo CD (and, for one file, Flux) whose repository server reaches this machine's loopback; docs/cluster.md says more.
 * Applications have names of their own; what is made is removed. One line a case; the last line is `N passed, N failed, N skipped`.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runCases } from '../publish/runner.js';

if ((process.env['KUBECONFIG'] ?? '') === '') {
  console.log('skipped: no cluster (set KUBECONFIG to one with Argo CD)\n\n0 passed, 0 failed, 0 skipped');
  process.exit(0);
}
const root = join(import.meta.dirname, '..', '..');
await promisify(execFile)(process.execPath, ['scripts/bundle.mjs'], { cwd: root });
// most of the time is Argo CD's polls, and each file has an application of its own
await runCases(join(import.meta.dirname, 'cases'), process.argv.slice(2), { filesAtOnce: 2 });
