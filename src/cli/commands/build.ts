import { basename } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import type { Presentation } from '../output/presentation.js';
import type { Context, Run } from '../context.js';
import { refuseForkCheckout } from '../trust.js';
import { configuration } from '../wire.js';

export const buildCommand = (run: Run) =>
  new Command('build')
    .description('bundle the charts beside bivouac.yaml, so that CI jobs need no installation')
    .action((_options, command) => run(command, build));

async function build(context: Context): Promise<Presentation> {
  const config = configuration(context, 'none');
  await refuseForkCheckout(context); // each chart is loaded once
  const { buildCharts } = await import('../../synth/loader/build.js');
  const { file, bytes, applications, sources } = await buildCharts({
    config,
    packageDirectory: context.io.packageDirectory,
  });
  const text = `${file} (${Math.round(bytes / 1024)} kB, ${applications.join(', ')}): commit it beside bivouac.yaml, but not ${basename(file)}.cache, which is for this machine`;
  return {
    data: { schemaVersion: '1', bundle: { file, bytes, applications, sources } },
    text,
    markdown: text,
    variables: { file },
    exitCode: 0,
  };
}
