/*
 * The big runs of publishing: `npm run test:publish`, or some of them: `npm run test:publish -- crowd`.
 *
 * Every file in cases/ exports `cases`, a list of `{ name, run }` (see case.ts). The files are run in the order of their names, their cases
 * one after the other unless the file says more; each prints a line, and the last line is `N passed, N failed, N skipped`. Repositories lie on a RAM disk where
 * there is one, so that the times are the programs' and not the disk's; figures are of this machine, whose cores the server shares.
 */
import { join } from 'node:path';
import { runCases } from './runner.js';

await runCases(join(import.meta.dirname, 'cases'), process.argv.slice(2));
