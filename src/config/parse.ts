import { resolve } from 'node:path';
import type { Manifest } from '../model/manifest.js';
import { checkApplications } from './checks/applications.js';
import { checkCollisions } from './checks/collisions.js';
import { checkKeys } from './checks/keys.js';
import { checkLoop } from './checks/loop.js';
import type { Config } from './config.js';
import { explain, isRecord } from './explain.js';
import { type Filled, salvage } from './filled.js';
import { readFrame as parseFrame } from './frame.js';
import { type ConfigIssue, type Finding, invalid } from './issue.js';
import { normalize } from './normalize.js';
import { configSchema } from './schema.js';
import { readYaml, type YamlSource } from './yaml-source.js';

export interface ParseOptions {
  /** As messages name it. */
  readonly file: string;
  /** Absolute; what paths in the file are relative to. */
  readonly directory: string;
  /** The text of a file by its absolute path; undefined: it can't be read. */
  readonly readFrame: (path: string) => string | undefined;
}

/**
 * The text of a bivouac.yaml (or .json) as `Config`, complete and frozen.
 * @throws UserError InvalidConfig: every problem at once, `data.issues` as `ConfigIssue[]`
 */
export const parseConfig = (text: string, options: ParseOptions): Config => {
  const reading = readYaml(text, { file: options.file });
  if (reading.kind === 'issues') throw invalid('InvalidConfig', reading.issues);
  const source = reading.documents[0] ?? emptySource(options.file);
  const version = versionFinding(source.value);
  if (version !== undefined) throw invalid('InvalidConfig', [source.locate(version)]);
  const read = configSchema.safeParse(source.value);
  const filled: Filled = read.success ? read.data : salvage(source.value);
  const frame = frameOf(filled.cluster?.frame, { ...options, source });
  const findings = [
    ...(read.success ? [] : explain(read.error.issues, source, configSchema)),
    ...checkKeys(source.value),
    ...checkApplications(filled),
    ...checkCollisions(filled),
    ...checkLoop(filled),
    ...checkForge(filled),
  ];
  const issues = [...findings.map((finding) => source.locate(finding)), ...frame.issues];
  if (issues.length > 0 || !read.success) throw invalid('InvalidConfig', issues);
  return normalize(read.data, { file: options.file, directory: options.directory, frame: frame.manifests });
};

/** A file of another version is told apart from a bad one: nothing else in it can be judged. */
const versionFinding = (value: unknown): Finding | undefined => {
  if (!isRecord(value) || !Number.isInteger(value['version']) || value['version'] === 1) return undefined;
  return {
    path: ['version'],
    message: `version ${String(value['version'])} is not known: this Bivouac reads version 1.`,
    remedy: 'Write `version: 1`, or install the Bivouac that the file was written for.',
  };
};

const checkForge = ({ forge }: Filled): readonly Finding[] =>
  forge?.kind === 'gitea' && forge.url === undefined
    ? [{ path: ['forge'], message: 'gitea has no public address.', remedy: 'Add its `url`.' }]
    : [];

const frameOf = (
  path: string | undefined,
  { source, directory, readFrame }: ParseOptions & { source: YamlSource },
): { manifests: readonly Manifest[]; issues: readonly ConfigIssue[] } => {
  if (path === undefined) return { manifests: [], issues: [] };
  const text = readFrame(resolve(directory, path));
  if (text !== undefined) return parseFrame(text, path);
  const issue = source.locate({
    path: ['cluster', 'frame'],
    message: 'this file can’t be read.',
    remedy: 'Add it, or correct the path.',
  });
  return { manifests: [], issues: [issue] };
};

/** An empty file has no document at all. */
const emptySource = (file: string): YamlSource => ({
  value: null,
  typed: () => undefined,
  locate: ({ message, remedy }) => ({
    file,
    line: 1,
    column: 1,
    path: '',
    message,
    ...(remedy !== undefined && { remedy }),
  }),
});
