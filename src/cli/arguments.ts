import type { Application, Config, Preset } from '../config/config.js';
import { refFor } from '../decide/address.js';
import { candidates } from '../decide/candidates.js';
import type { Candidate } from '../decide/facts.js';
import { quote } from '../decide/text.js';
import { isBivouacError, userError } from '../model/errors.js';
import { type ApplicationName, type EnvironmentId, parseId, printId } from '../model/names.js';
import { nearest } from '../model/nearest.js';
import type { CommitSha, PullRequestRef } from '../model/pull-request.js';
import { commitSha, pullRequestNumber, type RepositoryName, repositoryName } from '../model/pull-request.js';

/** The flags that name a pull request. */
export interface PullRequestFlags {
  readonly pullRequest?: string;
  readonly repository?: string;
  readonly application?: string;
  readonly headSha?: string;
}

/** @throws UserError UnknownApplication with the nearest name */
export function applicationIn(config: Config, name: string): Application {
  const found = config.applications.get(name as ApplicationName);
  if (found !== undefined) return found;
  const names = [...config.applications.keys()];
  const meant = nearest(name, names);
  throw userError('UnknownApplication', `there is no application ${quote(name)}`, {
    where: '--application',
    remedy: meant === undefined ? `There are: ${names.join(', ')}.` : `Did you mean ${meant}?`,
  });
}

/** @throws UserError UnknownPreset with the nearest name */
export function presetIn(config: Config, name: string): Preset {
  const found = [...config.presets.values()].find((preset) => preset.name === name);
  if (found !== undefined) return found;
  const names = [...config.presets.keys()];
  const meant = nearest(name, names);
  throw userError('UnknownPreset', `there is no preset ${quote(name)}`, {
    where: '--preset',
    remedy: meant === undefined ? `There are: ${names.join(', ')}.` : `Did you mean ${meant}?`,
  });
}

/** The named one, or the only one there is. @throws UserError ApplicationNeeded, UnknownApplication */
export function onlyApplication(config: Config, name: string | undefined): Application {
  const [first, ...more] = config.applications.values();
  if (name !== undefined) return applicationIn(config, name);
  if (first !== undefined && more.length === 0) return first;
  throw userError('ApplicationNeeded', 'there are several applications', {
    where: '--application',
    remedy: `Give one of: ${[...config.applications.keys()].join(', ')}.`,
  });
}

/** The repository that `--repository` or the only one that `--application` names. @throws UserError RepositoryNeeded */
export function repositoryIn(config: Config, flags: PullRequestFlags): RepositoryName {
  if (flags.repository !== undefined) return known(config, repositoryName(flags.repository));
  const applications =
    flags.application === undefined ? [...config.applications.values()] : [applicationIn(config, flags.application)];
  const names = [...new Set(applications.flatMap(({ repositories }) => repositories.map(({ name }) => name)))];
  const [only, ...more] = names;
  if (only !== undefined && more.length === 0) return only;
  throw userError('RepositoryNeeded', 'a pull request number alone doesn’t say which repository it is of', {
    where: '--repository',
    remedy: `Give one of: ${names.map((name) => `--repository ${name}`).join(', ')}.`,
  });
}

/** @throws UserError UnknownRepository: no application names it */
export function known(config: Config, repository: RepositoryName): RepositoryName {
  const names = [...config.applications.values()].flatMap(({ repositories }) => repositories.map(({ name }) => name));
  const same = names.find((name) => name.toLowerCase() === repository.toLowerCase());
  if (same !== undefined) return same;
  const meant = nearest(repository, names);
  throw userError('UnknownRepository', `no application of bivouac.yaml names the repository ${repository}`, {
    where: config.file ?? 'the embedded default',
    remedy: meant === undefined ? `Add it under applications.<name>.repositories.` : `Did you mean ${meant}?`,
  });
}

/** Flags that contradict each other: none of them is dropped without a word. @throws UserError InvalidFlag */
export function assertFitting(flags: {
  readonly pullRequest?: string;
  readonly name?: string;
  readonly ref?: string;
  readonly with?: readonly string[];
  readonly without?: readonly string[];
}): void {
  const both = flags.with?.find((name) => flags.without?.includes(name));
  if (both !== undefined)
    throw userError('InvalidFlag', `${quote(both)} can’t be both in and out`, {
      where: '--with, --without',
      remedy: 'Leave one of the two away.',
    });
  if (flags.pullRequest !== undefined && (flags.name !== undefined || flags.ref !== undefined))
    throw userError('InvalidFlag', 'an environment is of a pull request, or has a name and a ref of its own', {
      where: '--pull-request, --name, --ref',
      remedy: 'Give --pull-request N, or --preset P --name N --ref R.',
    });
}

/** The pull request that flags name. @throws UserError */
export function refOf(config: Config, flags: PullRequestFlags & { readonly pullRequest: string }): PullRequestRef {
  return {
    forge: config.forge.kind,
    repository: repositoryIn(config, flags),
    number: pullRequestNumber(flags.pullRequest),
    ...(flags.headSha !== undefined && { headSha: commitSha(flags.headSha) }),
  };
}

/** What a pull request may concern, of one application where one is asked for. */
export function candidatesOf(ref: PullRequestRef, config: Config, application?: string): readonly Candidate[] {
  const all = candidates(ref, config);
  if (application === undefined) return all;
  const { name } = applicationIn(config, application);
  return all.filter(({ id }) => id.application === name);
}

/** An environment by its address, and the pull request behind it, where its name is one of a pull request. */
export interface Addressed {
  readonly id: EnvironmentId;
  readonly ref?: PullRequestRef;
}

/** @throws UserError InvalidName, with the address that was meant where it can be told */
function idIn(config: Config, text: string): EnvironmentId {
  try {
    return parseId(text);
  } catch (error) {
    if (!isBivouacError(error)) throw error;
    const meant = meantBy(text, config);
    throw userError(error.code, `${quote(text)} is no environment`, {
      remedy:
        meant === undefined
          ? 'Write <application>/<environment>, e.g. shop/pr-42: lower-case letters, digits and dashes.'
          : `Did you mean ${meant}?`,
    });
  }
}

/** `pr-7`, `7`, `#7`, `shop/7`: the application or the preset's prefix was left away. */
function meantBy(text: string, config: Config): string | undefined {
  const applications = [...config.applications.keys()];
  const { prefix = 'pr' } = [...config.presets.values()].find((preset) => preset.name === 'pull-request') ?? {};
  const parts = text.split('/');
  const [application, name] =
    parts.length === 1 ? [applications.length === 1 ? applications[0] : undefined, text] : parts;
  if (application === undefined || name === undefined || parts.length > 2) return undefined;
  const number = /^#?([1-9]\d{0,9})$/.exec(name)?.[1];
  const address = `${application}/${number === undefined ? name : `${prefix}-${number}`}`;
  return /^[a-z][-a-z0-9]*\/[a-z][-a-z0-9]*$/.test(address) ? address : undefined;
}

/** Reads `ENV`, or `--pull-request` with its companions. @throws UserError EnvironmentNeeded, UnknownApplication */
export function addressed(text: string | undefined, flags: PullRequestFlags, config: Config): Addressed {
  if (text !== undefined) {
    const id = idIn(config, text);
    applicationIn(config, id.application);
    const ref = refFor(id, config);
    return { id, ...(ref !== undefined && { ref: withHead(ref, flags.headSha) }) };
  }
  if (flags.pullRequest === undefined)
    throw userError('EnvironmentNeeded', 'no environment was named', {
      remedy: 'Give one, e.g. shop/pr-42, or --pull-request 42.',
    });
  const ref = refOf(config, { ...flags, pullRequest: flags.pullRequest });
  const own = candidatesOf(ref, config, flags.application).filter(({ preset }) => preset === 'pull-request');
  const [only, ...more] = own.map(({ id }) => id);
  if (only !== undefined && more.length === 0) return { id: only, ref };
  throw userError('ApplicationNeeded', `pull request ${ref.number} concerns several applications`, {
    where: '--application',
    remedy: `Give one of: ${own.map(({ id }) => printId(id)).join(', ')}.`,
  });
}

const withHead = (ref: PullRequestRef, headSha: string | undefined): PullRequestRef =>
  headSha === undefined ? ref : { ...ref, headSha: commitSha(headSha) };

/** `--image api=ghcr.io/acme/api:1` flags as a map. @throws UserError InvalidFlag */
export function imagesOf(flags: readonly string[] = []): Readonly<Record<string, string>> {
  const pairs = flags.map((flag) => {
    const at = flag.indexOf('=');
    if (at < 1 || at === flag.length - 1)
      throw userError('InvalidFlag', `--image ${flag} is no NAME=REFERENCE`, {
        where: '--image',
        remedy: 'Write it like --image api=ghcr.io/acme/shop-api:1.4.0',
      });
    return [flag.slice(0, at), flag.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

export const shaOf = (text: string | undefined): CommitSha | undefined =>
  text === undefined ? undefined : commitSha(text);
