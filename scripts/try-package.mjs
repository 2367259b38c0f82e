// Packs the library as npm would, installs it in an empty folder beside cdk8s, and uses it as somebody else's project does.
// `node scripts/try-package.mjs`; prints each step, and stops at the first that fails. Needs the package registry.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'bivouac-package-'));
const empty = mkdtempSync(join(tmpdir(), 'bivouac-platform-')); // beside the other: nothing may be found in a folder above
process.on('exit', () => [folder, empty].forEach((each) => rmSync(each, { recursive: true, force: true })));
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const beside = ['cdk8s', 'cdk8s-plus-28', 'constructs', 'typescript', 'esbuild', '@types/node'];
const sha = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';

step('builds', ['npm', 'run', 'build'], root);
const packed = JSON.parse(
  step('packs', ['npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', folder], root),
);
console.log(`  ${packed[0].filename}: ${packed[0].files.length} files, ${Math.round(packed[0].size / 1024)} kB packed`);

write('package.json', JSON.stringify({ name: 'platform', private: true, type: 'module' }));
const versions = beside.map((name) => `${name}@${devDependencies[name]}`);
step('installs', ['npm', 'install', '--no-audit', '--no-fund', `./${packed[0].filename}`, ...versions]);
step('plays the demo', ['npx', 'bivouac', 'demo']);
const embedded = step('renders the embedded default', ['npx', 'bivouac', 'render', ...address('shop', 42)]);
expect(embedded, 'host: shop-pr-42.preview.example.com');

write('bivouac.yaml', configuration());
write('charts/blog.ts', chart());
write('tsconfig.json', JSON.stringify({ compilerOptions: { module: 'nodenext', strict: true, noEmit: true } }));
step('type-checks a chart of its own', ['npx', 'tsc', '-p', '.']);
write('charts/wrong.ts', chart().replace('port: 8080', 'prot: 8080'));
expect(step('refuses a misspelt prop', ['npx', 'tsc', '-p', '.'], folder, 2), "'prot' does not exist");
rmSync(join(folder, 'charts/wrong.ts'));
const rendered = step('renders it from its source', ['npx', 'bivouac', 'render', ...address('blog', 7)]);
expect(rendered, 'image: ghcr.io/acme/blog:');
step('bundles it', ['npx', 'bivouac', 'build']);
const same = step('renders it from the bundle', ['npx', 'bivouac', 'render', ...address('blog', 7)]);
if (same !== rendered) fail('the bundle gives other bytes than the source');
write(
  'use.mjs',
  "import * as library from 'bivouac'; import * as charts from 'bivouac/charts'; console.log(typeof library, typeof charts.WebService);",
);
expect(step('is imported as a library', ['node', 'use.mjs']), 'object function');

const started = step(
  'starts a platform in an empty folder',
  [join(folder, 'node_modules/.bin/bivouac'), 'init', 'platform'],
  empty,
);
expect(started, 'created    charts/hello.test.ts');
step('installs it', ['npm', 'install', '--no-audit', '--no-fund', join(folder, packed[0].filename)], empty);
const tested = step('tests it', ['npm', 'test'], empty);
for (const line of ['pass 2', 'fail 0']) expect(tested, line);
expect(step('renders it', ['npx', 'bivouac', 'render', ...address('hello', 7)], empty), 'image: ghcr.io/acme/hello:');
expect(step('checks it', ['npx', 'bivouac', 'doctor'], empty), 'All is well.');
expect(
  step('makes an environment on this disk', ['npx', 'bivouac', 'up', '--pull-request', '7'], empty),
  'hello/pr-7  Created',
);
expect(step('starts it again', ['npx', 'bivouac', 'init', 'platform'], empty), 'kept       package.json'); // npm wrote where it is from
console.log('the package works');

function address(application, number) {
  return ['--application', application, '--pull-request', String(number), '--head-sha', sha];
}

function step(what, [command, ...args], cwd = folder, wanted = 0) {
  const start = Date.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== wanted) fail(`${what}: exit code ${status}\n${stdout}\n${stderr}`);
  console.log(`${what}: ${[command, ...args].join(' ')} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  return stdout;
}

function expect(text, part) {
  if (!text.includes(part)) fail(`this doesn't hold ${JSON.stringify(part)}:\n${text}`);
}

function fail(why) {
  console.error(why);
  process.exit(1);
}

function write(path, text) {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function configuration() {
  return `version: 1
gitops: { repository: .bivouac/gitops.git }
domain: preview.example.com
applications:
  blog:
    chart: charts/blog.ts
    repositories: [acme/blog]
    images: { web: 'ghcr.io/acme/blog:{headSha}' }
`;
}

function chart() {
  return `import { type Construct, EnvironmentChart, type EnvironmentProps, WebService } from 'bivouac/charts';

export class Blog extends EnvironmentChart {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);
    new WebService(this, 'web', { image: this.image('web'), port: 8080, primary: true });
  }
}
`;
}
