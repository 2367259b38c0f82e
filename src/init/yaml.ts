import { Document, isCollection, isMap, isNode, isScalar, visit } from 'yaml';
import type { Manifest } from '../model/manifest.js';

/** A remark at the end of one value's line. */
export interface Remark {
  readonly at: readonly (string | number)[];
  readonly text: string;
}

/** Short maps and lists stand on one line. */
const shortest = 80;

/** Objects as YAML for people: a head of remarks, short values on one line. Prettier leaves it as it is. */
export const printObjects = (head: readonly string[], documents: readonly string[]): string =>
  `${head.map((line) => `# ${line}\n`).join('')}${documents.join('---\n')}`;

export const printObject = (object: Manifest, remarks: readonly Remark[] = []): string => {
  const document = new Document(object, { version: '1.1', aliasDuplicateObjects: false });
  visit(document, {
    Collection: (key, node) => {
      if (key === null || node.items.length === 0 || !isCollection(node)) return;
      node.flow = isShort(node.toJSON());
    },
  });
  for (const { at, text } of remarks) {
    const node = document.getIn(at, true);
    if (isNode(node) && (isScalar(node) || isMap(node) || isCollection(node))) node.comment = ` ${text}`;
  }
  const yaml = document.toString({ lineWidth: 0, singleQuote: true });
  return yaml.replaceAll(/\[ (.*?) \](?= #|,| \}|$)/gm, '[$1]'); // Prettier's spacing: none in lists
};

const isShort = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const inside = Object.values(value);
  return inside.every((each) => typeof each !== 'object' || each === null) && JSON.stringify(value).length <= shortest;
};
