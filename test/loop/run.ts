/*
 * The whole loop, all of it real: `npm run test:loop`. A Gitea, `bivouac serve` as it ships, a platform and a GitOps repository in that
 * Gitea, and Kubernetes with Argo CD. What FORGE_URL (with FORGE_API, FORGE_USER and FORGE_TOKEN) and KUBECONFIG don't name is started by
 * the tools in FORGE_TOOLS and CLUSTER_TOOLS, and stopped at the end; Argo CD has to reach the Gitea, and the Gitea this machine's loopback.
 *
 * LOOP_PICTURES=<folder> keeps what the pull requests show at each step, for scripts/pictures to draw without any of this (see recording.ts).
 * LOOP_LOG=<file> keeps the service’s log.
 * One line a case; then the times as a table for docs/performance.md; the last line is `N passed, N failed, N skipped`.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runCases } from '../publish/runner.js';
import { startParts } from './parts.js';

const root = join(import.meta.dirname, '..', '..');
const missing = startParts(root);
if (missing !== undefined) {
  console.log(`skipped: ${missing}\n\n0 passed, 0 failed, 0 skipped`);
  process.exit(0);
}
await promisify(execFile)(process.execPath, ['scripts/bundle.mjs'], { cwd: root });
await runCases(join(import.meta.dirname, 'cases'), process.argv.slice(2));
