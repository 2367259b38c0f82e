#!/usr/bin/env node
// Takes the built bundle when it is there and not older than the sources, else the sources themselves. CommonJS: it starts sooner.
'use strict';
const { existsSync, readdirSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const root = join(__dirname, '..');
const bundle = join(root, 'dist/cli/main.cjs');
const sources = join(root, 'src');

const newest = (folder) =>
  readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const path = join(folder, entry.name);
    return Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }, 0);

const current = existsSync(bundle) && (!existsSync(sources) || statSync(bundle).mtimeMs >= newest(sources));

async function runSources() {
  const { register } = await import('tsx/esm/api').catch(() => {
    console.error('Bivouac’s packages are not installed. Run `npm ci` in its folder first.');
    process.exit(2);
  });
  register();
  await import(pathToFileURL(join(sources, 'cli/main.ts')).href);
}

if (current) require(bundle);
else void runSources();
