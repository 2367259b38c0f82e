// Installs what is missing. Runs before anything is installed, so it uses built-ins only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const fail = (message) => {
  console.error(message);
  process.exit(1);
};
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19))
  fail(`Bivouac needs Node.js 20.19 or newer; this is ${process.version}.`);
if (spawnSync('git', ['--version']).status !== 0) fail('Bivouac needs git on the PATH.');

const stamp = 'node_modules/.lock-hash';
const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;

if (process.argv[2] === '--installed') {
  // `prepare`, after somebody's own `npm ci`; a consumer of the packed library has no lock of ours
  if (existsSync('node_modules')) writeFileSync(stamp, wanted);
} else if (!installed) {
  console.error('Installing dependencies (npm ci)');
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []];
  const done = spawnSync(command, [...args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', 2, 2],
    shell: !npm && process.platform === 'win32',
  });
  if (done.status !== 0) fail('The installation failed; nothing else was changed. Run `npm ci` to see why.');
  writeFileSync(stamp, wanted);
}
