import { pointer, quote } from '../pointer.js';
import type { Finding, PolicyObject, Rule } from '../rule.js';
import { isKind, type KnownKind } from '../view.js';

const label = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const startingWithLetter = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

interface NameRule {
  readonly limit: number;
  readonly grammar: RegExp;
  readonly why: string;
}

const hashLength = 11; // `-` and 10 digits, which Bivouac adds to a Job's name
const limits: Readonly<Partial<Record<KnownKind, NameRule>>> = {
  Job: { limit: 63 - hashLength, grammar: label, why: 'Bivouac adds a hash of 11 characters' },
  CronJob: { limit: 52, grammar: label, why: 'Kubernetes adds 11 characters for each run' },
  StatefulSet: { limit: 52, grammar: label, why: 'Kubernetes adds a suffix to its pods’ label' },
  Deployment: { limit: 63, grammar: label, why: 'its pods’ names are made from it' },
  Service: { limit: 63, grammar: startingWithLetter, why: 'it is a DNS name and begins with a letter' },
};
const other: NameRule = {
  limit: 253,
  grammar: subdomain,
  why: 'Kubernetes takes lower-case letters, digits, dashes and dots',
};

/**
 * Refuses names that are too long or have other characters than their kind takes; a Job's leaves room for the hash
 * that is added: the API server, or the kind's controller, refuses them.
 */
export const validNames: Rule = {
  name: 'valid-names',
  *object(object) {
    const { manifest, pods } = object;
    const { name } = manifest.metadata;
    const { limit, grammar, why } = limitOf(object);
    if (name.length > limit || !grammar.test(name))
      yield finding(
        '/metadata/name',
        `${quote(name)} is no name for a ${manifest.kind} of at most ${limit} characters: ${why}`,
      );
    for (const { containers } of pods)
      for (const { container, field } of containers)
        if (!container.name || container.name.length > 63 || !label.test(container.name))
          yield finding(
            field + pointer('name'),
            `${quote(container.name ?? '')} is no name for a container of at most 63 characters`,
          );
  },
};

const limitOf = ({ manifest }: PolicyObject): NameRule => {
  const kind = (Object.keys(limits) as KnownKind[]).find((each) => isKind(manifest, each));
  return (kind && limits[kind]) ?? other;
};

const finding = (field: string, message: string): Finding => ({
  field,
  message,
  remedy: 'Use a shorter name of lower-case letters, digits and dashes; it needs no part of the environment’s name.',
});
