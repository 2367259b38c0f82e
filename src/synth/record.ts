import * as z from 'zod';
import type { EnvironmentRecord, StoredRecord } from '../model/environment.js';
import { applicationName, componentName, environmentName, joinedName, presetName } from '../model/names.js';
import { commitSha, repositoryId, repositoryName } from '../model/pull-request.js';

const largest = 65_536;
const name = z.string().regex(/^[a-z](?:[-a-z0-9]*[a-z0-9])?$/);
const time = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/);
const image = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[^\s]+$/);

/** Closed, no key optional, every scalar a string: a template reads it, and a missing key would stop all environments. */
const schema = z
  .strictObject({
    schemaVersion: z.literal('1').describe('of this file; a higher one is left alone'),
    name: name.max(40).describe('namespace and Argo CD Application'),
    application: name.max(26),
    environment: name.max(38).describe('the directory, and the second half of the name'),
    preset: name.max(22),
    state: z.enum(['active', 'asleep', 'teardown']),
    cluster: z
      .string()
      .max(63)
      .regex(/^[A-Za-z0-9](?:[-A-Za-z0-9._]*[A-Za-z0-9])?$/),
    repository: z
      .string()
      .regex(/^[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/)
      .describe('the owner, with repositoryId and pullRequest'),
    repositoryId: z
      .string()
      .regex(/^[1-9][0-9]{0,18}$/)
      .describe('the forge’s number, which a rename keeps'),
    pullRequest: z
      .string()
      .regex(/^(?:[1-9][0-9]{0,9})?$/)
      .describe('empty: an environment without one'),
    headSha: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/),
    url: z
      .string()
      .max(300)
      .regex(/^(?:https?:\/\/[^\s]+)?$/)
      .describe('of the primary component, else the first public one'),
    components: z.array(name.max(22)).min(1),
    images: z.record(
      z
        .string()
        .max(63)
        .regex(/^[A-Za-z0-9](?:[-A-Za-z0-9._]*[A-Za-z0-9])?$/),
      image,
    ),
    deployedAt: time.describe('moves when headSha changes'),
    expiresAt: z.union([time, z.literal('')]).describe('empty: no end'),
  })
  .describe('environment.json: the facts of one environment, read by the ApplicationSet and by Bivouac');

/** The file's text: fixed key order, two spaces, lists and maps sorted, final newline. */
export const printRecord = (record: EnvironmentRecord): string =>
  `${JSON.stringify(
    {
      schemaVersion: record.schemaVersion,
      name: record.name,
      application: record.application,
      environment: record.environment,
      preset: record.preset,
      state: record.state,
      cluster: record.cluster,
      repository: record.repository,
      repositoryId: record.repositoryId,
      pullRequest: record.pullRequest,
      headSha: record.headSha,
      url: record.url,
      components: [...record.components].sort(),
      images: Object.fromEntries(Object.entries(record.images).sort(([a], [b]) => (a < b ? -1 : 1))),
      deployedAt: record.deployedAt,
      expiresAt: record.expiresAt,
    },
    null,
    2,
  )}\n`;

/** Never throws: a record that can't be read is a fact that the caller reports. */
export const parseRecord = (text: string): StoredRecord => {
  if (text.length > largest) return unreadable(`it is larger than ${largest} bytes`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return unreadable(`it is no JSON: ${(error as Error).message}`);
  }
  const newer = newerVersion(json);
  if (newer !== undefined) return { kind: 'newer', schemaVersion: newer };
  const parsed = schema.safeParse(json);
  return parsed.success ? mint(parsed.data) : unreadable(parsed.error.issues.map(printIssue).join('; '));
};

/** JSON Schema of the record, published beside the configuration's. */
export const recordJsonSchema = (): Record<string, unknown> => z.toJSONSchema(schema);

const mint = (data: z.infer<typeof schema>): StoredRecord => {
  try {
    const id = { application: applicationName(data.application), environment: environmentName(data.environment) };
    if (joinedName(id) !== data.name) return unreadable(`its name isn’t ${joinedName(id)}`);
    return {
      kind: 'record',
      record: {
        ...data,
        ...id,
        name: joinedName(id),
        preset: presetName(data.preset),
        repository: repositoryName(data.repository),
        repositoryId: repositoryId(data.repositoryId),
        headSha: commitSha(data.headSha),
        components: data.components.map(componentName),
      },
    };
  } catch (error) {
    return unreadable((error as Error).message);
  }
};

const newerVersion = (json: unknown): string | undefined => {
  if (typeof json !== 'object' || json === null || !('schemaVersion' in json)) return undefined;
  const version = String(json.schemaVersion);
  return /^[1-9][0-9]{0,8}$/.test(version) && Number(version) > 1 ? version : undefined;
};

const unreadable = (problem: string): StoredRecord => ({ kind: 'unreadable', problem });

const printIssue = ({ path, message }: z.core.$ZodIssue): string =>
  path.length === 0 ? message : `${path.join('.')}: ${message}`;
