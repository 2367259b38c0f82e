import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import { type InitFile, isOurs } from '../../init/file.js';
import { gitopsFiles } from '../../init/gitops.js';
import type { Context } from '../context.js';
import type { Presentation } from '../output/presentation.js';
import { configuration } from '../wire.js';
import { namesIn, start, textOf } from './folder.js';

export interface GitOpsFlags {
  readonly controller?: Config['controller']['kind'];
  readonly notifications?: true;
  readonly dryRun?: true;
}

/** A GitOps repository in this folder; without one its Kubernetes objects are printed. */
export async function gitops(
  folder: string | undefined,
  options: GitOpsFlags,
  context: Context,
): Promise<Presentation> {
  const read = configuration(context, 'none');
  const kind = options.controller ?? read.controller.kind;
  const config = { ...read, controller: { ...read.controller, kind } };
  const files = gitopsFiles(config, { notifications: options.notifications === true });
  if (kind !== read.controller.kind)
    context.note(
      `bivouac.yaml says controller.kind: ${read.controller.kind}. Change it, too: it decides what is committed.`,
    );
  if (folder === undefined) return printed(files);
  const left = await leftFrom(folder, files);
  return start(folder, files, {
    dryRun: options.dryRun === true,
    remarks: left.map(
      (path) => `${path} is of an earlier run and no longer wanted: remove it once its environments are gone.`,
    ),
    next: [
      `Commit and push it to ${config.gitops.repository}, branch ${config.gitops.branch}.`,
      `As an administrator: ${files
        .filter(({ applied }) => applied === true)
        .map(({ path }) => `kubectl apply ${path.endsWith('-cm.yaml') ? '--server-side ' : ''}-f ${path}`)
        .join('; ')}`,
      'npx bivouac doctor compares what is installed with what it should be.',
    ],
  });
}

/** What an earlier run left in argocd/ for applications that are no more: removing it is a person's decision. */
async function leftFrom(folder: string, files: readonly InitFile[]): Promise<readonly string[]> {
  const wanted = new Set(files.map(({ path }) => path));
  const there = (await namesIn(join(folder, 'argocd'))).map((name) => `argocd/${name}`);
  const others = there.filter((path) => path.endsWith('.yaml') && !path.includes('/argocd-') && !wanted.has(path));
  const texts = await Promise.all(others.map((path) => textOf(join(folder, path))));
  return others.filter((_, index) => isOurs(texts[index] ?? ''));
}

/** The objects alone, for `kubectl apply -f -`. */
function printed(files: readonly InitFile[]): Presentation {
  const objects = files.filter(({ applied }) => applied === true);
  const yaml = objects.map(({ text }) => text).join('---\n');
  return {
    data: { schemaVersion: '1', files: objects.map(({ path, text }) => ({ path, text })) },
    text: yaml,
    markdown: `\`\`\`yaml\n${yaml}\`\`\``,
    variables: { files: String(objects.length) },
    exitCode: 0,
  };
}
