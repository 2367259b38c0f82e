#!/usr/bin/env node
// Takes the built bundle when it is there and not older than the sources, else the sources themselves.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bundle = join(root, 'dist/cli/main.js');
const sources = join(root, 'src');

const newest = (folder) =>
  readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const path = join(folder, entry.name);
    return Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }, 0);

const current = existsSync(bundle) && (!existsSync(sources) || statSync(bundle).mtimeMs >= newest(sources));
if (current) {
  await import(bundle);
} else {
  const { register } = await import('tsx/esm/api').catch(() => {
    console.error('Bivouac’s packages are not installed. Run `npm ci` in its folder first.');
    process.exit(2);
  });
  register();
  await import(join(sources, 'cli/main.ts'));
}
