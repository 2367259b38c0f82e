import type { CauseKind } from '../../model/deployment.js';

/** What a text of Argo CD, Flux or the API server means (argocd-flux.md 12.3): the first that matches. */
const meanings: readonly (readonly [RegExp, CauseKind])[] = [
  [/exceeded quota|maximum \S+ usage per|is forbidden: failed quota/i, 'Quota'],
  [/violates PodSecurity/i, 'PodSecurity'],
  [/shared resource found|is part of applications/i, 'SharedObject'],
  [/^resource :Namespace is not permitted|resource :Namespace is not permitted/i, 'ForbiddenNamespace'],
  [/namespace \S+ is not permitted|do not match any of the allowed destinations/i, 'ForbiddenNamespace'],
  [/resource \S+ is not permitted in project/i, 'ForbiddenKind'],
  [/could not find \S+ for requested resource|no matches for kind|discover server resources for group/i, 'UnknownKind'],
  [/field is immutable|updates to \S+ spec for fields other than|may not change once set/i, 'ImmutableField'],
  [
    /failed to unmarshal|error converting YAML|error parsing .*manifest|kustomize build failed|MalformedYAML/i,
    'BrokenManifest',
  ],
  [
    /field not declared in schema|failed to create typed patch|unknown field|is invalid:|cannot unmarshal|expected .* got/i,
    'InvalidObject',
  ],
];

/** Undefined: a text that means none of these. */
export const meaningOf = (text: string): CauseKind | undefined => meanings.find(([pattern]) => pattern.test(text))?.[1];
