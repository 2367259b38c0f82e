// Repositories of N environments in two levels, and the twelve files (13.5 KB) of one environment.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

const settings = `[http]
	receivepack = true
[uploadpack]
	allowFilter = true
[gc]
	auto = 0
[receive]
	autogc = false
	denyNonFastForwards = true
	fsckObjects = true
`;

export const git = (directory, args, options = {}) =>
  execFileSync('git', args, { cwd: directory, stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 2 ** 28, ...options })
    .toString()
    .trim();

export const namesOf = (count) => {
  const applications = Math.ceil(Math.sqrt(count));
  return Array.from({ length: count }, (_, n) => `app-${n % applications}/pr-${Math.floor(n / applications) + 1}`);
};

const digest = (...parts) => createHash('sha256').update(parts.join(' ')).digest('hex');

/** A version changes eleven of the twelve files. */
export const filesOf = (name, version) => ({
  'environment.json': `${JSON.stringify({ name, version, head: digest(name, version, 'head').slice(0, 40) }, null, 2)}\n`,
  'README.md': `# ${name}\n\nAn environment of a pull request.\n`,
  ...Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`manifests/part-${n}.yaml`, manifest(name, version, n)])),
});

const manifest = (name, version, n) => {
  const [application, environment] = name.split('/');
  const variables = Array.from(
    { length: 16 },
    (_, index) =>
      `            - name: SETTING_${index}\n              value: 'https://part-${index}-${environment}.${application}.example.com'\n`,
  );
  return [
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n',
    `  name: part-${n}\n  namespace: ${application}-${environment}\n  labels:\n    app: part-${n}\n`,
    '  annotations:\n',
    `    checksum: ${digest(name, version, n, 'checksum')}\nspec:\n  template:\n    spec:\n      containers:\n`,
    `        - image: registry.example.com/${application}/part-${n}@sha256:${digest(name, version, n)}\n          env:\n`,
    ...variables,
  ].join('');
};

/** One commit, packed as well as a host would. */
export const createRepository = (directory, count) => {
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', directory]);
  appendFileSync(join(directory, 'config'), settings);
  const lines = namesOf(count).flatMap((name) =>
    Object.entries(filesOf(name, '1')).map(([path, text]) => entry(`environments/${name}/${path}`, text)),
  );
  const head = 'commit refs/heads/main\ncommitter Bench <bench@example.com> 1700000000 +0000\ndata 5\nbench\n';
  git(directory, ['fast-import', '--quiet', '--done'], {
    input: `${head}${entry('README.md', '# Environments\n')}${lines.join('')}\ndone\n`,
  });
  git(directory, ['repack', '-q', '-a', '-d', '-f', '--write-bitmap-index']);
  git(directory, ['commit-graph', 'write', '--reachable']);
  return git(directory, ['rev-parse', 'main']);
};

const entry = (path, text) => `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
