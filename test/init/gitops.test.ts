import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { parseConfig } from '../../src/config/parse.js';
import type { Config } from '../../src/config/config.js';
import { appProject } from '../../src/controllers/argocd/project.js';
import { applicationSet } from '../../src/controllers/argocd/application-set.js';
import { namespacePatterns } from '../../src/controllers/argocd/namespaces.js';
import { fluxUrl } from '../../src/controllers/flux/objects.js';
import { candidates } from '../../src/decide/candidates.js';
import { gitopsFiles } from '../../src/init/gitops.js';
import { compileGlobs } from '../../src/model/glob.js';
import { givenEnvironment } from '../../src/model/names.js';
import { pullRequestNumber } from '../../src/model/pull-request.js';
import { packageDirectory } from '../synth/builders.js';
import { exampleConfig } from './example.js';

const example = (path: string): string => readFileSync(join(packageDirectory, 'examples', path), 'utf8');
const textOf = (config: Config, path: string, options = {}): string =>
  gitopsFiles(config, options).find((file) => file.path === path)?.text ?? '';
const objectsIn = (text: string) => parseAllDocuments(text).map((document) => document.toJS() as unknown);

const written = (application: string, repositories = '[acme/shop]'): Config =>
  parseConfig(
    `version: 1
gitops: { repository: https://github.com/acme/gitops.git }
domain: preview.example.com
applications: { ${application}: { chart: charts/shop.ts, repositories: ${repositories} } }
`,
    { file: 'bivouac.yaml', directory: '/', readFrame: () => undefined },
  );

describe('examples', () => {
  test.each([
    ['argocd/shop.yaml', textOf(exampleConfig(), 'argocd/shop.yaml')],
    ['flux/environments.yaml', textOf(exampleConfig('flux'), 'flux-system/environments.yaml')],
  ])('%s is what `bivouac init gitops` writes', (path, text) => {
    expect(example(path)).toBe(text);
  });
});

describe('what is written', () => {
  test('for Argo CD: an AppProject and an ApplicationSet for each application, as data and as YAML the same', () => {
    const config = exampleConfig();
    const [application] = config.applications.values();
    expect(gitopsFiles(config).map(({ path }) => path)).toEqual([
      'README.md',
      '.gitattributes',
      'environments/README.md',
      'argocd/shop.yaml',
    ]);
    expect(objectsIn(textOf(config, 'argocd/shop.yaml'))).toEqual([
      appProject(application!, config),
      applicationSet(application!, config),
    ]);
  });

  test('for Argo CD beside Gitea, whose webhooks its sets refuse: a shorter poll', () => {
    const gitea = exampleConfig('argocd', { forge: { kind: 'gitea', url: 'https://gitea.example.com' } });
    expect(textOf(gitea, 'argocd/shop.yaml')).toContain('requeueAfterSeconds: 30\n');
    expect(textOf(exampleConfig(), 'argocd/shop.yaml')).toContain('requeueAfterSeconds: 180\n');
  });

  test('for Flux: its two objects, and a folder that stays when the last environment goes', () => {
    const files = gitopsFiles(exampleConfig('flux'));
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['flux/README.md', 'flux-system/environments.yaml']),
    );
    expect(files.filter(({ path }) => path.startsWith('argocd/'))).toEqual([]);
    expect(textOf(exampleConfig('flux'), '.gitattributes')).toContain('flux/** linguist-generated');
  });

  test('every file for the cluster says that an administrator applies it and nobody syncs it', () => {
    for (const kind of ['argocd', 'flux'] as const) {
      const options = { notifications: kind === 'argocd' };
      const applied = gitopsFiles(exampleConfig(kind), options).filter((file) => file.applied === true);
      expect(applied.length).toBeGreaterThan(0);
      for (const { text, path } of applied) {
        expect(text).toMatch(/^# Written by `bivouac init gitops`/);
        expect(text).toMatch(/Never let (?:Argo CD|Flux) sync it from this repository/);
        expect(text).toContain(`-f ${path}`);
        expect(text).toMatch(/administrator applies/);
      }
    }
  });

  test('notifications are keyed on what was synced, and set the status of the application’s own commit', () => {
    const config = exampleConfig('argocd', { forge: { kind: 'github', url: 'https://git.example.com' } });
    const text = textOf(config, 'argocd/argocd-notifications-cm.yaml', { notifications: true });
    const [{ data }] = objectsIn(text) as [{ data: Record<string, string> }];
    const triggers = Object.entries(data).filter(([key]) => key.startsWith('trigger.'));
    expect(triggers.map(([key]) => key)).toEqual(['trigger.bivouac-ready', 'trigger.bivouac-failed']);
    for (const [, trigger] of triggers)
      expect(trigger).toContain('oncePer: app.status?.operationState?.syncResult?.revision');
    expect(data['template.bivouac-ready']).toContain(
      `repoURLPath: 'https://git.example.com/{{ index .app.metadata.annotations "bivouac.dev/repository" }}'`,
    );
    expect(data['service.github']).toContain('enterpriseBaseURL: https://git.example.com');
    const subscribed = textOf(config, 'argocd/shop.yaml', { notifications: true });
    for (const [key] of triggers)
      expect(subscribed).toContain(`notifications.argoproj.io/subscribe.${key.slice('trigger.'.length)}.github: ''`);
    expect(textOf(config, 'argocd/shop.yaml')).not.toContain('notifications.argoproj.io');
  });

  test('a path on this disk, and notifications where there are none, are refused', () => {
    const { gitops } = exampleConfig();
    const local = exampleConfig('argocd', { gitops: { ...gitops, repository: '/srv/gitops.git' } });
    expect(() => gitopsFiles(local)).toThrow(expect.objectContaining({ code: 'GitOpsNotReachable' }));
    expect(() => gitopsFiles(exampleConfig('flux'), { notifications: true })).toThrow(
      expect.objectContaining({ code: 'NotificationsUnsupported' }),
    );
  });

  test('a cluster of another name: its own records alone, and the name that it has in Argo CD', () => {
    const { cluster } = exampleConfig();
    const config = exampleConfig('argocd', { cluster: { ...cluster, name: 'preview-eu' } });
    const [project, set] = objectsIn(textOf(config, 'argocd/shop.yaml'));
    expect(project).toMatchObject({
      spec: { destinations: expect.arrayContaining([{ name: 'preview-eu', namespace: 'shop-pr-*' }]) },
    });
    expect(set).toMatchObject({
      spec: {
        generators: [{ selector: { matchLabels: { cluster: 'preview-eu' } } }],
        template: { spec: { destination: { name: 'preview-eu', namespace: '{{ .name }}' } } },
      },
    });
  });

  test.each([
    ['git@github.com:acme/gitops.git', 'ssh://git@github.com/acme/gitops.git'],
    ['github.com:acme/gitops', 'ssh://github.com/acme/gitops'],
    ['ssh://git@github.com:2222/acme/gitops.git', 'ssh://git@github.com:2222/acme/gitops.git'],
    ['https://github.com/acme/gitops.git', 'https://github.com/acme/gitops.git'],
  ])('Flux reads %s as %s', (written, read) => {
    expect(fluxUrl(written)).toBe(read);
  });
});

describe('namespaces of a project', () => {
  test('one pattern for each preset with each repository', () => {
    const config = written('shop', '[acme/shop, { name: acme/api, prefix: api }]');
    const patterns = namespacePatterns([...config.applications.values()][0]!, config);
    expect(patterns).toEqual(
      ['', 'api-']
        .flatMap((prefix) =>
          ['bench', 'demo', 'e2e', 'hotfix', 'pr', 'training'].map((preset) => `shop-${prefix}${preset}-*`),
        )
        .sort(),
    );
  });

  test('hold every name that an environment can get, cut ones too, and nothing beside them', () => {
    const configs = new Map<number, Config>(); // reading one takes longer than everything else here
    const configFor = (length: number): Config => {
      const config = configs.get(length) ?? written('a'.repeat(length), '[acme/shop, { name: acme/api, prefix: api }]');
      configs.set(length, config);
      return config;
    };
    const lengths = fc.integer({ min: 2, max: 26 });
    const numbers = fc.integer({ min: 1, max: 2_147_483_647 });
    fc.assert(
      fc.property(lengths, numbers, fc.string({ minLength: 1, maxLength: 60 }), (length, number, given) => {
        const name = 'a'.repeat(length);
        const config = configFor(length);
        const application = [...config.applications.values()][0]!;
        const admits = compileGlobs(
          namespacePatterns(application, config).map((each) => each.replaceAll('[0-9]', '?')),
        );
        const slug = given
          .toLowerCase()
          .replaceAll(/[^a-z0-9]+/g, '-')
          .replaceAll(/^-|-$/g, '');
        const named = [...config.presets.values()].map(({ name: preset, prefix }) =>
          givenEnvironment({ application: application.name, preset, presetPrefix: prefix, given, slug }),
        );
        const numbered = application.repositories.flatMap((repository) =>
          candidatesIn({ repository: repository.name, number: pullRequestNumber(number) }, config),
        );
        for (const environment of [...named, ...numbered]) expect(admits(`${name}-${environment}`)).toBe(true);
        for (const foreign of ['production', 'staging', 'x']) expect(admits(`${name}-${foreign}`)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

/** Names of a pull request's environments; none where the application's name leaves no room. */
const candidatesIn = (...[key, config]: Parameters<typeof candidates>): readonly string[] => {
  try {
    return candidates(key, config).map(({ id }) => id.environment);
  } catch {
    return [];
  }
};
