import type { Config } from '../config/config.js';
import { isBivouacError } from '../model/errors.js';
import type { DeploymentStatus } from '../model/deployment.js';
import type { FileTree } from '../model/manifest.js';
import { type EnvironmentId, joinedName } from '../model/names.js';
import { readManifests } from '../synth/read-manifests.js';
import { podTemplateOf } from '../synth/views.js';
import type { Context } from './context.js';
import type { GitOpsReads } from '../gitops/port.js';
import { expectationOf } from './expectation.js';
import { controllerOf } from './wire.js';

/** What the controller shows of an environment now, or why nobody can say. */
export interface Live {
  /** Where people look at it; absent: there is no page. */
  readonly page?: string;
  readonly status?: DeploymentStatus;
  /** Absent: there is nothing configured that could be read. */
  readonly trouble?: string;
}

/** One look; what fails is said and fails nothing else. */
export async function lookAt(
  id: EnvironmentId,
  { config, git }: { readonly config: Config; readonly git: GitOpsReads },
  context: Context,
): Promise<Live> {
  const written = pageOf(id, config);
  const fallback = written === undefined ? {} : { page: written };
  try {
    const controller = await controllerOf(config, context);
    const page = controller?.page?.(id) ?? written;
    const place = page === undefined ? {} : { page };
    const expectation = controller && (await expectationOf(id, git));
    if (controller === undefined || expectation === undefined) return place;
    return { ...place, status: await controller.status(expectation.expected) };
  } catch (error) {
    if (!isBivouacError(error)) throw error;
    return { ...fallback, trouble: error.message };
  }
}

const pageOf = (id: EnvironmentId, { controller: { kind, url } }: Config): string | undefined =>
  kind === 'argocd' && url !== undefined
    ? `${url.replace(/\/+$/, '')}/applications/argocd/${joinedName(id)}`
    : undefined;

const resources: Readonly<Record<string, string>> = { Deployment: 'deploy', StatefulSet: 'statefulset', Job: 'job' };

/** `kubectl logs` of what runs in each component, by its name. A CronJob’s pods have no name that is known before. */
export const logCommands = (id: EnvironmentId, files: FileTree): ReadonlyMap<string, readonly string[]> => {
  const entries = [...files].flatMap(([path, text]) => {
    const component = /^manifests\/(.+)\.yaml$/.exec(path)?.[1];
    if (component === undefined) return [];
    const commands = readManifests(text)
      .filter((manifest) => podTemplateOf(manifest) !== undefined)
      .flatMap(({ kind, metadata: { name } }) => {
        const resource = resources[kind];
        return resource === undefined ? [] : [`kubectl logs -n ${joinedName(id)} ${resource}/${name}`];
      });
    return commands.length === 0 ? [] : [[component, commands] as const];
  });
  return new Map(entries);
};
