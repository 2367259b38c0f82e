import { beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '../..');
const file = join(root, 'charts/shop.ts');
const marker = "    new WebService(this, 'other', { ";

let service: ts.LanguageService;
let position: number;

/** What an editor asks for, while somebody writes a new component into `charts/shop.ts`. */
beforeAll(() => {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const text = (ts.sys.readFile(file) ?? '').replace('\n  }\n}', `\n${marker}});\n  }\n}`);
  position = text.indexOf(marker) + marker.length;
  const host: ts.LanguageServiceHost = {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const content = path === file ? text : ts.sys.readFile(path);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
    fileExists: (path) => ts.sys.fileExists(path),
    readFile: (path) => ts.sys.readFile(path),
    directoryExists: (path) => ts.sys.directoryExists(path),
    getDirectories: (path) => ts.sys.getDirectories(path),
    ...(ts.sys.realpath && { realpath: (path: string) => ts.sys.realpath?.(path) ?? path }),
  };
  service = ts.createLanguageService(host);
});

describe('an editor on charts/shop.ts', () => {
  test('offers every prop of a component, each with its documentation', () => {
    const offered = (service.getCompletionsAtPosition(file, position, {})?.entries ?? []).map(({ name }) => name);
    expect(offered).toEqual(
      expect.arrayContaining(['image', 'port', 'primary', 'public', 'readiness', 'variables', 'migrate', 'optional']),
    );
    const undocumented = offered.filter((name) => {
      const details = service.getCompletionEntryDetails(file, position, name, undefined, undefined, {}, undefined);
      return ts.displayPartsToString(details?.documentation).trim() === '';
    });
    expect(undocumented).toEqual([]);
  });

  test('says which props must be given, and what the others are without', () => {
    const [problem] = service.getSemanticDiagnostics(file);
    expect(ts.flattenDiagnosticMessageText(problem?.messageText ?? '', ' ')).toMatch(/image.*port|port.*image/);
    const details = service.getCompletionEntryDetails(file, position, 'readiness', undefined, undefined, {}, undefined);
    expect(details?.tags?.map(({ name }) => name)).toContain('default');
  });
});
