import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** The publisher as one file, so that each of its many starts takes no longer than the command line's. */
export const bundlePublisher = (folder: string): string => {
  const outfile = join(folder, 'publisher.cjs');
  buildSync({
    entryPoints: [join(import.meta.dirname, 'publisher.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
  });
  return outfile;
};
