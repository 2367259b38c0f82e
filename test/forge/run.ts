/*
 * Publishing against a real forge: `npm run test:forge`, which needs a Gitea that may be written to, by these variables:
 * FORGE_URL, FORGE_API (its `/api/v1`), FORGE_USER (an administrator) and FORGE_TOKEN (all scopes). What it makes there it removes.
 * One line a case; the last line is `N passed, N failed, N skipped`.
 */
import { join } from 'node:path';
import { runCases } from '../publish/runner.js';

await runCases(join(import.meta.dirname, 'cases'), process.argv.slice(2));
