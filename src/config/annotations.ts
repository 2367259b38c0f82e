import type { Problem } from './issue.js';
import { quote } from './issue.js';
import type { Rule } from './rules.js';

const name = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const domain = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

const keyProblem = (key: string, what: string): Problem | undefined => {
  const [first = '', second, ...rest] = key.split('/');
  const good = second === undefined ? name.test(first) : domain.test(first) && name.test(second) && rest.length === 0;
  return good ? undefined : { message: `${quote(key)} is no ${what}.`, remedy: 'Write e.g. example.com/team.' };
};

// ours, the API server's, and those by which controllers know what is theirs
const reserved =
  /^(?:bivouac\.dev\/|pod-security\.kubernetes\.io\/|kubernetes\.io\/|argocd\.argoproj\.io\/|kustomize\.toolkit\.fluxcd\.io\/|app\.kubernetes\.io\/managed-by$)/;

const reservedProblem = (key: string): Problem | undefined =>
  reserved.test(key)
    ? { message: `${quote(key)} is set by Bivouac or the controller.`, remedy: 'Remove it.' }
    : undefined;

/** Labels that join ours on each namespace. */
export const labelKeyRule: Rule = (key) => keyProblem(key, 'label') ?? reservedProblem(key);

/** Annotations on exposure objects. */
export const annotationKeyRule: Rule = (key) => keyProblem(key, 'annotation') ?? reservedProblem(key);

export const labelValueRule: Rule = (text) =>
  text === '' || name.test(text)
    ? undefined
    : {
        message: `${quote(text)} is no value of a label.`,
        remedy: 'Use at most 63 letters, digits, dashes, dots and underscores.',
      };
