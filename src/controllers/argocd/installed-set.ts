import type { Manifest } from '../../model/manifest.js';
import type { ApplicationName } from '../../model/names.js';
import { listAt, type Loose, notice, type Notice, textAt, valueAt } from '../notice.js';

/** A record of the tree: what a template can read of it, or what is wrong with it. */
export type RecordFact =
  | { readonly path: string; readonly application: ApplicationName; readonly keys: readonly string[] }
  | { readonly path: string; readonly application: ApplicationName; readonly problem: string };

const check = 'ApplicationSet';
type Path = readonly (string | number)[];

interface Field {
  readonly at: Path;
  /** What is wrong when it differs. */
  readonly means: string;
  /** Of a list all that is expected must be in it; else the values are the same. */
  readonly holds?: true;
}

const source: Path = ['spec', 'template', 'spec', 'source'];
const generator: Path = ['spec', 'generators', 0, 'git'];
const template: Path = ['spec', 'template'];

const fields: readonly Field[] = [
  { at: [...generator, 'repoURL'], means: 'reads environments from another repository' },
  { at: [...generator, 'revision'], means: 'reads environments from another branch' },
  { at: [...generator, 'files', 0, 'path'], means: 'reads environments from another path' },
  { at: ['spec', 'generators', 0, 'selector'], means: 'takes the records of another cluster' },
  { at: [...source, 'repoURL'], means: 'deploys from another repository' },
  { at: [...source, 'targetRevision'], means: 'deploys from another branch' },
  { at: [...source, 'path'], means: 'deploys another path' },
  { at: [...source, 'directory'], means: 'reads the directory in another way' },
  { at: [...template, 'metadata', 'name'], means: 'names Applications in another way' },
  { at: [...template, 'spec', 'project'], means: 'puts Applications into another project' },
  { at: [...template, 'spec', 'destination'], means: 'deploys to another place' },
  { at: [...template, 'metadata', 'finalizers'], means: 'leaves namespaces behind when environments go', holds: true },
  {
    at: [...template, 'metadata', 'annotations', 'argocd.argoproj.io/compare-options'],
    means: 'calls a change synced that the cluster refused',
  },
  { at: [...template, 'spec', 'syncPolicy', 'automated', 'prune'], means: 'keeps objects that left the directory' },
  { at: [...template, 'spec', 'syncPolicy', 'automated', 'selfHeal'], means: 'can miss a commit' },
  { at: [...template, 'spec', 'syncPolicy', 'syncOptions'], means: 'syncs with other options', holds: true },
  { at: ['spec', 'goTemplate'], means: 'reads its template in another way' },
  { at: ['spec', 'goTemplateOptions'], means: 'deploys records that lack a key', holds: true },
  { at: ['spec', 'syncPolicy', 'applicationsSync'], means: 'doesn’t remove environments' },
  {
    at: ['spec', 'syncPolicy', 'preserveResourcesOnDeletion'],
    means: 'leaves everything running when environments go',
  },
];

/** An installed set against what this version expects, its own words when it stands still, and records that its template can't read. */
export const compareSet = (
  expected: { readonly application: ApplicationName; readonly set: Manifest },
  installed: Loose,
  records: readonly RecordFact[],
): readonly Notice[] => {
  const { name } = expected.set.metadata;
  const own = records.filter(({ application }) => application === expected.application);
  const remedy = `As an administrator: bivouac init gitops | kubectl apply -f - (or apply argocd/${expected.application}.yaml).`;
  const found = [
    ...frozen(name, installed, own),
    ...lackingKeys(name, installed, own),
    ...fields
      .flatMap((field) => difference(name, field, [expected.set, installed]))
      .map((text) => notice.problem(check, text, remedy)),
    ...patched(name, installed).map((text) => notice.problem(check, text, remedy)),
  ];
  return found.length > 0 ? found : [notice.ok(check, `${name} is as it should be`)];
};

const difference = (
  name: string,
  { at, means, holds }: Field,
  [expected, installed]: readonly [Manifest, Loose],
): readonly string[] => {
  const [wanted, there] = [normal(valueAt(expected, at)), normal(valueAt(installed, at))];
  if (holds === true && Array.isArray(wanted) && Array.isArray(there)) {
    const missing = wanted.filter((each) => !there.includes(each));
    return missing.length === 0 ? [] : [`${name} ${means}: ${at.join('.')} lacks ${missing.join(', ')}`];
  }
  if (same(wanted, there)) return [];
  return [`${name} ${means}: ${at.join('.')} is ${shown(there)}, expected ${shown(wanted)}`];
};

/** A branch is one with and without `refs/heads/`; what is false may be left away. */
const normal = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replace(/^refs\/heads\//, '');
  return value === false ? undefined : value;
};

const same = (a: unknown, b: unknown): boolean => shown(sorted(a)) === shown(sorted(b));
const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
const shown = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value));

const patched = (name: string, installed: Loose): readonly string[] => [
  ...(valueAt(installed, ['spec', 'templatePatch']) === undefined
    ? []
    : [`${name} has a templatePatch, through which a record could change anything`]),
  ...(listAt(installed, ['spec', 'generators']).length > 1
    ? [`${name} has more than one generator: environments may come from elsewhere`]
    : []),
];

/** A set that stands still says why, but not always in which file: that is looked up in the tree. */
const frozen = (name: string, installed: Loose, records: readonly RecordFact[]): readonly Notice[] => {
  const conditions = listAt(installed, ['status', 'conditions']);
  const error = conditions.find(
    (each) => textAt(each, ['type']) === 'ErrorOccurred' && textAt(each, ['status']) === 'True',
  );
  if (error === undefined) return [];
  const broken = records.flatMap((record) => ('problem' in record ? [`${record.path} (${record.problem})`] : []));
  const where = broken.length > 0 ? `; the cause is ${broken.join(', ')}` : '; every record of the tree can be read';
  const again = `kubectl -n argocd annotate applicationset ${name} argocd.argoproj.io/application-set-refresh- && kubectl -n argocd annotate applicationset ${name} argocd.argoproj.io/application-set-refresh=true`;
  return [
    notice.problem(
      check,
      `${name} stands still, for all environments of its application: ${textAt(error, ['message'])}${where}`,
      `${broken.length > 0 ? 'Repair or remove the file' : 'Act on the message (repository, branch, credentials, project)'}; the set looks again after three minutes, or at once: ${again}`,
    ),
  ];
};

const lackingKeys = (name: string, installed: Loose, records: readonly RecordFact[]): readonly Notice[] => {
  const used = keysIn(valueAt(installed, template));
  return records.flatMap((record) => {
    if ('problem' in record) return [];
    const lacking = used.filter((key) => !record.keys.includes(key));
    if (lacking.length === 0) return [];
    return [
      notice.problem(
        check,
        `${name} reads ${lacking.map((key) => `.${key}`).join(', ')}, which ${record.path} lacks: the whole set stands still`,
        `Take ${lacking.join(', ')} out of the set: bivouac init gitops | kubectl apply -f -`,
      ),
    ];
  });
};

/** Every key of the record that a template reads: `{{ .name }}`, `{{ index . "name" }}`. `path` is the generator's own. */
const keysIn = (value: unknown): readonly string[] => {
  const expressions = [...JSON.stringify(value ?? '').matchAll(/\{\{(.*?)\}\}/g)].map(([, inside = '']) => inside);
  const keys = expressions.flatMap((inside) => [
    ...[...inside.matchAll(/(?<![\w.)\]"$])\.([A-Za-z_]\w*)/g)].map(([, key = '']) => key),
    ...[...inside.matchAll(/index \. \\"(\w+)\\"/g)].map(([, key = '']) => key),
  ]);
  return [...new Set(keys)].filter((key) => key !== 'path' && key !== 'values');
};
