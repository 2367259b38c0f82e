import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ConfigIssue, printIssue } from '../../src/config/issue.js';
import { parseConfig } from '../../src/config/load.js';
import { parseOverride } from '../../src/config/override.js';
import { isBivouacError } from '../../src/model/errors.js';

const problemsOf = (text: string, frame?: string): readonly string[] =>
  told(() => parseConfig(text, { file: 'f', directory: '/d', readFrame: () => frame }), 'InvalidConfig');

const told = (run: () => unknown, code: string): readonly string[] => {
  try {
    run();
    return [];
  } catch (error) {
    if (!isBivouacError(error) || error.code !== code || error.class !== 'UserError') throw error;
    return (error.data['issues'] as readonly ConfigIssue[]).map(printIssue);
  }
};

/** A sound file with one part replaced or added; the replaced part begins at line 4. */
const withPart = (part: string): string => {
  const key = part.slice(0, part.indexOf(':'));
  const rest: Readonly<Record<string, string>> = {
    gitops: 'gitops: { repository: https://github.com/acme/gitops.git }',
    domain: 'domain: preview.example.com',
    applications: 'applications: { shop: { chart: charts/shop.ts, repositories: [acme/shop] } }',
  };
  const others = Object.keys(rest).filter((name) => name !== key);
  const kept = others.map((name) => rest[name] ?? '');
  return ['version: 1', ...kept.slice(0, 2), part, ...kept.slice(2)].join('\n');
};

test('the base of these tests is sound', () => {
  expect(problemsOf(withPart('domain: a.example'))).toEqual([]);
});

test('every problem is told at once, in the order of the file, with remedies', () => {
  const text = `version: 1
gitops: { repository: 'https://u:p4ssw0rd@github.com/acme/gitops.git' }
domain: 12
aplications: {}
applications:
  Shop:
    chart: charts/shop.ts
    repositories: [acme/shop, acme/api]
    replcias: 2
    variables: { DEBUG: true, OCTAL: 012 }
  kube-x: { repositories: [] }
presets: { load: { lifetime: 10 } }
policy: { images: pined }
`;
  expect(problemsOf(text)).toMatchInlineSnapshot(`
   [
     "f:2:23 gitops.repository: an address must not hold credentials: it is shown and stored. Take them out and set BIVOUAC_GITOPS_TOKEN.",
     "f:3:9 domain: text was expected, found the number 12. Quote it: "12".",
     "f:4:1 aplications: unknown key. Did you mean "applications"?",
     "f:6:3 applications.Shop: "Shop" is no application name: it must match ^[a-z](?:[-a-z0-9]*[a-z0-9])?$ and have at most 26 characters. Use lower-case letters, digits and dashes, beginning with a letter, e.g. "shop".",
     "f:8:31 applications.Shop.repositories[1]: every repository but the first needs a prefix. Write { name: acme/api, prefix: … }.",
     "f:9:5 applications.Shop.replcias: unknown key. Known here: chart, repositories, images, pullRequests, variables, overrides.",
     "f:10:25 applications.Shop.variables.DEBUG: text was expected, found the boolean true. Quote it: "true".",
     "f:10:38 applications.Shop.variables.OCTAL: text was expected, found the number 12. Quote it: "012".",
     "f:11:3 applications.kube-x.chart: this key is missing: text. Add it, or correct its name.",
     "f:11:3 applications.kube-x: "kube-x" is no application name: kube-, openshift- and argocd are reserved. Use lower-case letters, digits and dashes, beginning with a letter, e.g. "shop".",
     "f:11:27 applications.kube-x.repositories: at least 1 entry expected, found an empty list.",
     "f:12:18 presets.load: a preset of your own needs a prefix. Add one, e.g. \`prefix: load\`: environments are then load-42.",
     "f:12:30 presets.load.lifetime: text was expected, found the number 10. Write 10d.",
     "f:13:19 policy.images: digest or pinned or any was expected, found "pined". Did you mean "pinned"?",
   ]
  `);
  expect(problemsOf(text).join()).not.toContain('p4ssw0rd');
});

test('the error is one message with the first place as its own', () => {
  const run = (): unknown =>
    parseConfig('version: 1\ndomain: 1\n', { file: 'f', directory: '/d', readFrame: () => undefined });
  expect(run).toThrow(expect.objectContaining({ where: 'f:1:1', changed: 'nothing' }));
  expect(run).toThrow(/^The configuration has 3 problems:\nf:1:1 gitops: this key is missing/);
});

describe('the file as a whole', () => {
  test.each([
    ['', 'f:1:1 a mapping was expected, found nothing.'],
    ['# only a comment\n', 'f:1:1 a mapping was expected, found nothing.'],
    ['null', 'f:1:1 a mapping was expected, found nothing.'],
    ['- a\n- b\n', 'f:1:1 a mapping was expected, found a list of 2.'],
    ['hello', 'f:1:1 a mapping was expected, found "hello".'],
    ['version: 1\n---\nversion: 1\n', 'f:2:1 one document was expected, found 2. Remove the rest.'],
    [
      'version: 2\nnonsense: 1\n',
      'f:1:10 version: version 2 is not known: this Bivouac reads version 1. Write `version: 1`, or install the Bivouac that the file was written for.',
    ],
    ['a: 1\nb: 2\na: 3\n', 'f:3:1 the key "a" is there twice, first at 1:1. Remove one of them.'],
    ['a: &x 1\n', 'f:1:4 anchors (&name) are not allowed here.'],
    ['b: *x\n', 'f:1:4 aliases (*name) are not allowed here.'],
    ['a: !!js/function "x"\n', 'f:1:4 tags (!name) are not allowed here.'],
    ['%YAML 1.1\n---\na: NO\n', 'f:1:1 directives (%YAML, %TAG) are not allowed here.'],
    ['<<: { a: 1 }\n', 'f:1:1 merge keys (<<) are not allowed here.'],
    ['a:\n  __proto__: { b: 1 }\n', 'f:2:3 the key "__proto__" is not allowed.'],
    ['constructor: { prototype: 1 }\n', 'f:1:1 the key "constructor" is not allowed.'],
    ['toString: 1\n', 'f:1:1 the key "toString" is not allowed.'],
    ['1: a\n', 'f:1:1 a key must be text. Write a word before the colon, in quotes if it looks like a number.'],
    ['a: "\u0007"\n', 'f:1:5 the control character U+0007 is not allowed.'],
    [`a: ${'x'.repeat(300_000)}`, 'f:1:1 the file is larger than 262144 bytes (300003).'],
  ])('%j', (text, expected) => {
    expect(problemsOf(text)[0]).toBe(expected);
    expect(Object.prototype).not.toHaveProperty('b');
  });

  test.each([
    ['100,000 open lists', '['.repeat(100_000)],
    ['20,000 open mappings', '{a: '.repeat(20_000)],
    ['20,000 items in a line', '- '.repeat(20_000)],
    ['20,000 items behind a marker', `--- ${'- '.repeat(20_000)}`],
    ['20,000 explicit keys', '? '.repeat(20_000)],
    ['tabs between items', '-\t'.repeat(20_000)],
    ['600 levels of indent', Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('%s, twice in one process', (_, text) => {
    for (const problems of [problemsOf(text), problemsOf(text)])
      expect(problems.at(-1)).toMatch(/nested deeper|indented more/);
  });

  test('a long text in a checked field takes no time', () => {
    const long = 'a'.repeat(50_000);
    expect(problemsOf(withPart(`domain: ${long}`))[0]).toMatch(/^f:4:9 domain: "a{59}…" is no DNS name/);
    expect(problemsOf(withPart(`presets: { demo: { lifetime: ${'1d'.repeat(20_000)} } }`))[0]).toContain(
      'is no duration',
    );
  });
});

describe('each key', () => {
  test.each([
    ['domain: https://x.example', '4:9 domain: "https://x.example" is no DNS name'],
    ["domain: '*.x.example'", '4:9 domain: "*.x.example" is no DNS name'],
    ['domain:', '4:8 domain: text was expected, found nothing'],
    ['domain: NO', '4:9 domain: "NO" is no DNS name'],
    ['gitops: {}', '4:1 gitops.repository: this key is missing: text. Add it, or correct its name.'],
    ['gitops: { repository: acme/gitops }', '4:23 gitops.repository: "acme/gitops" is no address'],
    ['gitops: { repository: "ext::sh -c id" }', 'is no address of a repository'],
    ['gitops: { repository: "file:///x" }', 'is no address of a repository'],
    ['gitops: { repository: "git://h/x" }', 'is no address of a repository'],
    ['gitops: { repository: "-u=x" }', 'is no address of a repository'],
    ['gitops: { repository: "http://h.example/x" }', 'http:// would send the token in the open'],
    ['gitops: { repository: "https://token@h.example/x" }', 'must not hold credentials'],
    ['gitops: { repository: "ssh://git:word@h.example/x" }', 'must not hold credentials'],
    ['gitops: { repository: "https://h.example/x\\n" }', 'is no address of a repository'],
    ['gitops: { repository: https://h.example/x, branch: "a..b" }', 'gitops.branch: "a..b" is no branch'],
    [
      'gitops: { repository: git@github.com:acme/shop.git }',
      '4:9 gitops: "main" of acme/shop is a branch that pull requests of "shop" may go to',
    ],
    ['gitops: { repository: https://github.com/Acme/Shop }', 'it would loop'],
    ['controller: { kind: argo }', '4:21 controller.kind: argocd or flux was expected, found "argo".'],
    ['controller: { url: "http://argocd.example" }', 'http:// would send the token in the open'],
    ['cluster: { egress: [10.0.0.0] }', '4:21 cluster.egress[0]: "10.0.0.0" is no range'],
    ['cluster: { egress: [0.0.0.0/0] }', 'metadata address'],
    ['cluster: { egress: [10.0.0.0/8, 169.254.169.254/32] }', 'cluster.egress[1]'],
    ['cluster: { namespaceLabels: { bivouac.dev/x: a } }', '4:31 cluster.namespaceLabels.bivouac.dev/x'],
    ['cluster: { namespaceLabels: { pod-security.kubernetes.io/enforce: privileged } }', 'is set by Bivouac'],
    ['cluster: { namespaceLabels: { team: "a b" } }', 'is no value of a label'],
    ['cluster: { ingressAnnotations: { "a b": x } }', 'is no annotation'],
    ['cluster: { tls: Wild }', '"Wild" is no name of a Kubernetes object'],
    ['cluster: { frame: ../frame.yaml }', 'is no path below this file'],
    ['presets: { load: {} }', '4:18 presets.load: a preset of your own needs a prefix'],
    [
      'presets: { demo: { lifetime: 4m } }',
      '4:30 presets.demo.lifetime: "4m" is out of range. Give something from 5m to 90d.',
    ],
    ['presets: { demo: { lifetime: 91d } }', 'is out of range'],
    [
      'presets: { demo: { lifetime: 72 } }',
      'presets.demo.lifetime: text was expected, found the number 72. Write 72d.',
    ],
    [
      'presets: { demo: { quota: { cpu: 1 } } }',
      'presets.demo.quota.cpu: text was expected, found the number 1. Quote it: "1".',
    ],
    ['presets: { demo: { quota: { memory: 2GiB } } }', '"2GiB" is no Kubernetes quantity'],
    ['presets: { demo: { quota: { pods: 0 } } }', 'presets.demo.quota.pods: at least 1 expected, found the number 0.'],
    ['presets: { demo: { variables: { a-b: x } } }', 'presets.demo.variables.a-b: "a-b" is no name of a variable'],
    ['presets: { demo: { variables: { A: 1e3 } } }', 'found the number 1000. Quote it: "1e3".'],
    ['presets: { demo: { prefix: pr } }', 'could get one name'],
    ['limits: { removals: 2 }', '4:21 limits.removals: at least 3 expected, found the number 2.'],
    ['limits: { removals: 120% }', 'neither a number nor a share'],
    ['limits: { total: 1.5 }', 'a whole number was expected, found the number 1.5.'],
    ['policy: { kinds: [v1/Pod.x] }', 'is no kind'],
    ['policy: { kinds: [rbac.authorization.k8s.io/ClusterRole] }', 'stands above namespaces'],
    [
      'policy: { kinds: [HTTPRoute] }',
      '"HTTPRoute" has no group, so it could never match. gateway.networking.k8s.io/HTTPRoute is built in: leave it away.',
    ],
    ['policy: { kinds: [PodMonitor] }', 'Write <group>/PodMonitor, e.g. monitoring.coreos.com/PodMonitor.'],
    ['policy: { kinds: [secret] }', 'is no kind'],
    ['policy: { kinds: [v1/Secret] }', '"v1/Secret" has a version where the group stands. Write Secret.'],
    ['policy: { kinds: [apps/v1/Deployment] }', 'is no kind'],
    ['policy: { secretStores: [preview] }', 'is no secret store'],
    ['policy: { registries: [https://ghcr.io] }', 'is no registry'],
    ['feedback: { comment: yes }', '4:22 feedback.comment: true or false was expected, found "yes".'],
    ['forge: { kind: gitea }', '4:8 forge: gitea has no public address'],
    ['forge: null', 'a mapping was expected, found nothing'],
    ['pullRequests: { paths: [] }', 'at least 1 entry expected, found an empty list'],
    ['pullRequests: { draft: true }', '4:17 pullRequests.draft: unknown key. Did you mean "drafts"?'],
    ['polcy: {}', '4:1 polcy: unknown key. Did you mean "policy"?'],
    ['something: {}', 'unknown key. Known here: version, gitops'],
    ['applications: {}', '4:15 applications: there is no application.'],
  ])('%s', (part, expected) => {
    const problems = problemsOf(withPart(part));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });
});

describe('an application', () => {
  const application = (body: string): string =>
    withPart(`applications:\n  shop:\n    chart: charts/shop.ts\n${body.replace(/^/gm, '    ')}`);
  const two = 'repositories: [acme/shop, { name: acme/api, prefix: api }]';

  test.each([
    ['repositories: [shop]', '7:20 applications.shop.repositories[0]: "shop" is no repository'],
    ['repositories: [acme/..]', 'is no repository'],
    [
      'repositories: [acme/shop, acme/api]',
      '7:31 applications.shop.repositories[1]: every repository but the first needs a prefix',
    ],
    [
      'repositories: [{ name: acme/shop, prefix: api }]',
      '7:47 applications.shop.repositories[0].prefix: the first repository has no prefix',
    ],
    ['repositories: [acme/shop, { name: Acme/Shop, prefix: b }]', '"Acme/Shop" is there twice'],
    [
      'repositories: [acme/shop, { name: acme/api, prefx: b }]',
      'repositories[1].prefx: unknown key. Did you mean "prefix"?',
    ],
    [
      'repositories: acme/shop',
      'repositories: a list was expected, found "acme/shop". Write it as a list: [acme/shop].',
    ],
    ['repositories: [acme/shop]\noverrides: { lifetime: 7 }', 'found the number 7. Write 7d.'],
    ['repositories: [7]', 'text or a mapping was expected, found the number 7. Quote it: "7".'],
    ['repositories: [acme/shop, { name: acme/a, prefix: x }, { name: acme/b, prefix: x }]', 'could get one name'],
    ['repositories: [acme/shop, { name: acme/a, prefix: demo }]', 'could get one name'],
    [
      'repositories: [acme/shop]\nimages: { API: x }',
      '8:15 applications.shop.images.API: "API" is no name of an image',
    ],
    [
      "repositories: [acme/shop]\nimages: { api: 'x:{sha}' }",
      '8:20 applications.shop.images.api: "{sha}" is no placeholder',
    ],
    ["repositories: [acme/shop]\nimages: { api: 'x:{headSha' }", 'is no placeholder'],
    [
      'repositories: [acme/shop]\nimages: { api: ghcr.io/Acme/x }',
      'is no image reference: a repository is written in lower case',
    ],
    [
      'repositories: [acme/shop]\nimages: { api: { imge: x } }',
      'applications.shop.images.api.imge: unknown key. Did you mean "image"?',
    ],
    [
      'repositories: [acme/shop]\nimages: { api: { image: x, repository: acme/other } }',
      'is none of this application’s repositories',
    ],
    ['repositories: [acme/shop]\nimages: { api: { otherwise: x } }', '"otherwise" needs "repository"'],
    [`${two}\nimages: { api: 'x:{headSha}' }`, 'with several repositories a placeholder needs'],
    [
      `${two}\nimages: { api: { image: 'x:{number}', repository: acme/api } }`,
      'with several repositories a placeholder needs',
    ],
    [
      `${two}\nimages: { api: { image: x, repository: acme/api, otherwise: 'x:{number}' } }`,
      'images.api.otherwise: the other repositories',
    ],
    [
      'repositories: [acme/shop]\noverrides: { presets: [dmeo] }',
      '8:28 applications.shop.overrides.presets[0]: there is no preset "dmeo". Did you mean "demo"?',
    ],
    ['repositories: [acme/shop]\noverrides: { lifetime: none }', '"none" is no duration'],
  ])('%s', (body, expected) => {
    const problems = problemsOf(application(body));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });

  test.each(['../shop.ts', '/etc/shop.ts', 'C:\\shop.ts', 'a.ts#B#C', 'a.ts#b-c', '#Shop'])('no chart: %s', (chart) => {
    expect(
      problemsOf(withPart(`applications: { shop: { chart: '${chart}', repositories: [acme/shop] } }`)),
    ).toHaveLength(1);
  });

  test.each(['Shop', 'kube-shop', 'openshift-x', 'argocd', 'a'.repeat(27), '-x', 'é', 'a/b', '$(id)', '{{ .x }}'])(
    'no name: %s, at its key',
    (name) => {
      const [problem, ...others] = problemsOf(
        withPart(`applications:\n  '${name}': { chart: a.ts, repositories: [acme/shop] }`),
      );
      expect(problem).toMatch(/^f:5:3 applications\..* is no application name/);
      expect(others).toEqual([]);
    },
  );

  test('two whose names could meet are refused, with both named, once', () => {
    const both = (a: string, b: string): string =>
      withPart(
        `applications:\n  ${a}: { chart: a.ts, repositories: [acme/a] }\n  ${b}: { chart: a.ts, repositories: [acme/b] }`,
      );
    const problems = problemsOf(both('shop', 'shop-demo'));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('"shop" (demo, acme/a) and of "shop-demo" (benchmark, acme/b) could get one name');
    expect(problemsOf(both('shop', 'shop-api'))).toEqual([]);
  });

  test('gitops beside it on a branch that no pull request goes to is no loop', () => {
    const own = (rest: string): string =>
      `version: 1\ngitops: { repository: https://github.com/acme/shop, branch: environments }\ndomain: a.example\n${rest}` +
      'applications: { shop: { chart: a.ts, repositories: [acme/shop] } }\n';
    expect(problemsOf(own(''))).toHaveLength(1);
    expect(problemsOf(own("pullRequests: { baseBranches: [main, 'release/*'] }\n"))).toEqual([]);
    expect(problemsOf(own('forge: { url: https://github.example.com }\n'))).toEqual([]);
  });
});

describe('the frame', () => {
  const framed = withPart('cluster: { frame: frame.yaml }');
  const object = (kind: string, metadata: string, rest = ''): string =>
    `apiVersion: v1\nkind: ${kind}\nmetadata: ${metadata}\n${rest}`;

  test.each([
    [object('ClusterRole', '{ name: a }'), 'frame.yaml:2:7 kind: ClusterRole stands above namespaces'],
    [object('ConfigMapList', '{ name: a }'), 'stands above namespaces'],
    [
      object('Secret', '{ name: a }', 'stringData: { a: b }'),
      'frame.yaml:4:1 stringData: a Secret here would keep its data in Git',
    ],
    [
      object('ConfigMap', '{ name: bivouac-x }'),
      'frame.yaml:3:19 metadata.name: names beginning with "bivouac-" are ours',
    ],
    [
      object('ConfigMap', '{ name: a, namespace: kube-system }'),
      'frame.yaml:3:22 metadata.namespace: Bivouac sets the namespace',
    ],
    [object('ConfigMap', '{ generateName: a }'), 'frame.yaml:3:1 metadata.name: a name was expected'],
    [object('ConfigMap', '{ name: A }'), 'is no name of a Kubernetes object'],
    [object('Job', '{ name: a, annotations: { argocd.argoproj.io/hook: PreSync } }'), 'hooks break the removal'],
    [
      `${object('ConfigMap', '{ name: a }')}---\n${object('ConfigMap', '{ name: a }')}`,
      'frame.yaml:7:19 metadata.name: "ConfigMap/a" is there twice',
    ],
    ['- a\n', 'frame.yaml:1:1 an object was expected, found a list of 1'],
    ['apiVersion: v1\nkind: x\nmetadata: { name: a }\n', 'a kind was expected, found "x"'],
    ['kind: X\nmetadata: { name: a }\n', 'frame.yaml:1:1 apiVersion: an API version was expected, found nothing'],
    ['a: *b\n', 'frame.yaml:1:4 aliases'],
  ])('%s', (frame, expected) => {
    expect(problemsOf(framed, frame)[0]).toContain(expected);
  });

  test('its problems come with those of the configuration', () => {
    const text = framed.replace('version: 1', 'version: 1\nx: 1');
    expect(problemsOf(text, 'a: *b\n')).toEqual([
      expect.stringMatching(/^f:2:1 x/),
      expect.stringMatching(/^frame.yaml:1:4/),
    ]);
  });
});

describe('.bivouac.yaml', () => {
  const overrideProblems = (text: string): readonly string[] =>
    told(() => parseOverride(text, '.bivouac.yaml'), 'InvalidOverride');

  test.each(['', '# nothing\n', 'null\n', '{}'])('asks for nothing: %j', (text) => {
    expect(parseOverride(text, '.bivouac.yaml')).toEqual({ with: [], without: [], variables: {} });
  });

  test('every problem at once, with its place', () => {
    const text =
      'presets: demo\ncomponents: { with: [Frame, frame], witout: [] }\nvariables: { LOG: debug, A: 1, a-b: x }\nlifetime: 100d\n';
    expect(overrideProblems(text)).toMatchInlineSnapshot(`
     [
       ".bivouac.yaml:1:1 presets: unknown key. Did you mean "preset"?",
       ".bivouac.yaml:2:22 components.with[0]: "Frame" is no component name: it must match ^[a-z](?:[-a-z0-9]*[a-z0-9])?$ and have at most 22 characters. Use lower-case letters, digits and dashes, beginning with a letter, e.g. "shop".",
       ".bivouac.yaml:2:29 components.with[1]: "frame" is no component name: the frame uses it. Use lower-case letters, digits and dashes, beginning with a letter, e.g. "shop".",
       ".bivouac.yaml:2:37 components.witout: unknown key. Did you mean "without"?",
       ".bivouac.yaml:3:29 variables.A: text was expected, found the number 1. Quote it: "1".",
       ".bivouac.yaml:3:32 variables.a-b: "a-b" is no name of a variable. Use letters, digits and underscores, e.g. "LOG_LEVEL".",
       ".bivouac.yaml:4:11 lifetime: "100d" is out of range. Give something from 5m to 90d.",
     ]
    `);
  });

  test.each([
    ['variables: { a-b: x }', '1:14 variables.a-b: "a-b" is no name of a variable'],
    ['components: { with: [api], without: [api] }', '1:38 components.without[0]: "api" is in both lists'],
    ['- a', 'a mapping was expected'],
    [`a: ${'x'.repeat(70_000)}`, 'larger than 65536 bytes'],
    ['a: &a [*a, *a]', 'anchors'],
    ['domain: evil.example', 'domain: unknown key'],
  ])('%s', (text, expected) => {
    expect(overrideProblems(text)[0]).toContain(expected);
  });
});

test('whatever the text, there is a configuration or a UserError', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'version',
      'gitops',
      'repository',
      'domain',
      'applications',
      'shop',
      'chart',
      'images',
      'presets',
      'cluster',
    ),
    fc.constantFrom(
      'egress',
      'limits',
      'removals',
      'policy',
      '__proto__',
      'constructor',
      'https://github.com/a/b',
      '1',
      'true',
    ),
    fc.string({ maxLength: 8, unit: 'grapheme' }),
  );
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      word,
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(word, tie('node'), { maxKeys: 5 }),
    ),
  })).node;
  const yamlish = fc
    .array(
      fc.tuple(
        fc.nat(6),
        word,
        fc.constantFrom(': ', ':\n', '- ', ' ', '\t', '# ', ': [', ': {', '}', ']', '? ', '| ', '&', '*', '!', '"'),
        word,
      ),
      { maxLength: 20 },
    )
    .map((lines) => lines.map(([indent, a, between, b]) => `${' '.repeat(indent)}${a}${between}${b}`).join('\n'));
  const text = fc.oneof(
    tree.map((value) => JSON.stringify(value)),
    yamlish,
    yamlish.map((rest) => `version: 1\n${rest}`),
  );
  fc.assert(
    fc.property(text, (written) => {
      problemsOf(written, written);
      told(() => parseOverride(written, 'o'), 'InvalidOverride');
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 600 },
  );
});
