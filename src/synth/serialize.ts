import { stringify } from 'yaml';
import type { Manifest } from '../model/manifest.js';
import { type Definition, emit } from './emit.js';

/** `reference` (`BIVOUAC_SERIALIZER=reference`): the definition for every document, for bisecting. */
export type Serializer = 'fast' | 'reference';

/**
 * Objects as one YAML file, documents joined by `---`: the bytes of cdk8s's own `Yaml.stringify`, which is the definition.
 * Objects must be trees: one that is referenced twice is written twice.
 * @throws UserError InvalidManifest
 */
export const serialize = (manifests: readonly Manifest[], serializer: Serializer = 'fast'): string =>
  manifests.map((manifest) => (serializer === 'fast' ? write(manifest) : define(manifest))).join('---\n');

const write = (manifest: Manifest): string => {
  const emitted = emit(manifest, definition);
  return 'text' in emitted ? emitted.text : define(manifest);
};

/** cdk8s's options, and its version of `yaml`: what 1.1 readers (kubectl) would misread is quoted, nothing is folded. */
export const define = (document: unknown): string =>
  stringify(document, { version: '1.1', lineWidth: 0, keepUndefined: true, aliasDuplicateObjects: false });

const remembered = 5_000;

const remember = (ask: (text: string) => string | undefined): ((text: string) => string | undefined) => {
  const answers = new Map<string, string | undefined>();
  return (text) => {
    if (answers.has(text)) return answers.get(text);
    if (answers.size >= remembered) answers.clear();
    const answer = ask(text);
    answers.set(text, answer);
    return answer;
  };
};

/** One scalar as the definition writes it on one line; remembered, since environments repeat the same few. */
export const definition: Definition = {
  key: remember((text) => {
    const written = define({ [text]: null });
    return written.startsWith('?') || !written.endsWith(': null\n') ? undefined : written.slice(0, -': null\n'.length);
  }),
  value: remember((text) => {
    const written = define({ k: text }).slice('k: '.length, -1);
    return written.includes('\n') ? undefined : written;
  }),
};
