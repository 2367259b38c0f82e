import { lstat, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import type { Config } from '../../config/config.js';
import { isCi } from '../../config/environment.js';
import { detect, type EventReading } from '../../events/event.js';
import { refusalOf } from '../../line/bundle.js';
import { userError } from '../../model/errors.js';
import { sameId } from '../../model/names.js';
import { printPullRequest, pullRequestNumber } from '../../model/pull-request.js';
import { type Bundle, bundleLimits, digestOf, readBundle } from '../../synth/bundle.js';
import { candidatesOf, known } from '../arguments.js';
import { readCiEvent } from '../ci-event.js';
import { presentOutcomes } from '../output/outcomes.js';
import type { Presentation } from '../output/presentation.js';
import type { Context, Run } from '../context.js';
import { inSession, pullRequestSubject, reconcileAndTell } from '../session.js';
import { configuration } from '../wire.js';

interface Options {
  readonly pullRequest?: string;
  readonly digest?: string;
  readonly dryRun?: true;
}

export const publishCommand = (run: Run) =>
  new Command('publish')
    .description('check and commit a bundle that `render -o json` made in a job without credentials')
    .argument('<file>', 'the bundle, or - for standard input')
    .option('--pull-request <number>', 'refuse a bundle for any other')
    .option('--digest <sha256:…>', 'refuse a bundle with any other digest')
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((file, options, command) => run(command, (context) => publish(file, options, context)));

async function publish(file: string, options: Options, context: Context): Promise<Presentation> {
  const config = configuration(context, 'none');
  const bundle = await readBundleFile(file, options, context);
  const { ref, candidates } = targetOf(bundle, config);
  const render = (spec: Bundle['spec']) => {
    const refusal = refusalOf(bundle.spec, spec);
    const known = bundle.components.map(({ name }) => name);
    return Promise.resolve(refusal ?? { components: bundle.components, known, unknown: [] });
  };
  const outcomes = await inSession(config, context, {
    options: { render, ...(options.dryRun && { dryRun: true }) },
    work: (session) => {
      const subject = pullRequestSubject(ref, session, { candidates, images: bundle.spec.images });
      return reconcileAndTell(subject, session);
    },
  });
  return presentOutcomes(outcomes, context.io.clock.now());
}

async function readBundleFile(file: string, options: Options, { io }: Context): Promise<Bundle> {
  const text = file === '-' ? await io.stdin() : await readRegularFile(resolve(io.cwd, file));
  const digest = digestOf(text);
  if (options.digest !== undefined && options.digest !== digest)
    throw userError('BundleDigest', `the bundle’s digest is ${digest}, not ${options.digest}`, {
      where: file,
      remedy: 'The file was changed after it was rendered: render it again, and hand it on unchanged.',
    });
  const bundle = readBundle(text);
  if (isCi(io.environment) && detect(io.environment) !== undefined) expectSameRun(bundle, await readCiEvent(io), file);
  if (options.pullRequest !== undefined && String(pullRequestNumber(options.pullRequest)) !== bundle.spec.pullRequest)
    throw userError(
      'BundleOfAnother',
      `the bundle is for pull request ${bundle.spec.pullRequest}, not ${options.pullRequest}`,
      { where: file, remedy: 'Publish the bundle of this run: the number in an artifact proves nothing.' },
    );
  return bundle;
}

/** The run that made the artifact is known from the event; a number or commit inside the artifact may be anybody's. */
function expectSameRun({ spec }: Bundle, event: EventReading, file: string): void {
  const refuse = (of: string) =>
    userError(
      'BundleOfAnother',
      `the bundle is for ${spec.repository}#${spec.pullRequest} at ${spec.headSha}, and this run is for ${of}`,
      {
        where: file,
        remedy: 'Publish the bundle of the run that this event names: what an artifact says of itself proves nothing.',
      },
    );
  const named = event.kind === 'pull-request' ? event.ref : undefined;
  if (
    named !== undefined &&
    (String(named.number) !== spec.pullRequest || named.repository.toLowerCase() !== spec.repository.toLowerCase())
  )
    throw refuse(printPullRequest(named));
  const headSha = event.kind === 'pull-request' ? event.ref.headSha : event.kind === 'none' ? event.headSha : undefined;
  if (headSha !== undefined && headSha !== spec.headSha) throw refuse(`commit ${headSha}`);
}

/** An artifact may hold a link to anything: only a regular file of a bounded size is opened. */
async function readRegularFile(path: string): Promise<string> {
  const entry = await lstat(path).catch(() => undefined);
  const refuse = (why: string) =>
    userError('InvalidBundle', `${path} ${why}`, { remedy: 'Give the file that render wrote.' });
  if (entry === undefined) throw refuse('doesn’t exist');
  if (!entry.isFile()) throw refuse('is no regular file');
  if (entry.size > bundleLimits.bytes) throw refuse(`is larger than ${bundleLimits.bytes} bytes`);
  return readFile(path, 'utf8');
}

function targetOf({ spec }: Bundle, config: Config) {
  if (spec.pullRequest === '')
    throw userError('BundleWithoutPullRequest', 'the bundle is for no pull request', {
      remedy: 'Environments without one are made with `bivouac up --preset`.',
    });
  const ref = {
    forge: config.forge.kind,
    repository: known(config, spec.repository),
    number: pullRequestNumber(spec.pullRequest),
    headSha: spec.headSha,
  };
  const candidates = candidatesOf(ref, config).filter(({ id }) => sameId(id, spec));
  if (candidates.length === 0)
    throw userError(
      'InvalidBundle',
      `${spec.repository}#${spec.pullRequest} has no environment ${spec.application}/${spec.environment}`,
      {
        remedy: 'Render and publish with the same bivouac.yaml.',
      },
    );
  return { ref, candidates };
}
