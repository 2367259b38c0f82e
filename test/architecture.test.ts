import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(path);
    return path.endsWith('.ts') ? [path] : [];
  });

const files = [...filesBelow('src'), ...filesBelow('charts')];
const sourceOf = new Map(
  files.map((file) => [
    file,
    ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true),
  ]),
);

const resolved = (from: string, specifier: string): string =>
  specifier.startsWith('.') ? relative(root, join(root, dirname(from), specifier)).replace(/\.js$/, '.ts') : specifier;

const importsOf = (file: string): readonly Import[] => {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (specifier !== undefined && ts.isStringLiteral(specifier))
      found.push({ from: file, to: resolved(file, specifier.text), typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(sourceOf.get(file)!);
  return found;
};

const isTypeOnly = (clause: ts.ImportClause | undefined): boolean => {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.every((each) => each.isTypeOnly)
  );
};

const imports = files.flatMap(importsOf);

/** The room a file is of: the first rule whose pattern matches. What it may import, by pattern; types of a port are always free. */
const rooms: readonly { readonly name: string; readonly files: RegExp; readonly may: readonly RegExp[] }[] = [
  { name: 'model', files: /^src\/model\//, may: [/^src\/model\//, /^node:crypto$/] },
  {
    name: 'config',
    files: /^src\/config\//,
    may: [/^src\/(model|config)\//, /^(yaml|zod|parse-duration)$/, /^node:(fs|path)$/],
  },
  {
    name: 'charts',
    files: /^charts\//,
    may: [/^charts\//, /^src\/model\//, /^(cdk8s|cdk8s-plus-28|constructs|bivouac\/charts)$/],
  },
  {
    name: 'synth/loader',
    files: /^src\/synth\/loader\//,
    may: [/^src\/(model|synth)\//, /^node:/, /^(jiti|esbuild)$/],
  },
  {
    name: 'synth',
    files: /^src\/synth\//,
    may: [/^src\/(model|synth)\/(?!loader)/, /^(yaml|zod)$/, /^node:crypto$/],
  },
  { name: 'events', files: /^src\/events\//, may: [/^src\/(model|events)\//, /^zod$/] },
  {
    name: 'decide',
    files: /^src\/decide\//,
    may: [/^src\/(model|decide)\//, /^@sindresorhus\/slugify$/],
  },
  {
    name: 'policy',
    files: /^src\/policy\//,
    may: [/^src\/(model|policy)\//, /^(yaml|zod)$/],
  },
  { name: 'validate', files: /^src\/validate\//, may: [/^src\/(model|validate)\//, /^ajv$/] },
  { name: 'feedback', files: /^src\/feedback\//, may: [/^src\/(model|feedback)\//, /^diff$/] },
  {
    name: 'gitops/git',
    files: /^src\/gitops\/git\//,
    may: [/^src\/model\//, /^src\/gitops\/(git\/|queue\/entry\.ts|port\.ts)/, /^node:/, /^simple-git$/],
  },
  { name: 'gitops', files: /^src\/gitops\//, may: [/^src\/model\//, /^src\/gitops\/(?!git\/)/] },
  {
    name: 'forges/rehearsal',
    files: /^src\/forges\/rehearsal\//,
    may: [/^src\/model\//, /^src\/forges\/port\.ts$/, /^node:(crypto|fs|path)$/],
  },
  {
    name: 'forges',
    files: /^src\/forges\//,
    may: [/^src\/(model|forges)\//, /^src\/feedback\/port\.ts$/, /^@octokit\//, /^zod$/, /^node:crypto$/],
  },
  {
    name: 'controllers/kubernetes',
    files: /^src\/controllers\/kubernetes\//,
    may: [
      /^src\/(model|controllers\/kubernetes)\//,
      /^(yaml|zod)$/,
      /^@kubernetes\/client-node\//,
      /^node:(fs|http|https|path)$/,
    ],
  },
  { name: 'controllers', files: /^src\/controllers\//, may: [/^src\/(model|controllers)\//, /^(yaml|zod)$/] },
  { name: 'wait', files: /^src\/wait\//, may: [/^src\/(model|wait)\//, /^src\/config\/duration\.ts$/] },
  {
    name: 'init',
    files: /^src\/init\//,
    may: [/^src\/(model|init)\//, /^src\/controllers\/(argocd|flux)\//, /^yaml$/],
  },
  {
    name: 'the line',
    files: /^src\/(reconcile\.ts|sweep\.ts|line\/)/,
    may: [
      /^src\/(model|line)\//,
      /^src\/config\/override\.ts$/,
      /^src\/(decide|policy|feedback|events)\//,
      /^src\/synth\/(?!loader)/,
      /^src\/gitops\/(?!git\/)/,
      /^src\/controllers\/flux\//,
    ],
  },
  {
    name: 'server/checkout',
    files: /^src\/server\/checkout\.ts$/,
    may: [
      /^src\/(model|server)\//,
      /^src\/gitops\/git\/(command|remote|temporary)\.ts$/,
      /^node:(fs\/promises|os|path)$/,
    ],
  },
  {
    name: 'server',
    files: /^src\/server\//,
    may: [
      /^src\/(model|server)\//,
      /^src\/(sweep|line\/sweep|events\/webhooks\/webhooks)\.ts$/,
      /^node:(crypto|http|net)$/,
      /^(hono|@hono\/node-server)$/,
    ],
  },
  { name: 'demo', files: /^src\/demo\//, may: [/^src\//, /^node:/, /^(hono|@hono\/node-server)/] },
  {
    name: 'action',
    files: /^src\/action\//,
    may: [/^src\/(model|action)\//, /^src\/config\/environment\.ts$/, /^node:(child_process|url)$/],
  },
  { name: 'cli', files: /^src\/cli\//, may: [/^src\/(?!server\/)/, /./] },
  { name: 'library', files: /^src\/index\.ts$/, may: [/^src\/(?!(cli|server|demo)\/)/] },
];

const roomOf = (file: string) => rooms.find((room) => room.files.test(file));
/** Types may also come from the configuration's type, from ports, and from vendors' type packages. */
const freeTypes =
  /^(src\/config\/config\.ts|src\/.*\/port\.ts|src\/decide\/facts\.ts|kubernetes-types\/.*|@octokit\/.*|jiti|esbuild)$/;

describe('the house', () => {
  test('every file lies in a room', () => {
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  test('rooms import only what they may', () => {
    const forbidden = imports.filter(({ from, to, typeOnly }) => {
      if (typeOnly && freeTypes.test(to)) return false;
      return !roomOf(from)!.may.some((pattern) => pattern.test(to));
    });
    expect(forbidden.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('no cycles', () => {
    const edges = new Map(
      files.map((file) => [
        file,
        imports.filter(({ from, to }) => from === file && sourceOf.has(to)).map(({ to }) => to),
      ]),
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (done.has(file) || path.includes(file)) return;
      for (const next of edges.get(file) ?? []) walk(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(cycles).toEqual([]);
  });
});

/** Uses of an expression such as `process.env`, or of `new Date()` without an argument. */
const usesOf = (pattern: (node: ts.Node) => boolean): readonly string[] =>
  files.filter((file) => {
    let found = false;
    const visit = (node: ts.Node): void => {
      if (pattern(node)) found = true;
      ts.forEachChild(node, visit);
    };
    visit(sourceOf.get(file)!);
    return found;
  });

const isAccess = (node: ts.Node, object: string, property: string): boolean =>
  ts.isPropertyAccessExpression(node) && node.expression.getText() === object && node.name.text === property;

describe('effects stay at the entrances', () => {
  test('process.env is read in config/environment.ts alone', () => {
    expect(usesOf((node) => isAccess(node, 'process', 'env'))).toEqual(['src/config/environment.ts']);
  });

  test('only the entry point exits', () => {
    expect(usesOf((node) => isAccess(node, 'process', 'exit'))).toEqual(['src/cli/main.ts']);
  });

  test('only the entry point reads the clock and rolls dice', () => {
    const clock = (node: ts.Node) =>
      isAccess(node, 'Date', 'now') ||
      isAccess(node, 'Math', 'random') ||
      (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0);
    expect(usesOf(clock)).toEqual(['src/cli/main.ts']);
  });

  test('zod is imported as a namespace: a named `z` brings every locale into the bundle', () => {
    const named = files.filter((file) => /import (?:type )?\{ z \} from 'zod'/.test(sourceOf.get(file)!.text));
    expect(named).toEqual([]);
  });

  test('heavy vendors enter through one file each', () => {
    const importers = (vendor: string) => [
      ...new Set(imports.filter(({ to, typeOnly }) => to.startsWith(vendor) && !typeOnly).map(({ from }) => from)),
    ];
    expect(importers('@kubernetes/client-node')).toEqual(['src/controllers/kubernetes/client.ts']);
    expect(importers('simple-git')).toHaveLength(1);
    expect(importers('cdk8s-plus-28')).toEqual(['charts/constructs/kplus.ts']);
  });
});

describe('size', () => {
  test('no source file is longer than 250 lines', () => {
    const long = files.filter(
      (file) => sourceOf.get(file)!.getLineAndCharacterOfPosition(sourceOf.get(file)!.end).line > 250,
    );
    expect(long).toEqual([]);
  });
});

describe('the lock file', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { resolved?: string; link?: boolean; optionalDependencies?: Record<string, string> }>;
  };

  test('names every optional package that an entry wants, so that it installs on every platform', () => {
    const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter(
          (name) =>
            lock.packages[`node_modules/${name}`] === undefined &&
            lock.packages[`${path}/node_modules/${name}`] === undefined,
        )
        .map((name) => `${path} wants ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test('records no download address', () => {
    const addresses = Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined);
    expect(addresses).toEqual([]);
  });
});
