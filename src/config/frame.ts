import type { Manifest } from '../model/manifest.js';
import { groupOf } from '../model/manifest.js';
import { describe, isRecord } from './explain.js';
import { type ConfigIssue, type Finding, quote } from './issue.js';
import { isClusterScoped } from './kind-rule.js';
import { objectNameRule } from './rules.js';
import { readYaml, type YamlSource } from './yaml-source.js';

/** The platform's own objects, or what is wrong with them. */
export interface FrameReading {
  readonly manifests: readonly Manifest[];
  readonly issues: readonly ConfigIssue[];
}

/** `cluster.frame`: namespaced objects of any kind, as one or more YAML documents. As trusted as bivouac.yaml itself. */
export const readFrame = (text: string, file: string): FrameReading => {
  const reading = readYaml(text, { file, documents: 'many' });
  if (reading.kind === 'issues') return { manifests: [], issues: reading.issues };
  const documents = reading.documents.filter(({ value }) => value !== null); // `---` at the end
  const findings = documents.map((document) => ({ document, findings: objectFindings(document.value) }));
  return {
    manifests: documents.map(({ value }) => value as Manifest),
    issues: [
      ...findings.flatMap((entry) => entry.findings.map((finding) => entry.document.locate(finding))),
      ...twins(documents),
    ],
  };
};

const objectFindings = (value: unknown): readonly Finding[] => {
  if (!isRecord(value)) return [{ path: [], message: `an object was expected, found ${describe(value)}.` }];
  const metadata = isRecord(value['metadata']) ? value['metadata'] : {};
  return [...headFindings(value), ...metadataFindings(metadata), ...secretFindings(value)];
};

const headFindings = (value: Readonly<Record<string, unknown>>): readonly Finding[] => {
  const { apiVersion, kind } = value;
  const findings: Finding[] = [];
  if (typeof apiVersion !== 'string' || !/^(?:[a-z0-9.-]+\/)?v[a-z0-9]+$/.test(apiVersion))
    findings.push({ path: ['apiVersion'], message: `an API version was expected, found ${describe(apiVersion)}.` });
  if (typeof kind !== 'string' || !/^[A-Z][A-Za-z0-9]*$/.test(kind))
    findings.push({ path: ['kind'], message: `a kind was expected, found ${describe(kind)}.` });
  else if (isClusterScoped(kind) || kind.endsWith('List'))
    findings.push({
      path: ['kind'],
      message: `${kind} stands above namespaces.`,
      remedy: 'Write namespaced objects, one a document.',
    });
  return findings;
};

const metadataFindings = (metadata: Readonly<Record<string, unknown>>): readonly Finding[] => {
  const { name, annotations } = metadata;
  const findings: Finding[] = [];
  const problem = typeof name === 'string' ? objectNameRule(name) : { message: 'a name was expected.' };
  if (problem !== undefined) findings.push({ path: ['metadata', 'name'], ...problem });
  else if (String(name).startsWith('bivouac-'))
    findings.push({
      path: ['metadata', 'name'],
      message: 'names beginning with "bivouac-" are ours.',
      remedy: 'Rename it.',
    });
  for (const key of ['namespace', 'generateName'])
    if (Object.hasOwn(metadata, key))
      findings.push({
        path: ['metadata', key],
        part: 'key',
        message: key === 'namespace' ? 'Bivouac sets the namespace.' : 'a name must be given.',
        remedy: 'Remove it.',
      });
  for (const key of Object.keys(isRecord(annotations) ? annotations : {}))
    if (/^(?:argocd\.argoproj\.io\/hook|helm\.sh\/hook)/.test(key))
      findings.push({
        path: ['metadata', 'annotations', key],
        part: 'key',
        message: 'hooks break the removal of an environment.',
        remedy: 'Remove it.',
      });
  return findings;
};

const secretFindings = (value: Readonly<Record<string, unknown>>): readonly Finding[] =>
  value['kind'] !== 'Secret'
    ? []
    : ['data', 'stringData']
        .filter((key) => Object.hasOwn(value, key))
        .map((key) => ({
          path: [key],
          part: 'key' as const,
          message: 'a Secret here would keep its data in Git.',
          remedy: 'Use an ExternalSecret.',
        }));

const twins = (documents: readonly YamlSource[]): readonly ConfigIssue[] => {
  const seen = new Set<string>();
  return documents.flatMap((document) => {
    const { value } = document;
    if (!isRecord(value) || !isRecord(value['metadata'])) return [];
    const { apiVersion, kind } = value;
    const { name } = value['metadata'];
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') return [];
    const key = `${groupOf(apiVersion)}/${kind}/${name}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [
      document.locate({
        path: ['metadata', 'name'],
        message: `${quote(`${kind}/${name}`)} is there twice.`,
        remedy: 'Remove one of them.',
      }),
    ];
  });
};
