import { credentialIn, isSecretName, looksRandom } from '../credentials.js';
import { pointer } from '../pointer.js';
import type { Finding, PolicyObject, Rule } from '../rule.js';
import { viewAs } from '../view.js';

/**
 * Refuses private keys, known token formats, passwords in URLs, random values under names such as `…_TOKEN`; in
 * variables, arguments, annotations, ConfigMaps (Base64 as well). The value is never repeated: Git keeps it for
 * ever.
 */
export const noCredentials: Rule = {
  name: 'no-credentials',
  *object(object) {
    // what a SealedSecret holds is encrypted, and random for that reason
    const sealed = object.manifest.kind === 'SealedSecret';
    for (const { text, field } of [...object.texts, ...decodedTexts(object)]) {
      if (sealed && field.startsWith('/spec/encryptedData')) continue;
      const credential = credentialIn(text);
      if (credential !== undefined) yield finding(field, credential);
    }
    for (const { name, value, field } of namedValues(object))
      if (isSecretName(name) && credentialIn(value) === undefined && looksRandom(value))
        yield finding(field, 'a secret’s value');
  },
};

/** The value is never part of it: the message goes into a comment. */
const finding = (field: string, credential: string): Finding => ({
  field,
  message: `it holds what looks like ${credential}; Git would keep it for ever`,
  remedy: 'Refer to a key of a Secret instead ({ secret, key }), and replace the credential if it is a real one.',
});

interface NamedValue {
  readonly name: string;
  readonly value: string;
  readonly field: string;
}

const namedValues = (object: PolicyObject): readonly NamedValue[] => {
  const { manifest, pods } = object;
  const config = viewAs(manifest, 'ConfigMap');
  const containers = pods.flatMap((pod) => pod.containers);
  return [
    ...entries(manifest.metadata.annotations ?? {}, '/metadata/annotations'),
    ...entries(config?.data ?? {}, '/data'),
    ...Object.entries(config?.data ?? {}).flatMap(([key, text]) => assignments(text ?? '', `/data${pointer(key)}`)),
    ...decodedTexts(object).flatMap(({ text, field }) => assignments(text, field)),
    ...containers.flatMap(({ container, field }) => [
      ...(container.env ?? []).map(({ name, value }, index) => ({
        name: name ?? '',
        value: value ?? '',
        field: `${field}/env/${index}/value`,
      })),
      ...(['command', 'args'] as const).flatMap((list) =>
        (container[list] ?? []).flatMap((text, index) => assignments(text, `${field}/${list}/${index}`)),
      ),
    ]),
  ];
};

const entries = (map: Readonly<Record<string, string | null | undefined>>, field: string): readonly NamedValue[] =>
  Object.entries(map).map(([name, value]) => ({ name, value: value ?? '', field: field + pointer(name) }));

/** `NAME=value`, `--name=value`, `name: value`, line by line. */
const assignments = (text: string, field: string): readonly NamedValue[] =>
  text.split(/\r?\n/).flatMap((line) => {
    const [, name, value] =
      /^\s*(?:export\s+|--?)?["']?([A-Za-z][\w.-]{0,60})["']?\s{0,4}[=:]\s{0,4}["']?([^\s"',]{1,400})["']?,?\s*$/.exec(
        line.slice(0, 600),
      ) ?? [];
    return name === undefined || value === undefined ? [] : [{ name, value, field }];
  });

/** Base64 hides nothing. */
const decodedTexts = ({ manifest }: PolicyObject) =>
  Object.entries(viewAs(manifest, 'ConfigMap')?.binaryData ?? {}).map(([key, text]) => ({
    text: decode(text ?? ''),
    field: pointer('binaryData', key),
  }));

const decode = (text: string): string => {
  try {
    return atob(text);
  } catch {
    return ''; // no Base64: the API server refuses it
  }
};
