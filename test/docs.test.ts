import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { runStep } from './action/step.js';
import { parseOverride } from '../src/config/override.js';
import { parseConfig } from '../src/config/parse.js';
import { loadConfig } from '../src/config/load.js';
import { fluxSource } from '../src/controllers/flux/kustomization.js';
import { projectKinds } from '../src/controllers/argocd/project-kinds.js';
import { bivouac, createWorld, head } from './cli/harness.js';
import { codesInSources } from './docs/codes.js';
import { normalized, patternOf, typedIn } from './docs/console.js';
import {
  anchorsOf,
  type Block,
  blocksOf,
  documents,
  examples,
  pathOf,
  read,
  root,
  rowsOf,
  workflows,
} from './docs/documents.js';
import { keysOf, type Schema } from './docs/keys.js';

describe('links', () => {
  test.each(documents)('of %s lead somewhere', (document) => {
    const targets = [...read(document).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = targets.filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? document : join(dirname(document), path);
      return !existsSync(join(root, file)) || (anchor !== undefined && !anchorsOf(file).includes(anchor));
    });
    expect(broken).toEqual([]);
  });
});

describe('what is printed is what happens', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bivouac-docs-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Of the platform that the document describes, and not of one that lies here. */
  const isOwn = (block: Block): boolean =>
    ['ts', 'yaml'].includes(block.language) && !(pathOf(block) ?? 'examples/').startsWith('examples/');

  /** The reference platform, as a clone has it; or what the document itself says stands in its files. */
  const stage = async (name: string, files: readonly Block[]): Promise<string> => {
    const cwd = join(folder, name);
    await mkdir(join(cwd, 'charts'), { recursive: true });
    for (const block of files) await writeFile(join(cwd, pathOf(block) ?? ''), block.text);
    if (files.length > 0) return cwd;
    await cp(join(root, 'bivouac.yaml'), join(cwd, 'bivouac.yaml'));
    await cp(join(root, 'charts/shop.ts'), join(cwd, 'charts/shop.ts'));
    await bivouac(['build'], { cwd }); // so that each command starts faster
    return cwd;
  };

  const shown = documents.flatMap((document) => {
    const names = new Set(blocksOf(document).flatMap(({ language, of }) => (language === 'console' ? [of] : [])));
    return [...names].map((of) => ({ document, of }));
  });

  test('in documents that type something', () => {
    expect(shown.length).toBeGreaterThan(3);
  });

  test.each(shown)('in $document $of', async ({ document, of }) => {
    const blocks = blocksOf(document);
    const files = of === '' ? [] : blocks.filter(isOwn);
    const cwd = await stage(`${document.replaceAll('/', '-')}${of}`, files);
    for (const { args, expected } of blocks
      .filter((block) => block.language === 'console' && block.of === of)
      .flatMap(typedIn)) {
      const { stdout, stderr } = await bivouac(args, { cwd });
      expect(normalized(stderr + stdout)).toMatch(patternOf(expected));
    }
  });
});

describe('YAML in texts', () => {
  const yaml = documents.flatMap((document) =>
    blocksOf(document)
      .filter(({ language }) => language === 'yaml')
      .map((block) => ({ document, block, path: pathOf(block) ?? '' })),
  );

  test('configurations are read', () => {
    const configs = yaml.filter(({ path }) => path === 'bivouac.yaml');
    expect(configs.length).toBeGreaterThan(1);
    const origin = { file: 'bivouac.yaml', directory: '/', readFrame: () => undefined };
    expect(configs.map(({ block }) => parseConfig(block.text, origin).applications.size)).toEqual(configs.map(() => 1));
  });

  test('override files are read', () => {
    const overrides = yaml.filter(({ path }) => path === '.bivouac.yaml');
    expect(overrides.map(({ block }) => parseOverride(block.text, '.bivouac.yaml').with)).toEqual([['mailer']]);
  });

  test('objects are those of an example, whole', () => {
    const objects = yaml.filter(({ path }) => path.startsWith('examples/'));
    expect(objects.map(({ path }) => path)).toEqual(['examples/argocd/shop.yaml']);
    for (const { path, block } of objects) expect(block.text).toBe(`# ${path}\n${read(path)}`);
  });

  test('anything else is a piece of an example', () => {
    const steps = workflows.flatMap((path) => jobsOf(path).flatMap(({ steps }) => steps));
    const pieces = yaml.filter(({ path }) => !path.endsWith('bivouac.yaml') && !path.startsWith('examples/'));
    expect(steps).toEqual(
      expect.arrayContaining(pieces.flatMap(({ block }) => parse(block.text) as readonly (typeof steps)[number][])),
    );
    expect(pieces).not.toEqual([]);
  });
});

interface Job {
  readonly 'timeout-minutes'?: number;
  readonly permissions?: unknown;
  readonly steps: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
    readonly env?: Readonly<Record<string, string>>;
  }[];
}
interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, { readonly types?: readonly string[]; readonly workflows?: readonly string[] }>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}
const workflowOf = (path: string): Workflow => parse(read(path)) as Workflow;
const jobsOf = (path: string): readonly Job[] => Object.values(workflowOf(path).jobs);

/** What a checkout does that its event makes dangerous: only `pull_request` runs may hold what a pull request wrote. */
const carelessnessOf = (given: Readonly<Record<string, unknown>>, { on }: Workflow): readonly string[] => {
  const trusted = on['pull_request'] === undefined;
  return [
    ...(given['persist-credentials'] === false ? [] : ['keeps its credential']),
    ...(given['allow-unsafe-pr-checkout'] === undefined ? [] : ['lets fork code in']),
    ...(trusted && given['ref'] !== undefined ? ['names a ref'] : []),
    ...(trusted && /\$\{\{/.test(JSON.stringify(given['repository'] ?? ''))
      ? ['takes its repository from the event']
      : []),
    ...(on['pull_request_target'] !== undefined && given['repository'] === undefined ? ['checks itself out'] : []),
  ];
};

describe.each(workflows)('%s', (path) => {
  const workflow = workflowOf(path);
  const steps = jobsOf(path).flatMap((job) => job.steps);

  test('names what it may do, and when it gives up', () => {
    expect(Object.keys(workflow.permissions ?? {})).toContain('contents');
    expect(Object.values(workflow.permissions ?? {})).not.toContain('write-all');
    expect(jobsOf(path).map((job) => job['timeout-minutes'])).toEqual(jobsOf(path).map(() => expect.any(Number)));
  });

  test('pins what others wrote, with the version beside it', () => {
    const uses = [...read(path).matchAll(/uses: (.*)$/gm)].map(([, use]) => use);
    expect(uses.length).toBeGreaterThan(1);
    expect(uses).toEqual(uses.map(() => expect.stringMatching(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)));
  });

  test('hears every event that changes an environment', () => {
    const events = Object.values(workflow.on).flatMap(({ types = [] }) => types);
    const needed = ['closed', 'edited', 'labeled', 'unlabeled', 'ready_for_review', 'converted_to_draft'];
    const isSweep = Object.keys(workflow.on).every((event) => ['schedule', 'workflow_dispatch'].includes(event));
    const others = { workflow_run: ['completed'], issue_comment: ['created'] };
    const [other] = Object.entries(others).filter(([event]) => workflow.on[event] !== undefined);
    const those = isSweep ? [] : (other?.[1] ?? needed);
    expect(events).toEqual(expect.arrayContaining(those));
  });

  test('leaves no credential in the work tree, and takes no foreign code beside one', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.flatMap((step) => carelessnessOf(step.with ?? {}, workflow))).toEqual([]);
    expect(checkouts).toHaveLength(1);
  });

  test('writes nothing of the event into a script, and runs no package that isn’t installed', () => {
    const careless = steps.filter(({ run = '' }) => run.includes('${{') || /npx (?!--no )/.test(run));
    expect(careless.map(({ run }) => run)).toEqual([]);
  });
});

describe('examples', () => {
  test('are YAML without duplicates or aliases', () => {
    const broken = examples.filter((path) =>
      parseAllDocuments(read(path)).some(({ errors, warnings }) => errors.length + warnings.length > 0),
    );
    expect(broken).toEqual([]);
  });

  test('the two stages know each other', () => {
    const { name } = workflowOf('examples/github-actions/render.yml');
    expect(workflowOf('examples/github-actions/publish.yml').on['workflow_run']?.workflows).toEqual([name]);
    expect(read('examples/github-actions/render.yml')).not.toContain('secrets.');
  });

  test('the step of the simple set-up makes an environment', async () => {
    const world = await createWorld();
    try {
      world.github.openPullRequest({ number: 42, headSha: head, title: 'A faster checkout' });
      const step = jobsOf('examples/github-actions/environment.yml')
        .flatMap((job) => job.steps)
        .find(({ uses }) => uses?.startsWith('acme/bivouac@'));
      const values: Readonly<Record<string, string>> = {
        '${{ secrets.GITOPS_TOKEN }}': world.git.token,
      };
      const given = Object.entries(step?.with ?? {}).map(([name, value]) => [name, values[String(value)] ?? '']);
      const { code } = await runStep(world, { with: Object.fromEntries(given) as Record<string, string> });
      expect({ code, files: await world.files() }).toMatchObject({
        code: 0,
        files: expect.arrayContaining(['environments/shop/pr-42/environment.json']),
      });
    } finally {
      await world.end();
    }
  });

  test('the AppProject admits the kinds that the gate lets pass', () => {
    const [project, set] = parseAllDocuments(read('examples/argocd/shop.yaml')).map(
      (document) => document.toJS() as { spec: Record<string, unknown> },
    );
    const config = loadConfig(join(root, 'bivouac.yaml'));
    expect(project?.spec['namespaceResourceWhitelist']).toEqual(projectKinds(config));
    expect(set?.spec['template']).toMatchObject({ spec: { project: 'shop-environments' } });
  });

  test('Flux’s source has the name that the Kustomizations read', () => {
    const [source] = parseAllDocuments(read('examples/flux/environments.yaml'));
    expect(source?.toJS()).toMatchObject({ kind: 'GitRepository', metadata: fluxSource });
  });
});

describe('lists', () => {
  test('docs/errors.md has every code of the sources, each with its exit code, and no other', () => {
    const documented = rowsOf('docs/errors.md').map(([code = '', exitCode = '']) => `${code} ${exitCode}`);
    // what is caught at the top has no place that makes it
    const made = [...codesInSources(), ['InternalError', '1'] as const];
    expect(documented).toEqual([...new Set(documented)]);
    expect([...documented].sort()).toEqual([...new Set(made.map((each) => each.join(' ')))].sort());
  });

  test('docs/configuration.md has every key of the schema with its default, and no other', () => {
    const keys = keysOf(JSON.parse(read('schema.json')) as Schema).filter(
      ([path]) => path !== '$schema' && !path.startsWith('applications.<name>.pullRequests.'),
    );
    const rows = rowsOf('docs/configuration.md').slice(0, keys.length);
    expect(rows.map(([key = '', value = '']) => `${key} ${value}`)).toEqual(keys.map((each) => each.join(' ')));
  });

  test('docs/dictionary.md names types where they are', () => {
    const rows = [...read('docs/dictionary.md').matchAll(/^\| [^|]+ \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/gm)].slice(2);
    const wrong = rows.flatMap(([row, types = '', places = '']) => {
      const paths = [...places.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
      const missing = paths.filter((path) => !existsSync(join(root, path)));
      const texts = paths.filter((path) => path.endsWith('.ts') && existsSync(join(root, path))).map(read);
      const unknown = [...types.matchAll(/`(\w+)`/g)].filter(
        ([, name]) => texts.length > 0 && !texts.some((text) => new RegExp(`export .*\\b${name}\\b`).test(text)),
      );
      return missing.length + unknown.length > 0 ? [row] : [];
    });
    expect(rows.length).toBeGreaterThan(15);
    expect(wrong).toEqual([]);
  });

  test('README’s exit codes and commands are those of the program', async () => {
    const { stdout } = await bivouac(['--help'], { cwd: root });
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name);
    const text = read('README.md');
    expect(commands.filter((name) => name !== 'help' && !text.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('texts that people act on', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'bivouac-texts-'));
    await cp(join(root, 'bivouac.yaml'), join(cwd, 'bivouac.yaml'));
    await cp(join(root, 'charts/shop.ts'), join(cwd, 'charts/shop.ts'));
  });
  afterAll(() => rm(cwd, { recursive: true, force: true }));

  test('a code host that isn’t there yet is refused before GitHub’s token is sent to it', async () => {
    const written = read('bivouac.yaml').replace(
      'policy:',
      'forge: { kind: gitlab, url: https://gitlab.example.com }\npolicy:',
    );
    await writeFile(join(cwd, 'gitlab.yaml'), written);
    const { code, stderr } = await bivouac(['--config', 'gitlab.yaml', 'explain', 'shop/pr-42'], {
      cwd,
      env: { GITHUB_TOKEN: 'of-github-alone' },
    });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('ForgeUnsupported') });
  });

  test('a dry run names no commit, for there is none', async () => {
    const { stdout } = await bivouac(['up', '--pull-request', '42', '--dry-run'], { cwd });
    expect(stdout).toContain('would be created');
    expect(stdout).not.toContain('commit ');
  });

  test('explain shows times as show does, and every label in a column of its own', async () => {
    const { stdout } = await bivouac(['explain', 'shop/pr-42'], { cwd });
    expect(stdout).toMatch(/^ {2}expires +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/m);
    expect(stdout).toMatch(/^ {2}component database {2,}part of/m);
  });
});

describe('the package', () => {
  test('holds what the demo and the embedded default read', () => {
    const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [{ files }] = JSON.parse(packed) as [{ files: readonly { path: string }[] }];
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['bin/bivouac.cjs', 'dist/cli/main.cjs', 'bivouac.yaml', 'charts/shop.ts', 'schema.json']),
    );
  });
});
