import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { read, root } from './documents.js';

/** Constructors of errors, and the exit code of each class. */
const exitCodes: Readonly<Record<string, string>> = {
  userError: '2',
  refusedError: '4',
  temporaryError: '5',
  invalid: '2',
  InternalError: '1',
  UserError: '2',
  PolicyError: '3',
  RefusedError: '4',
  TemporaryError: '5',
};

const files = ['src', 'charts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('demo'))
    .map((name) => `${folder}/${name}`),
);

const isCode = (node: ts.Node | undefined): node is ts.StringLiteral =>
  node !== undefined && ts.isStringLiteral(node) && /^[A-Z][A-Za-z0-9]+$/.test(node.text);

/** `['ChartFailed', '2']` for every place in the sources that makes an error. */
export const codesInSources = (): readonly (readonly [string, string])[] =>
  files.flatMap((file) => {
    const found: (readonly [string, string])[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isCode(node.arguments[0])) {
        const exitCode = exitCodes[node.expression.getText()];
        if (exitCode !== undefined) found.push([node.arguments[0].text, exitCode]);
      }
      if (ts.isObjectLiteralExpression(node)) found.push(...inObject(node));
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true));
    return found;
  });

/** `{ code: 'TreeMismatch', class: 'InternalError' }` and `{ code: 'RemoteMoved', make: refusedError }`. */
const inObject = (node: ts.ObjectLiteralExpression): readonly (readonly [string, string])[] => {
  const valueOf = (name: string): ts.Expression | undefined =>
    node.properties.filter(ts.isPropertyAssignment).find((property) => property.name.getText() === name)?.initializer;
  const code = valueOf('code');
  const maker = (valueOf('class') ?? valueOf('make'))?.getText().replaceAll("'", '');
  const exitCode = maker === undefined ? undefined : exitCodes[maker];
  return isCode(code) && exitCode !== undefined ? [[code.text, exitCode]] : [];
};
