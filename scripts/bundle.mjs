// The command line as a bundle without cdk8s, which charts bring: a small entry, and the program as one CommonJS file, whose parts run
// when they are first needed. Modules with shared chunks were slower: each file costs Node a millisecond and more.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const outdir = 'dist/cli';

const common = { bundle: true, platform: 'node', target: 'node20', charset: 'ascii', logLevel: 'warning' };

/** For `import.meta.url`, which a script doesn't have. */
const programUrl = { js: "const programUrl=require('node:url').pathToFileURL(__filename).href;" };

/** What few commands need lies beside the program: whatever is in it is read and compared by every command. */
const seldom = { '@kubernetes/client-node/dist/config.js': 'kubernetes-client', ajv: 'ajv' };
const besideTheProgram = {
  name: 'beside-the-program',
  setup: ({ onResolve }) =>
    Object.entries(seldom).forEach(([name, file]) =>
      onResolve({ filter: new RegExp(`^${name}$`) }, ({ importer }) =>
        importer.includes('node_modules') ? undefined : { path: `./${file}.cjs`, external: true },
      ),
    ),
};

/** esbuild's result for the program. */
export async function bundle() {
  const [program] = await Promise.all([
    build({
      ...common,
      entryPoints: ['src/cli/main.ts'],
      outfile: `${outdir}/program.cjs`,
      format: 'cjs',
      minifySyntax: true,
      minifyWhitespace: true, // names stay, for stack traces
      metafile: true,
      legalComments: 'linked',
      // jiti breaks when bundled; esbuild is only for `bivouac build`; cdk8s comes from the charts' own project
      external: ['jiti', 'esbuild', 'cdk8s', 'cdk8s-plus-28', 'constructs'],
      plugins: [besideTheProgram],
      supported: { 'dynamic-import': false }, // becomes `require`: a script that V8 keeps compiled can't import
      define: { 'import.meta.url': 'programUrl' },
      banner: programUrl,
    }),
    ...Object.entries(seldom).map(([name, file]) =>
      build({
        ...common,
        stdin: { contents: `module.exports = require('${name}');`, resolveDir: '.' },
        outfile: `${outdir}/${file}.cjs`,
        format: 'cjs',
        alias: { punycode: 'punycode/' }, // Node's own says at every start that it is deprecated
        minify: true,
        keepNames: true,
      }),
    ),
    build({
      ...common,
      entryPoints: ['src/cli/start.ts'],
      outfile: `${outdir}/main.cjs`, // an ES module as entry would cost 8 ms more: Node starts a second loader for it
      format: 'cjs',
      define: { 'import.meta.url': 'programUrl' },
      banner: programUrl,
    }),
  ]);
  return program;
}

/** Runs an ordinary command once and keeps the compiled form beside the program: for this machine, or the image that is being built. */
export async function compile() {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ['src/synth/loader/script.ts'],
    format: 'esm',
    write: false,
  });
  const source = `${outputFiles[0].text}
    const { keep } = loadScript(${JSON.stringify(resolve(outdir, 'program.cjs'))});
    process.on('exit', keep);`;
  const line = `bivouac render --application shop --pull-request 1 --head-sha ${'0'.repeat(40)}`.split(' ');
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', source, '--', ...line], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`the bundle can't render: exit code ${status}`);
}

if (process.argv[1]?.endsWith('bundle.mjs')) {
  rmSync(outdir, { recursive: true, force: true });
  await bundle();
  await compile();
}
