import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import type { Config } from '../../config/config.js';
import { serializerOf } from '../../config/environment.js';
import { parseOverride } from '../../config/override.js';
import type { Facts } from '../../decide/facts.js';
import { assertKnownImages } from '../../decide/images.js';
import { overrideFile } from '../../line/truth.js';
import { check } from '../../policy/check.js';
import type { Component, FileTree } from '../../model/manifest.js';
import { directoryOf, printId } from '../../model/names.js';
import { isBivouacError, userError } from '../../model/errors.js';
import type { Violation } from '../../model/outcome.js';
import { printBundle } from '../../synth/bundle.js';
import { environmentFiles } from '../../synth/environment.js';
import { serialize } from '../../synth/serialize.js';
import { assertFitting, imagesOf } from '../arguments.js';
import { offlineFacts, type RenderFlags } from '../offline.js';
import type { Presentation } from '../output/presentation.js';
import { type Context, repeatable, type Run } from '../context.js';
import { oneLine } from '../redact.js';
import { componentsOf, presentOf } from '../rendering.js';
import { chartsOf, configuration } from '../wire.js';

interface Options extends RenderFlags {
  readonly image?: readonly string[];
  readonly outputDir?: string;
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
    .action((options, command) => run(command, (context) => render(options, context)));

async function render(options: Options, context: Context): Promise<Presentation> {
  assertFitting(options);
  const config = configuration(context, 'embedded');
  const images = imagesOf(options.image);
  assertKnownImages(images, [...config.applications.values()]);
  const facts = await offlineFacts(options, { config, context, images, override: await overrideOf(config) });
  const desired = presentOf(facts, config);
  const components = await componentsOf(desired, await chartsOf(config, context));
  const violations = check(components, { spec: desired.spec, config });
  for (const each of violations) context.note(lineOf(each));
  const errors = violations.filter(({ severity }) => severity === 'error').length;

  if (options.outputDir !== undefined) {
    const { files } = environmentFiles({
      desired,
      components,
      config,
      serializer: serializerOf(context.io.environment),
    });
    const directory = resolve(context.io.cwd, options.outputDir);
    await writeTree(directory, files).catch((error: unknown) => {
      throw isBivouacError(error) ? error : notWritten(directory, error);
    });
    context.note(`wrote ${files.size} files of ${printId(facts.id)} to ${options.outputDir}`);
  }
  if (errors > 0)
    context.note(
      `${errors} ${errors === 1 ? 'violation' : 'violations'}: shown all the same, but nothing would publish it`,
    );
  return present(facts, {
    components,
    violations,
    bundle: printBundle(desired.spec, components),
    written: options.outputDir !== undefined,
  });
}

/** `.bivouac.yaml` of the checkout: the one that lies beside the configuration. */
async function overrideOf(config: Config): Promise<Facts['override']> {
  if (config.file === undefined) return undefined;
  const file = join(config.directory, overrideFile);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseOverride(text, file);
}

const notWritten = (directory: string, error: unknown) =>
  userError('OutputNotWritten', `${directory} can’t be written: ${(error as Error).message}`, {
    where: '--output-dir',
    changed: 'maybe some of its files',
    remedy: 'Give a folder that can be written.',
  });

/** @throws UserError ForeignDirectory: it holds files that no rendering of ours left there */
async function writeTree(directory: string, files: FileTree): Promise<void> {
  const manifests = join(directory, 'manifests');
  const foreign = [manifests, join(directory, 'README.md')].find((path) => existsSync(path));
  if (foreign !== undefined && !existsSync(join(directory, 'environment.json')))
    throw userError('ForeignDirectory', `${foreign} isn’t Bivouac’s: there is no environment.json beside it`, {
      where: '--output-dir',
      remedy: 'Give a folder that is empty, new, or was written by render before.',
    });
  await rm(manifests, { recursive: true, force: true }); // what is no longer rendered must not stay
  for (const [path, text] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

interface Rendered {
  readonly components: readonly Component[];
  readonly violations: readonly Violation[];
  readonly bundle: string;
  readonly written: boolean;
}

function present({ id }: Facts, { components, violations, bundle, written }: Rendered): Presentation {
  const yaml = serialize(components.flatMap(({ manifests }) => manifests));
  const broken = violations.some(({ severity }) => severity === 'error');
  return {
    data: JSON.parse(bundle) as Record<string, unknown>,
    text: written ? '' : yaml,
    markdown: `\`\`\`yaml\n${yaml}\`\`\``,
    variables: { environment: printId(id), path: directoryOf(id) },
    exitCode: broken ? 3 : 0,
  };
}

const lineOf = ({ severity, rule, component, object, field, message, remedy }: Violation): string =>
  `${severity}: ${rule}: ${component === undefined ? '' : `${component}: `}${object} ${field}\n  ${oneLine(message)}\n  ${oneLine(remedy)}`;
