import { join, resolve } from 'node:path';
import { findConfig, loadConfig } from '../../config/load.js';
import { hasTwoStages, otherSetUp, usesBivouac } from '../../init/workflows.js';
import { applicationFiles, type CiSystem } from '../../init/application.js';
import { userError } from '../../model/errors.js';
import type { Context } from '../context.js';
import type { Presentation } from '../output/presentation.js';
import { namesIn, start, textOf, textsBelow } from './folder.js';

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
    remarks: [
      ...(config === undefined
        ? ['No bivouac.yaml here: the workflows take it and the charts from a platform repository.']
        : []),
      ...(await leftFromOther(folder, config)),
    ],
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

/** Workflows of the set-up that the configuration asked for before: removing them is a person's decision. */
async function leftFromOther(
  folder: string,
  config: Parameters<typeof hasTwoStages>[0] | undefined,
): Promise<readonly string[]> {
  const hasTwo = config !== undefined && hasTwoStages(config);
  const wanted = hasTwo ? ['render.yml', 'publish.yml'] : ['environment.yml'];
  const at = join(folder, '.github', 'workflows');
  const other = otherSetUp([...wanted, ...(await namesIn(at))], hasTwo);
  const texts = await Promise.all(other.map((name) => textOf(join(at, name))));
  return other
    .filter((_, index) => usesBivouac(texts[index] ?? ''))
    .map(
      (name) => `.github/workflows/${name} is of the other set-up, and would publish each pull request too: remove it.`,
    );
}
