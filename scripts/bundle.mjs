// The command line as a bundle: small entry, one lazy chunk a command's needs, no cdk8s (charts bring their own).
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

const outdir = 'dist/cli';

/** esbuild's result, whose metafile tests read. */
export async function bundle() {
  rmSync(outdir, { recursive: true, force: true });
  return build({
    entryPoints: ['src/cli/main.ts'],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: false,
    metafile: true,
    legalComments: 'linked',
    chunkNames: 'chunks/[name]-[hash]',
    // jiti breaks when bundled; esbuild is only for `bivouac build`; cdk8s comes from the charts' own project
    external: ['jiti', 'esbuild', 'cdk8s', 'cdk8s-plus-28', 'constructs'],
    banner: {
      js: "import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

if (process.argv[1]?.endsWith('bundle.mjs')) await bundle();
