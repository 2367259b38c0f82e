import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../config/config.js';
import { hasTwoStages, otherSetUp, placeholderIn, usesBivouac } from '../../init/workflows.js';
import type { Context } from '../context.js';
import { namesIn, textOf } from '../init/folder.js';
import { type Finding, ok, problem } from './finding.js';

const folder = '.github/workflows';

/** Workflows that run Bivouac: whether somebody has put in their copy of it, and whether they are of one set-up. None: a service does the work. */
export async function examineWorkflows(config: Config, { io }: Context): Promise<readonly Finding[]> {
  const at = join(rootOf(io.cwd), folder);
  const files = (await namesIn(at)).filter((name) => /\.ya?ml$/.test(name));
  const texts = await Promise.all(files.map(async (name) => ({ name, text: (await textOf(join(at, name))) ?? '' })));
  const ours = texts.filter(({ text }) => usesBivouac(text));
  const names = ours.map(({ name }) => name);
  const found = [
    ...ours.flatMap(({ name, text }) => unfinished(name, placeholderIn(text))),
    ...both(names, hasTwoStages(config)),
  ];
  if (found.length > 0) return found;
  return names.length === 0 ? [] : [ok('workflows', names.join(', '))];
}

const unfinished = (name: string, placeholder: string | undefined): readonly Finding[] =>
  placeholder === undefined
    ? []
    : [
        problem(
          'workflows',
          `${folder}/${name} still uses ${placeholder}, a placeholder`,
          'Put your own copy of Bivouac for acme/bivouac, and its commit for the zeros.',
        ),
      ];

function both(names: readonly string[], hasTwo: boolean): readonly Finding[] {
  const other = otherSetUp(names, hasTwo);
  if (other.length === 0) return [];
  const says = 'environment.yml and render.yml with publish.yml are there, and both would publish each pull request';
  return [problem('workflows', says, `Remove ${other.join(' and ')} from ${folder}.`)];
}

/** Up to the Git root; the folder itself where there is none. */
function rootOf(directory: string): string {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return directory;
  }
}
