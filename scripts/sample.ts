import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sampleEnvironments } from './sample-environments.js';

// `npm run sample` writes environments/ anew: what reviewers browse, kept true by test/synth/sample.test.ts
const root = join(import.meta.dirname, '..');
rmSync(join(root, 'environments/shop'), { recursive: true, force: true });
for (const [path, text] of sampleEnvironments()) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
