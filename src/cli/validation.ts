import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileTree } from '../model/manifest.js';
import type { JoinedName } from '../model/names.js';
import { readManifests } from '../synth/read-manifests.js';
import type { Validator } from '../validate/port.js';
import type { SchemaFile } from '../validate/schemas.js';
import type { Placed, Validation } from '../validate/validate.js';
import type { Context } from './context.js';

interface Wanted {
  /** The environment's whole directory: what would be published. */
  readonly files: FileTree;
  readonly name: JoinedName;
  /** `--validate-namespace` */
  readonly namespace?: string;
}

/**
 * Checks the objects as they would be published against the API server that KUBECONFIG names, else against the published schemas; says
 * on stderr against what, and what nobody could check. @throws UserError, RefusedError, TemporaryError
 */
export async function validated({ files, name, namespace }: Wanted, context: Context): Promise<Validation> {
  const [{ publishedSchemas }, { validate }] = await Promise.all([
    import('../validate/schemas.js'),
    import('../validate/validate.js'),
  ]);
  const schemas = publishedSchemas(await schemaFile(context));
  const validator = (await dryRun({ name, ...(namespace !== undefined && { namespace }) }, context)) ?? schemas;
  const found = await validate(objectsIn(files), {
    validator,
    siblings: (manifest) => (field) => schemas.siblings(manifest, field),
  });
  context.note(`checked ${found.checked} ${found.checked === 1 ? 'object' : 'objects'} against ${validator.against}`);
  for (const { component, object, why } of found.unchecked)
    context.note(`not checked: ${component === undefined ? '' : `${component}: `}${object}: ${why}`);
  return found;
}

/** Undefined: no cluster was named. */
async function dryRun(
  { name, namespace }: Pick<Wanted, 'name' | 'namespace'>,
  { io }: Context,
): Promise<Validator | undefined> {
  const kubeconfig = io.environment['KUBECONFIG'] ?? '';
  if (kubeconfig === '') return undefined;
  const [{ openCluster }, { openDryRun }] = await Promise.all([
    import('../controllers/kubernetes/client.js'),
    import('../controllers/kubernetes/dry-run.js'),
  ]);
  return openDryRun(await openCluster({ kubeconfig }), { own: name, ...(namespace !== undefined && { namespace }) });
}

const schemaFile = async ({ io }: Context): Promise<SchemaFile> =>
  JSON.parse(await readFile(join(io.packageDirectory, 'schemas', 'kubernetes.json'), 'utf8')) as SchemaFile;

/** `manifests/api.yaml` is the component api; two files are the frame's. */
const objectsIn = (files: FileTree): readonly Placed[] =>
  [...files].flatMap(([path, text]) => {
    const file = /^manifests\/(.+)\.yaml$/.exec(path)?.[1];
    if (file === undefined) return [];
    const component = file === 'namespace' || file === 'frame' ? {} : { component: file };
    return readManifests(text).map((manifest): Placed => ({ ...component, manifest }));
  });
