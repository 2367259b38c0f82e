import { createHash } from 'node:crypto';
import type { Brand } from './brand.js';
import { userError } from './errors.js';

export type ApplicationName = Brand<string, 'ApplicationName'>;
/** `pr-42`, `api-e2e-42`, `demo-acme`: the directory's name, and the second half of the joined one. */
export type EnvironmentName = Brand<string, 'EnvironmentName'>;
/** `<application>-<environment>`, at most 40 characters: namespace and Argo CD Application. */
export type JoinedName = Brand<string, 'JoinedName'>;
export type ComponentName = Brand<string, 'ComponentName'>;
export type PresetName = Brand<string, 'PresetName'>;
/** The word in front of a number or a given name: `pr`, `demo`, or a repository's `api`. */
export type Prefix = Brand<string, 'Prefix'>;

export interface EnvironmentId {
  readonly application: ApplicationName;
  readonly environment: EnvironmentName;
}

/** Leaves room for `-pr-2147483647` within `joinedLimit`. */
export const applicationLimit = 26;
/** Namespaces end up in host labels (63) beside a component's name (22) and a dash. */
export const joinedLimit = 40;
export const componentLimit = 22;
export const prefixLimit = 12;

const label = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const reservedApplications = /^(?:kube-|openshift-|argocd)/;
/** Files of the frame lie beside the components' files. */
export const reservedComponents: readonly string[] = ['namespace', 'frame'];

const refuse = (what: string, text: string, rule: string): never => {
  throw userError('InvalidName', `${JSON.stringify(shorten(text))} is no ${what}: ${rule}`, {
    remedy: 'Use lower-case letters, digits and dashes, beginning with a letter, e.g. "shop".',
    data: { text: shorten(text) },
  });
};
const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

const checked = (text: string, what: string, limit: number): string =>
  text.length > limit || !label.test(text)
    ? refuse(what, text, `it must match ${label.source} and have at most ${limit} characters`)
    : text;

/** @throws UserError InvalidName */
export const applicationName = (text: string): ApplicationName => {
  if (reservedApplications.test(text)) refuse('application name', text, 'kube-, openshift- and argocd are reserved');
  return checked(text, 'application name', applicationLimit) as ApplicationName;
};

/** @throws UserError InvalidName */
export const environmentName = (text: string): EnvironmentName =>
  checked(text, 'environment name', joinedLimit - 2) as EnvironmentName;

/** @throws UserError InvalidName */
export const componentName = (text: string): ComponentName => {
  if (reservedComponents.includes(text)) refuse('component name', text, 'the frame uses it');
  return checked(text, 'component name', componentLimit) as ComponentName;
};

/** @throws UserError InvalidName */
export const presetName = (text: string): PresetName => checked(text, 'preset name', componentLimit) as PresetName;

/** @throws UserError InvalidName */
export const prefix = (text: string): Prefix => checked(text, 'prefix', prefixLimit) as Prefix;

/** @throws UserError InvalidName when the two together are longer than 40 characters */
export const joinedName = ({ application, environment }: EnvironmentId): JoinedName =>
  checked(`${application}-${environment}`, 'name of namespace and Application', joinedLimit) as JoinedName;

/** `shop/pr-42`: the address in commands, texts and commits. */
export const printId = ({ application, environment }: EnvironmentId): string => `${application}/${environment}`;

/** Reads `shop/pr-42`. @throws UserError InvalidName */
export const parseId = (text: string): EnvironmentId => {
  const [application, environment, ...rest] = text.split('/');
  if (application === undefined || environment === undefined || rest.length > 0)
    throw userError('InvalidName', `${JSON.stringify(shorten(text))} is no environment`, {
      remedy: 'Write <application>/<environment>, e.g. shop/pr-42.',
    });
  return { application: applicationName(application), environment: environmentName(environment) };
};

export const sameId = (a: EnvironmentId, b: EnvironmentId): boolean =>
  a.application === b.application && a.environment === b.environment;

/** Where an environment lies in the GitOps repository. */
export const directoryOf = (id: EnvironmentId): string => `environments/${printId(id)}`;

/** The six hexadecimal digits that end a name which was cut or changed. */
const hashOf = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 6);

export interface PullRequestNaming {
  readonly application: ApplicationName;
  readonly preset: PresetName;
  readonly presetPrefix: Prefix;
  /** Of every repository of the application but the first. */
  readonly repositoryPrefix?: Prefix;
  readonly number: number;
}

/**
 * `pr-42`, `api-pr-42`, `e2e-42`: the number is always whole; what is too long is cut in front of it and ends in a hash.
 * @throws UserError NameTooLong when the application's name leaves no room for the number
 */
export const pullRequestEnvironment = (naming: PullRequestNaming): EnvironmentName => {
  const { application, preset, presetPrefix, repositoryPrefix, number } = naming;
  const words = repositoryPrefix === undefined ? presetPrefix : `${repositoryPrefix}-${presetPrefix}`;
  const whole = `${words}-${number}`;
  const limit = joinedLimit - application.length - 1;
  if (whole.length <= limit) return environmentName(whole);
  const tail = `-${number}-${hashOf([application, preset, repositoryPrefix ?? '', String(number)])}`;
  const room = limit - tail.length;
  if (room < 1)
    throw userError('NameTooLong', `"${application}" leaves no room for "${whole}" within ${joinedLimit} characters`, {
      remedy: 'Shorten the application’s name to 20 characters.',
    });
  return environmentName(`${words.slice(0, room).replace(/-+$/, '')}${tail}`);
};

export interface GivenNaming {
  readonly application: ApplicationName;
  readonly preset: PresetName;
  readonly presetPrefix: Prefix;
  /** What a person typed, in any script. */
  readonly given: string;
  /** The same as lower-case ASCII words joined by dashes; may be empty. */
  readonly slug: string;
}

/** `demo-acme`. A given name that was changed or cut on its way ends in a hash of itself, so that two never meet. */
export const givenEnvironment = ({ application, preset, presetPrefix, given, slug }: GivenNaming): EnvironmentName => {
  const limit = joinedLimit - application.length - 1;
  const whole = `${presetPrefix}-${slug}`;
  if (slug === given && label.test(slug) && whole.length <= limit) return environmentName(whole);
  const hash = hashOf([application, preset, given]);
  const words = whole.slice(0, limit - hash.length - 1).replace(/-+$/, '');
  return environmentName(`${words}-${hash}`);
};
