import * as z from 'zod';
import { isBivouacError } from '../model/errors.js';
import { parseImage } from '../model/image-reference.js';
import { applicationName, componentName, prefix, presetName } from '../model/names.js';
import { repositoryName } from '../model/pull-request.js';
import { type Problem, quote } from './issue.js';

/** Says what is wrong with a text; undefined: nothing. */
export type Rule = (text: string) => Problem | undefined;

const minted =
  (mint: (text: string) => unknown): Rule =>
  (text) => {
    try {
      mint(text);
      return undefined;
    } catch (error) {
      if (!isBivouacError(error)) throw error;
      return { message: `${error.message}.`, ...(error.remedy !== undefined && { remedy: error.remedy }) };
    }
  };

export const applicationRule = minted(applicationName);
export const componentRule = minted(componentName);
export const presetRule = minted(presetName);
export const prefixRule = minted(prefix);
export const repositoryRule = minted(repositoryName);

interface Form {
  readonly what: string;
  readonly pattern: RegExp;
  /** Characters. */
  readonly most: number;
  readonly remedy: string;
}

/** A text of one form, within a bound. */
export const formRule =
  ({ what, pattern, most, remedy }: Form): Rule =>
  (text) =>
    text.length <= most && pattern.test(text) ? undefined : { message: `${quote(text)} is no ${what}.`, remedy };

const dnsLabel = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** Clusters and namespaces: a DNS label. */
export const labelRule = formRule({
  what: 'DNS label',
  pattern: dnsLabel,
  most: 63,
  remedy: 'Use lower-case letters, digits and dashes, at most 63.',
});

/** Names of Kubernetes objects. */
export const objectNameRule = formRule({
  what: 'name of a Kubernetes object',
  pattern: subdomain,
  most: 253,
  remedy: 'Use lower-case letters, digits, dashes and dots.',
});

/** What charts pass to `this.image()`. */
export const imageNameRule = formRule({
  what: 'name of an image',
  pattern: /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/,
  most: 63,
  remedy: 'Use lower-case letters, digits and dashes, beginning with a letter, e.g. "api".',
});

/** An environment variable: C identifiers are what every shell and runtime takes. */
export const variableRule = formRule({
  what: 'name of a variable',
  pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
  most: 128,
  remedy: 'Use letters, digits and underscores, e.g. "LOG_LEVEL".',
});

/** Git's own rules, as far as they could hurt here. */
export const branchRule = formRule({
  what: 'branch',
  pattern: /^(?![-/.])(?!.*(?:\.\.|\/\/|@\{|\.lock$|[/.]$))[^\s~^:?*[\\]+$/,
  most: 200,
  remedy: 'Write its short name, e.g. "main".',
});

export const globRule = formRule({
  what: 'pattern',
  pattern: /^(?!\/)\S+$/,
  most: 200,
  remedy: '* stands for anything within a segment, ** for anything, e.g. "shop/**".',
});

export const registryRule = formRule({
  what: 'registry',
  pattern: /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?(?::[0-9]{1,5})?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/,
  most: 253,
  remedy: 'Write a host, with a path if you like, e.g. "ghcr.io/acme".',
});

export const secretStoreRule = formRule({
  what: 'secret store',
  pattern: /^(?:ClusterSecretStore|SecretStore)\/[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/,
  most: 253,
  remedy: 'Write e.g. "ClusterSecretStore/preview".',
});

// `shop.example.com` and `localhost`; 63 characters and a dot come in front of it
const domainForm =
  /^(?=[a-z0-9.-]{1,189}$)[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)*$/;
export const domainRule: Rule = (text) =>
  domainForm.test(text) && !/^[0-9.]+$/.test(text)
    ? undefined
    : {
        message: `${quote(text)} is no DNS name.`,
        remedy: 'Write the name below the wildcard, in lower case, without scheme and "*.", e.g. preview.example.com.',
      };

/** Reserved for what cluster and controllers write. */
const addressesOfNode = /^169\.254\./;
export const rangeRule: Rule = (text) => {
  const four = z.cidrv4().safeParse(text).success;
  if (!four && !z.cidrv6().safeParse(text).success)
    return { message: `${quote(text)} is no range of addresses.`, remedy: 'Write e.g. 10.20.0.0/16.' };
  const [address = '', bits = ''] = text.split('/');
  // the frame keeps pods from the node's metadata service, and a wider range here would let them in again
  return addressesOfNode.test(address) || Number(bits) === 0
    ? {
        message: `${quote(text)} holds the node’s metadata address.`,
        remedy: 'Name the private ranges that pods need.',
      }
    : undefined;
};

/** A reference, or a template of one with the placeholders `{headSha}` and `{number}`. */
export const imageRule: Rule = (text) => {
  const unknown = /\{(?!headSha\}|number\})[^}]{0,40}\}?|^[^{]*\}/.exec(text.replace(/\{(?:headSha|number)\}/g, ''));
  if (unknown !== null)
    return { message: `${quote(unknown[0])} is no placeholder.`, remedy: 'There are {headSha} and {number}.' };
  if (text.length > 500) return { message: 'an image reference has at most 500 characters.' };
  const parsed = parseImage(fillTemplate(text));
  if (!('defect' in parsed)) return undefined;
  return {
    message: `${quote(text)} is no image reference: ${parsed.defect}.`,
    remedy: 'Write e.g. ghcr.io/acme/shop-api:1.4.0.',
  };
};

const fillTemplate = (text: string): string =>
  text.replaceAll('{headSha}', '0'.repeat(40)).replaceAll('{number}', '2147483647');

export const hasPlaceholder = (text: string): boolean => /\{(?:headSha|number)\}/.test(text);

/** Linux takes 128 KiB for one variable; these travel through Git. */
export const valueRule: Rule = (text) =>
  text.length > 32_768 || text.includes('\0')
    ? { message: 'a value has at most 32768 characters, none of them NUL.' }
    : undefined;

export const exportRule: Rule = (text) => {
  const [file = '', name, ...rest] = text.split('#');
  const problem = pathRule(file);
  if (problem !== undefined) return problem;
  return rest.length === 0 && (name === undefined || /^[A-Za-z_$][\w$]*$/.test(name))
    ? undefined
    : { message: `${quote(text)} is no chart.`, remedy: 'Write a file, or file#Class where it exports several.' };
};

/** Below the directory of `bivouac.yaml`: configuration and charts come from one checkout. */
export const pathRule: Rule = (text) =>
  text === '' || text.length > 500 || /^(?:[/\\]|[A-Za-z]:)/.test(text) || text.split(/[/\\]/).includes('..')
    ? { message: `${quote(text)} is no path below this file.`, remedy: 'Write e.g. charts/shop.ts.' }
    : undefined;
