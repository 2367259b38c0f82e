/*
 * The action's programs: `action/`, committed, since GitHub runs an action as it lies in its repository.
 *   node scripts/action.mjs           builds it
 *   node scripts/action.mjs --check   says what differs from the sources, and fails
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'action');
const modules = join(root, 'node_modules');

/** What loads charts from their sources. It breaks when it is bundled, so it lies beside the program; not in a `dist/`, which Git ignores. */
const loader = () => {
  const read = (file) => readFileSync(join(modules, 'jiti', file));
  const entry = read('lib/jiti.cjs').toString().replaceAll('"../dist/', '"./');
  return [
    ['jiti/babel.cjs', read('dist/babel.cjs')],
    ['jiti/index.cjs', Buffer.from(entry)],
    ['jiti/jiti.cjs', read('dist/jiti.cjs')],
  ];
};
const besideTheProgram = {
  name: 'beside-the-program',
  setup: ({ onResolve }) => onResolve({ filter: /^jiti$/ }, () => ({ path: './jiti/index.cjs', external: true })),
};

const bundle = (entry, outfile) =>
  build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    charset: 'ascii',
    minify: true,
    keepNames: true, // for stack traces
    legalComments: 'none', // all of them are in LICENSES.txt
    metafile: true,
    write: false,
    logLevel: 'warning',
    plugins: [besideTheProgram],
    external: ['esbuild', 'cdk8s', 'cdk8s-plus-28', 'constructs'], // esbuild is for `bivouac build`; cdk8s comes with the charts
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'programUrl' },
    banner: { js: "const programUrl=require('node:url').pathToFileURL(__filename).href;" },
  });

/** `node_modules/a/node_modules/@b/c` of a file's path in it; undefined: it is ours. */
const packageOf = (path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];

const licenceOf = (path) => {
  const { name, version, license } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
  const files = readdirSync(join(root, path)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(root, path, file), 'utf8').trim());
  return `${name} ${version}: ${license}\n\n${texts.join('\n\n')}`.trim();
};

const licences = (metafiles) => {
  const paths = metafiles.flatMap(({ outputs }) => Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)));
  const packages = new Set(['node_modules/jiti', ...paths.map(packageOf).filter((path) => path !== undefined)]);
  const texts = [...new Set([...packages].map(licenceOf))].sort();
  return ['What the programs of this folder are made of, beside Bivouac itself.', ...texts].join(
    `\n\n${'-'.repeat(80)}\n\n`,
  );
};

async function made() {
  const [main, program] = await Promise.all([
    bundle('src/action/main.ts', 'action/main.cjs'),
    bundle('src/cli/main.ts', 'action/program.cjs'),
  ]);
  return new Map([
    ['LICENSES.txt', Buffer.from(`${licences([main.metafile, program.metafile])}\n`)],
    ...loader(),
    ['main.cjs', Buffer.from(main.outputFiles[0].contents)],
    ['program.cjs', Buffer.from(program.outputFiles[0].contents)],
  ]);
}

const files = await made();
if (process.argv[2] === '--check') {
  const there = !existsSync(folder)
    ? []
    : readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const isSame = (name) =>
    files.has(name) && there.includes(name) && readFileSync(join(folder, name)).equals(files.get(name));
  const other = [...new Set([...there, ...files.keys()])].filter((name) => !isSame(name)).sort();
  for (const name of other) console.error(`action/${name} is not what the sources give`);
  if (other.length > 0) console.error('Run `node scripts/action.mjs`, and commit action/.');
  process.exitCode = other.length > 0 ? 1 : 0;
} else {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, content] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const size = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  console.log(`action/: ${files.size} files, ${(size / 1_000_000).toFixed(1)} MB`);
}
