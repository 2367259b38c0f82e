import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package's version, as `--version` prints it and commits carry it. */
export function version(packageDirectory: string): string {
  const text = readFileSync(join(packageDirectory, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
