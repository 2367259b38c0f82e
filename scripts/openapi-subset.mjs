/*
 * Takes from GitHub's OpenAPI description what the tests of src/forges/github ask for: test/contract/github.json, which is committed.
 *   npm install --no-save @octokit/openapi@23   (400 MB, and so no dependency of ours)
 *   node scripts/openapi-subset.mjs [FOLDER WITH node_modules]
 * The description is GitHub's, under the MIT licence.
 */
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');
const from = createRequire(join(resolve(process.argv[2] ?? root), 'package.json'));
const spec = from('@octokit/openapi/generated/api.github.com.json');
const folder = join(root, 'test/contract');
const missing = new Set(readFileSync(join(folder, 'operations.txt'), 'utf8').split('\n').filter(Boolean));
const methods = ['get', 'post', 'put', 'patch', 'delete'];

// texts and examples are nine tenths of it
const dropped = new Set([
  'description',
  'summary',
  'example',
  'examples',
  'externalDocs',
  'tags',
  'x-github',
  'x-multi-segment',
]);
/** `named`: keys are names of things and not of the description's own fields. */
const lean = (node, named = false) => {
  if (Array.isArray(node)) return node.map((each) => lean(each));
  if (node === null || typeof node !== 'object') return node;
  const kept = Object.entries(node).filter(([key]) => named || !dropped.has(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [
      key,
      lean(value, !named && ['properties', 'schemas', 'responses', 'parameters', 'headers', 'paths'].includes(key)),
    ]),
  );
};

const { openapi, info } = spec;
const subset = {
  openapi,
  info: { title: info.title, version: info.version, license: info.license },
  paths: {},
  components: {},
};
for (const [path, item] of Object.entries(spec.paths))
  for (const method of methods)
    if (missing.delete(item[method]?.operationId)) (subset.paths[path] ??= {})[method] = item[method];
if (missing.size > 0) throw new Error(`unknown operations: ${[...missing].join(', ')}`);

const seen = new Set();
const keysOf = (ref) =>
  ref
    .slice(2)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
const copyReferenced = (node) => {
  if (node === null || typeof node !== 'object') return;
  if (typeof node.$ref === 'string' && !seen.has(node.$ref)) {
    seen.add(node.$ref);
    const keys = keysOf(node.$ref);
    if (keys[1] !== 'examples') {
      const value = keys.reduce((at, key) => at[key], spec);
      keys.slice(0, -1).reduce((at, key) => (at[key] ??= {}), subset)[keys.at(-1)] = value;
      copyReferenced(value);
    }
  }
  Object.values(node).forEach(copyReferenced);
};
copyReferenced(subset.paths);
writeFileSync(join(folder, 'github.json'), `${JSON.stringify(lean(subset))}\n`);
