/*
 * The shipped workflows, executed: `npm run test:act`. It needs act (https://github.com/nektos/act) in ACT_TOOL or on the search path, which
 * runs them on this machine without containers, against a GitHub on loopback and a real GitOps repository. What it makes it removes.
 * Where act has no answer there are stand-ins (stand-ins.ts): App tokens, the checkout of another repository, artifacts, gh. It has no
 * permissions, no Actions environments with their protection, no concurrency groups, and it starts no run by an event: these only GitHub shows.
 * One line a case; the last line is `N passed, N failed, N skipped`.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runCases } from '../publish/runner.js';
import { actTool } from './act.js';

if (actTool() === undefined) {
  console.log('skipped: no act (set ACT_TOOL, or put it on the search path)\n\n0 passed, 0 failed, 0 skipped');
  process.exit(0);
}
console.log(
  'not by act: permissions, Actions environments, concurrency, one run starting another; stood in for: App tokens, checkouts of another repository, artifacts, gh',
);
const root = join(import.meta.dirname, '..', '..');
await promisify(execFile)(process.execPath, ['scripts/bundle.mjs'], { cwd: root }); // builds the charts of the checkout
await runCases(join(import.meta.dirname, 'cases'), process.argv.slice(2));
