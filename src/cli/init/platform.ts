import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lackingIn, type OwnPackage, platformFiles } from '../../init/platform.js';
import type { Context } from '../context.js';
import type { Presentation } from '../output/presentation.js';
import { start, textOf, textsBelow } from './folder.js';

/** A platform repository in this folder, from the templates of this package. */
export async function platform(
  folder: string,
  options: { readonly dryRun?: true },
  { io }: Context,
): Promise<Presentation> {
  const templates = await textsBelow(join(io.packageDirectory, 'templates', 'platform'));
  const own = JSON.parse(readFileSync(join(io.packageDirectory, 'package.json'), 'utf8')) as OwnPackage;
  const files = platformFiles(templates, own);
  const wanted = files.find(({ path }) => path === 'package.json')?.text ?? '';
  const there = await textOf(join(folder, 'package.json'));
  const lacking = there === undefined ? [] : lackingIn(there, wanted);
  return start(folder, files, {
    dryRun: options.dryRun === true,
    remarks: lacking.length === 0 ? [] : [`package.json stays as it is; it lacks ${lacking.join(', ')}.`],
    next: [
      `npm install ./bivouac-${own.version}.tgz: the tarball that npm pack makes in a clone of Bivouac, since it isn’t on npm yet`,
      'npm test',
      `npx bivouac render --application hello --pull-request 7 --head-sha ${'0123456789'.repeat(4)}`,
      'Change bivouac.yaml and charts/hello.ts, then: npx bivouac doctor',
    ],
  });
}
