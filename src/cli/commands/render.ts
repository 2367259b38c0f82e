import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import type { Config } from '../../config/config.js';
import { serializerOf } from '../../config/environment.js';
import { parseOverride } from '../../config/override.js';
import type { Facts } from '../../decide/facts.js';
import { assertKnownImages } from '../../decide/images.js';
import type { Present } from '../../line/plan.js';
import { overrideFile } from '../../line/truth.js';
import { check } from '../../policy/check.js';
import type { Component, FileTree } from '../../model/manifest.js';
import { directoryOf, printId } from '../../model/names.js';
import { userError } from '../../model/errors.js';
import type { Violation } from '../../model/outcome.js';
import type { Validation } from '../../validate/validate.js';
import { printBundle } from '../../synth/bundle.js';
import { environmentFiles } from '../../synth/environment.js';
import { serialize } from '../../synth/serialize.js';
import { assertFitting, imagesOf } from '../arguments.js';
import { offlineFacts, type RenderFlags } from '../offline.js';
import type { Presentation } from '../output/presentation.js';
import { type Context, repeatable, type Run } from '../context.js';
import { writeDirectory } from '../output-directory.js';
import { oneLine } from '../redact.js';
import { componentsOf, presentOf } from '../rendering.js';
import { validated } from '../validation.js';
import { chartsOf, configuration } from '../wire.js';

interface Options extends RenderFlags {
  readonly image?: readonly string[];
  readonly outputDir?: string;
  readonly validate?: boolean;
  readonly validateNamespace?: string;
}

export const renderCommand = (run: Run) =>
  new Command('render')
    .description('synthesize an environment: YAML, a bundle (-o json), or its directory; no credentials, no network')
    .option('--application <name>', 'of this application')
    .option('--pull-request <number>', 'of this pull request, with --head-sha')
    .option('--head-sha <sha>', 'the full commit id')
    .option('--repository <owner/name>', 'the application repository of the pull request')
    .option('--preset <name>', 'such as demo, with --name and --ref')
    .option('--name <name>', 'what the environment is for')
    .option('--ref <sha>', 'the full commit id: nothing is asked')
    .addOption(repeatable('--with <component>', 'with this component'))
    .addOption(repeatable('--without <component>', 'without this component'))
    .addOption(repeatable('--image <name=reference>', 'an image'))
    .option('--output-dir <dir>', 'write the environment’s directory there')
    .option(
      '--validate',
      'ask the API server that KUBECONFIG names (a dry run), else check against Kubernetes’ schemas',
    )
    .option(
      '--validate-namespace <name>',
      'where the dry run takes place, before the environment’s own namespace exists',
    )
    .action((options, command) => run(command, (context) => render(options, context)));

async function render(options: Options, context: Context): Promise<Presentation> {
  assertFitting(options);
  assertValidating(options);
  const config = configuration(context, 'embedded');
  const images = imagesOf(options.image);
  assertKnownImages(images, [...config.applications.values()]);
  const facts = await offlineFacts(options, { config, context, images, override: await overrideOf(config) });
  const desired = presentOf(facts, config);
  const components = await componentsOf(desired, await chartsOf(config, context));
  const checked = check(components, { spec: desired.spec, config });
  const serializer = serializerOf(context.io.environment);
  const files = (): FileTree => environmentFiles({ desired, components, config, serializer }).files;
  const validation = options.validate ? await validationOf(options, { desired, files: files() }, context) : undefined;
  const violations = [...checked, ...(validation?.violations ?? [])];

  if (options.outputDir !== undefined) {
    const directory = resolve(context.io.cwd, options.outputDir);
    const tree = files();
    await writeDirectory(directory, tree);
    context.note(`wrote ${tree.size} files of ${printId(facts.id)} to ${options.outputDir}`);
  }
  return present(facts, {
    components,
    violations,
    bundle: printBundle(desired.spec, components),
    written: options.outputDir !== undefined,
    ...(validation !== undefined && { unchecked: validation.unchecked }),
  });
}

const linesOf = (violations: readonly Violation[]): readonly string[] => {
  const errors = violations.filter(({ severity }) => severity === 'error').length;
  const verdict = `${errors} ${errors === 1 ? 'violation' : 'violations'}: shown all the same, but nothing would publish it`;
  return [...violations.map(lineOf), ...(errors > 0 ? [verdict] : [])];
};

function validationOf(
  { validateNamespace }: Options,
  { desired, files }: { readonly desired: Present; readonly files: FileTree },
  context: Context,
): Promise<Validation> {
  const namespace = validateNamespace === undefined ? {} : { namespace: validateNamespace };
  return validated({ files, name: desired.spec.name, ...namespace }, context);
}

/** @throws UserError InvalidFlag: it would be dropped without a word */
function assertValidating({ validate, validateNamespace }: Options): void {
  if (validateNamespace !== undefined && validate !== true)
    throw userError('InvalidFlag', '--validate-namespace says where --validate takes place', {
      where: '--validate-namespace',
      remedy: 'Give --validate too.',
    });
}

/** `.bivouac.yaml` of the checkout: the one that lies beside the configuration. */
async function overrideOf(config: Config): Promise<Facts['override']> {
  if (config.file === undefined) return undefined;
  const file = join(config.directory, overrideFile);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseOverride(text, file);
}

interface Rendered {
  readonly components: readonly Component[];
  readonly violations: readonly Violation[];
  readonly bundle: string;
  readonly written: boolean;
  /** Absent: nothing was validated. */
  readonly unchecked?: Validation['unchecked'];
}

function present({ id }: Facts, { components, violations, bundle, written, unchecked }: Rendered): Presentation {
  const yaml = serialize(components.flatMap(({ manifests }) => manifests));
  const broken = violations.some(({ severity }) => severity === 'error');
  return {
    // a bundle that a check speaks against holds what was found, and publish refuses it for that
    data: {
      ...(JSON.parse(bundle) as Record<string, unknown>),
      ...(unchecked !== undefined && broken && { violations, unchecked }),
    },
    text: written ? '' : yaml,
    markdown: `\`\`\`yaml\n${yaml}\`\`\``,
    variables: { environment: printId(id), path: directoryOf(id) },
    exitCode: broken ? 3 : 0,
    afterwards: linesOf(violations),
  };
}

const lineOf = ({ severity, rule, component, object, field, message, remedy }: Violation): string =>
  `${severity}: ${rule}: ${component === undefined ? '' : `${component}: `}${object} ${field}\n  ${oneLine(message)}\n  ${oneLine(remedy)}`;
