import { compileGlobs } from '../../model/glob.js';
import type { Manifest } from '../../model/manifest.js';
import type { ApplicationName } from '../../model/names.js';
import { listAt, type Loose, notice, type Notice, textAt, valueAt } from '../notice.js';

const check = 'AppProject';

/** One kind of permission, as texts that can be compared. */
interface Permission {
  readonly what: string;
  readonly of: (project: Loose | Manifest) => readonly string[];
}

const permissions: readonly Permission[] = [
  { what: 'sources', of: (project) => listAt(project, ['spec', 'sourceRepos']).map(String) },
  {
    what: 'destinations',
    of: (project) =>
      listAt(project, ['spec', 'destinations']).map(
        (each) => `${textAt(each, ['namespace'])} on ${textAt(each, ['server']) || textAt(each, ['name']) || '*'}`,
      ),
  },
  {
    what: 'cluster-scoped kinds',
    of: (project) => kindsAt(project, 'clusterResourceWhitelist', (each) => ` ${textAt(each, ['name']) || '*'}`),
  },
  {
    what: 'namespaced kinds',
    of: (project) =>
      valueAt(project, ['spec', 'namespaceResourceWhitelist']) === undefined
        ? ['*/*'] // no list is no limit
        : kindsAt(project, 'namespaceResourceWhitelist'),
  },
];

const kindsAt = (project: unknown, list: string, rest: (each: unknown) => string = () => ''): readonly string[] =>
  listAt(project, ['spec', list]).map((each) => `${textAt(each, ['group'])}/${textAt(each, ['kind'])}${rest(each)}`);

/** What a project allows against what this version expects: too much is a hole in the wall, too little stops environments. */
export const compareProject = (
  application: ApplicationName,
  expected: Manifest,
  installed: Loose,
): readonly Notice[] => {
  const name = expected.metadata.name;
  const found = [
    ...permissions.flatMap(({ what, of }) => differences(name, what, [of(expected), of(installed)])),
    ...refused(name, expected, installed),
    ...roleOf(name, expected, installed),
  ].map((each) => notice.problem(check, each, remedyOf(application)));
  return found.length > 0 ? found : [notice.ok(check, `${name} allows what it should and no more`)];
};

const remedyOf = (application: ApplicationName): string =>
  `As an administrator: bivouac init gitops | kubectl apply -f - (or apply argocd/${application}.yaml). Widen first, narrow once no environment needs it.`;

const differences = (
  name: string,
  what: string,
  [expected, installed]: readonly [readonly string[], readonly string[]],
): readonly string[] => {
  const allowed = installed.filter((each) => !each.startsWith('!'));
  const more = allowed.filter((each) => !expected.includes(each));
  const less = expected.filter((each) => !allowed.some((pattern) => covers(pattern, each)));
  return [
    ...(more.length > 0 ? [`${name} allows too much: ${what} ${listed(more)}`] : []),
    ...(less.length > 0 ? [`${name} allows too little: ${what} ${listed(less)} missing`] : []),
  ];
};

/** Lists of what is forbidden count above those of what is allowed. */
const refused = (name: string, expected: Manifest, installed: Loose): readonly string[] => {
  const [, , clusterScoped, namespaced] = permissions;
  const wanted = [...namespaced!.of(expected), ...clusterScoped!.of(expected).map((each) => each.split(' ')[0]!)];
  const lists = ['namespaceResourceBlacklist', 'clusterResourceBlacklist'];
  const forbidden = lists.flatMap((list) => kindsAt(installed, list));
  const hit = [...new Set(wanted.filter((each) => forbidden.some((pattern) => covers(pattern, each))))];
  return hit.length > 0 ? [`${name} allows too little: it forbids ${listed(hit)}`] : [];
};

/** Without the role nobody but the cluster's own people can see whether an environment is ready. */
const roleOf = (name: string, expected: Manifest, installed: Loose): readonly string[] => {
  const policiesOf = (project: unknown): readonly string[] =>
    listAt(project, ['spec', 'roles']).flatMap((role) =>
      listAt(role, ['policies']).map((policy) => String(policy).replaceAll(/\s+/g, '')),
    );
  const there = policiesOf(installed);
  const missing = policiesOf(expected).some((policy) => !there.includes(policy));
  return missing ? [`${name} lacks the role “status”, by which bivouac wait reads Applications and their set`] : [];
};

/** Argo CD's globs know no segments. */
const covers = (pattern: string, text: string): boolean => compileGlobs([pattern.replaceAll('*', '**')])(text);

const most = 5;
const listed = (texts: readonly string[]): string => {
  const names = texts.map((text) => text.replace(/^\//, '')); // the core group has no name
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
};
