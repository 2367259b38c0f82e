import { isRecord } from './explain.js';
import { builtInPresets, type PresetDefaults, presetDefaults } from './presets.js';
import { applicationSchema, type FilledApplication } from './schema-application.js';
import { configSchema, type FilledConfig, type FilledPreset, presetSchema } from './schema.js';

/** What the checks across several keys look at: the parts of a file that are sound by themselves. */
export interface Filled {
  readonly applications: Readonly<Record<string, FilledApplication>>;
  readonly presets: Readonly<Record<string, FilledPreset>>;
  readonly gitops?: FilledConfig['gitops'];
  readonly pullRequests?: FilledConfig['pullRequests'];
  readonly forge?: FilledConfig['forge'];
  readonly cluster?: FilledConfig['cluster'];
}

/** The sound parts of a file that isn't sound as a whole, so that every problem is told at once. */
export const salvage = (value: unknown): Filled => {
  const raw = isRecord(value) ? value : {};
  const { shape } = configSchema;
  const gitops = shape.gitops.safeParse(raw['gitops']).data;
  const pullRequests = shape.pullRequests.safeParse(raw['pullRequests']).data;
  const forge = shape.forge.safeParse(raw['forge']).data;
  const cluster = shape.cluster.safeParse(raw['cluster']).data;
  return {
    applications: each(raw['applications'], applicationIn),
    presets: each(raw['presets'], presetIn),
    ...(gitops && { gitops }),
    ...(pullRequests && { pullRequests }),
    ...(forge && { forge }),
    ...(cluster && { cluster }),
  };
};

const each = <Value>(map: unknown, read: (value: unknown) => Value | undefined): Readonly<Record<string, Value>> =>
  Object.fromEntries(
    Object.entries(isRecord(map) ? map : {}).flatMap(([key, value]) => {
      const result = read(value);
      return result === undefined ? [] : [[key, result]];
    }),
  );

/** Without sound repositories nothing of an application can be judged against them. */
const applicationIn = (value: unknown): FilledApplication | undefined => {
  const whole = applicationSchema.safeParse(value).data;
  if (whole !== undefined || !isRecord(value)) return whole;
  const { shape } = applicationSchema;
  const repositories = shape.repositories.safeParse(value['repositories']).data;
  if (repositories === undefined) return undefined;
  const pullRequests = shape.pullRequests.safeParse(value['pullRequests']).data ?? {};
  const overrides = shape.overrides.safeParse(value['overrides']).data ?? shape.overrides.parse(undefined);
  const images = each(value['images'], (image) => shape.images.safeParse({ image }).data?.['image']);
  return { chart: '', repositories, images, pullRequests, variables: {}, overrides };
};

/** Only the prefix meets others; a bad one is as good as none, but isn't missing. */
const presetIn = (value: unknown): FilledPreset | undefined => {
  const whole = presetSchema.safeParse(value).data;
  if (whole !== undefined || !isRecord(value)) return whole;
  const prefix = presetSchema.shape.prefix.safeParse(value['prefix']);
  return prefix.success ? { prefix: prefix.data } : undefined;
};

/** Every preset there is, the built-in ones first, each filled; one of the platform's own without a prefix is left out. */
export const allPresets = (
  written: Filled['presets'],
): ReadonlyMap<string, PresetDefaults & { variables: FilledPreset['variables'] }> => {
  const keys = [...new Set([...Object.keys(builtInPresets), ...Object.keys(written)])];
  return new Map(
    keys.flatMap((name) => {
      const own = written[name] ?? {};
      const base = builtInPresets[name] ?? presetDefaults;
      const prefix = own.prefix ?? builtInPresets[name]?.prefix;
      if (prefix === undefined) return [];
      const { cpu, memory, storage, pods } = own.quota ?? {};
      const quota = {
        cpu: cpu ?? base.quota.cpu,
        memory: memory ?? base.quota.memory,
        storage: storage ?? base.quota.storage,
        pods: pods ?? base.quota.pods,
      };
      return [[name, { prefix, lifetime: own.lifetime ?? base.lifetime, quota, variables: own.variables }]];
    }),
  );
};
