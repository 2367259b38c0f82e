import { join, resolve } from 'node:path';
import { findConfig, loadConfig } from '../../config/load.js';
import { applicationFiles, type CiSystem } from '../../init/application.js';
import { userError } from '../../model/errors.js';
import type { Context } from '../context.js';
import type { Presentation } from '../output/presentation.js';
import { start, textsBelow } from './folder.js';

export interface ApplicationOptions {
  readonly ci?: CiSystem;
  readonly dryRun?: true;
}

/** The workflows in this folder, which is an application's repository. @throws UserError CiNeeded, CiUnsupported */
export async function application(
  folder: string,
  { ci, dryRun }: ApplicationOptions,
  { io, globals }: Context,
): Promise<Presentation> {
  if (ci === undefined)
    throw userError('CiNeeded', 'init application writes the workflows of one CI system', {
      where: '--ci',
      remedy: 'Say --ci github.',
    });
  const workflows = await textsBelow(join(io.packageDirectory, 'templates', 'github-actions'));
  const file = findConfig(folder, globals.config === undefined ? undefined : resolve(io.cwd, globals.config));
  const config = file === undefined ? undefined : loadConfig(file);
  return start(folder, applicationFiles(ci, workflows, config), {
    dryRun: dryRun === true,
    remarks:
      config === undefined
        ? ['No bivouac.yaml here: the workflows take it and the charts from a platform repository.']
        : [],
    next:
      config === undefined
        ? [
            'In .github/workflows put your own for acme, acme/platform and gitops, and a commit of your copy of Bivouac for the zeros.',
            'Make a GitHub App with contents: write, installed on those two repositories alone.',
            'Make the Actions environment “bivouac”, open to the default branch alone, with the variable BIVOUAC_APP_ID and the secret BIVOUAC_PRIVATE_KEY.',
          ]
        : [
            'In .github/workflows put your own copy of Bivouac for acme/bivouac, and its commit for the zeros.',
            `Add the secret GITOPS_TOKEN: contents: write on ${config.gitops.repository}, and nothing else.`,
          ],
  });
}
