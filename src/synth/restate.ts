import type { Config } from '../config/config.js';
import { type EnvironmentRecord, printTime } from '../model/environment.js';
import { userError } from '../model/errors.js';
import type { HostSource } from '../model/hosts.js';
import type { Component, FileTree, Manifest } from '../model/manifest.js';
import { printId } from '../model/names.js';
import { readManifests } from './read-manifests.js';
import { readmeOf } from './readme.js';
import { printRecord } from './record.js';
import { type Serializer, serialize } from './serialize.js';
import { asleep, awake } from './sleep.js';

/** What a person asks of an environment that is there; `by`: milliseconds. */
export type Restatement =
  { readonly kind: 'extend'; readonly by: number } | { readonly kind: 'sleep' } | { readonly kind: 'wake' };

export interface RestateInput {
  /** Of the files. */
  readonly record: EnvironmentRecord;
  readonly now: Date;
  readonly config: Pick<Config, 'applications' | 'cluster' | 'domain' | 'forge'>;
  /** @default 'fast' */
  readonly serializer?: Serializer;
}

export interface Restated {
  readonly kind: 'restated';
  readonly files: FileTree;
  readonly record: EnvironmentRecord;
  readonly components: readonly Component[];
  /** What has become of it, in words. */
  readonly said: string;
}

export type Restating =
  | Restated
  /** It is so already, or there is nothing to extend. */
  | { readonly kind: 'same'; readonly said: string }
  /** Longer than the platform allows. */
  | { readonly kind: 'too-long'; readonly said: string }
  /** Its removal has begun. */
  | { readonly kind: 'leaving'; readonly said: string };

/**
 * The files of an environment under another end or another state, from those that Git holds: no chart is asked, and a rendering with
 * charts gives the same bytes. @throws UserError UnreadableManifest
 */
export const restate = (files: FileTree, how: Restatement, input: RestateInput): Restating => {
  const { state } = input.record;
  const name = printId(input.record);
  if (state === 'teardown')
    return { kind: 'leaving', said: `${name} is being removed: push or reopen the pull request to have it back` };
  switch (how.kind) {
    case 'extend':
      return extended(files, how.by, input);
    case 'sleep':
      if (state === 'asleep') return { kind: 'same', said: `${name} is asleep already` };
      return changed(files, input, {
        record: { ...input.record, state: 'asleep' },
        turn: asleep,
        said: 'put to sleep: nothing runs, volumes stay; a push or wake brings it back',
      });
    case 'wake':
      if (state === 'active') return { kind: 'same', said: `${name} is awake already` };
      return changed(files, input, { record: { ...input.record, state: 'active' }, turn: awake, said: 'woken' });
  }
};

/** Never past what the platform allows from now on; an end that is over counts from now. */
const extended = (files: FileTree, by: number, input: RestateInput): Restating => {
  const { record, config } = input;
  const name = printId(record);
  if (record.expiresAt === '') return { kind: 'same', said: `${name} has no end: there is nothing to extend` };
  const now = Math.floor(input.now.getTime() / 1000) * 1000;
  const end = Math.max(Date.parse(record.expiresAt), now) + by;
  const longest = config.applications.get(record.application)?.overrides.lifetime ?? by;
  if (end > now + longest) {
    const latest = spoken(printTime(new Date(now + longest)));
    const said = `${name} ends ${spoken(record.expiresAt)}, and ${latest} is the latest that may be asked for now: extend it by less, or ask those who keep bivouac.yaml (overrides.lifetime)`;
    return { kind: 'too-long', said };
  }
  const expiresAt = printTime(new Date(end));
  const said = `extended: it ends ${spoken(expiresAt)}`;
  return changed(files, input, { record: { ...record, expiresAt }, turn: (manifest) => manifest, said });
};

interface Turn {
  readonly record: EnvironmentRecord;
  readonly turn: (manifest: Manifest) => Manifest;
  readonly said: string;
}

const changed = (files: FileTree, input: RestateInput, { record, turn, said }: Turn): Restated => {
  const { config, serializer } = input;
  const before = record.components.map((name): Component => ({ name, manifests: manifestsIn(files, name, record) }));
  const components = before.map(({ name, manifests }) => ({ name, manifests: manifests.map(turn) }));
  const rewritten = components.filter(({ manifests }, index) =>
    manifests.some((manifest, place) => manifest !== before[index]?.manifests[place]),
  );
  const spec: HostSource = { name: record.name, domain: config.domain, exposure: config.cluster.exposure };
  return {
    kind: 'restated',
    files: new Map([
      ...files,
      ['README.md', readmeOf({ record, components, spec, forge: config.forge })],
      ['environment.json', printRecord(record)],
      ...rewritten.map(({ name, manifests }): [string, string] => [pathOf(name), serialize(manifests, serializer)]),
    ]),
    record,
    components,
    said,
  };
};

const pathOf = (component: string): string => `manifests/${component}.yaml`;

/** Something that isn't understood would go on running, or be lost. */
const manifestsIn = (files: FileTree, component: string, record: EnvironmentRecord): readonly Manifest[] => {
  const manifests = readManifests(files.get(pathOf(component)) ?? '');
  if (manifests.length > 0) return manifests;
  throw userError('UnreadableManifest', `${pathOf(component)} of ${printId(record)} can’t be read`, {
    where: `${printId(record)}: ${pathOf(component)}`,
    remedy: 'Run bivouac reconcile, or push a commit: the file is written anew.',
  });
};

/** `2026-11-30 10:04 UTC` */
const spoken = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
