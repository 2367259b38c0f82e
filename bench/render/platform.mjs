// What is timed: a platform with prebuilt charts, a GitOps repository with one environment, and the same objects in other tools' hands.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

export const root = join(import.meta.dirname, '../..');
export const headSha = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
export const address = ['--application', 'shop', '--pull-request', '42', '--head-sha', headSha];

/** Output of a command that must succeed. */
export const output = (command, args, cwd) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit code ${status}\n${stderr}`);
  return stdout;
};

export async function makePlatform() {
  const folder = mkdtempSync(join(tmpdir(), 'bivouac-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const platform = join(folder, 'platform');
  mkdirSync(join(platform, 'charts'), { recursive: true });
  mkdirSync(join(platform, '.git')); // the search for bivouac.yaml ends here
  cpSync(join(root, 'bivouac.yaml'), join(platform, 'bivouac.yaml'));
  cpSync(join(root, 'charts/shop.ts'), join(platform, 'charts/shop.ts'));
  const program = join(root, 'dist/cli/main.cjs');
  output('node', [program, 'build'], platform);
  output('node', [program, 'up', ...address], platform);
  return { platform, program, cold: makeCold(folder, platform), ...(await compileScripts(folder)) };
}

/** The same without any compiled form: a CI runner that has just been started. */
function makeCold(folder, platform) {
  const cold = join(folder, 'cold');
  cpSync(platform, join(cold, 'platform'), { recursive: true });
  rmSync(join(cold, 'platform/charts.bundle.cjs.cache'));
  mkdirSync(join(cold, 'dist/cli'), { recursive: true });
  for (const file of ['package.json', 'dist/cli/main.cjs', 'dist/cli/program.cjs'])
    cpSync(join(root, file), join(cold, file));
  return { platform: join(cold, 'platform'), program: join(cold, 'dist/cli/main.cjs') };
}

async function compileScripts(folder) {
  const scripts = join(folder, 'scripts');
  await build({
    entryPoints: [join(root, 'bench/render/baseline.ts'), join(root, 'bench/render/in-process.ts')],
    absWorkingDir: root,
    outdir: scripts,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['jiti', 'esbuild', 'cdk8s', 'cdk8s-plus-28', 'constructs'],
    banner: { js: "import{createRequire as r0}from'node:module';const require=r0(import.meta.url);" },
  });
  symlinkSync(join(root, 'node_modules'), join(scripts, 'node_modules'));
  return { baseline: join(scripts, 'baseline.mjs'), inProcess: join(scripts, 'in-process.mjs') };
}

/** The objects as a Helm chart whose values are what differs between environments. */
export function makeHelmChart(platform, yaml) {
  const chart = join(platform, '..', 'helm');
  mkdirSync(join(chart, 'templates'), { recursive: true });
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: shop\nversion: 0.1.0\n');
  writeFileSync(join(chart, 'values.yaml'), `name: shop-pr-42\nheadSha: ${headSha}\n`);
  const text = yaml.replaceAll('shop-pr-42', '{{ .Values.name }}').replaceAll(headSha, '{{ .Values.headSha }}');
  writeFileSync(join(chart, 'templates/all.yaml'), text);
  return chart;
}
