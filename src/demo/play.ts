import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { atInterrupt } from '../cli/interrupt.js';
import { openGitRepository } from '../gitops/git/repository.js';
import { environmentName, applicationName } from '../model/names.js';
import { startFakeGitHub } from './fake-github/server.js';
import type { FakeGitHub } from './fake-github/server.js';
import { type Checkout, number, type Step, story } from './story.js';
import { treeOf } from './tree.js';

type Variables = Readonly<Record<string, string | undefined>>;

export interface Stage {
  readonly packageDirectory: string;
  readonly environment: Variables;
  readonly color: boolean;
  show(text: string): void;
  /** Runs a command line as a CI job would, in its folder and with its variables. */
  runCommand(
    argv: readonly string[],
    job: { readonly cwd: string; readonly environment: Variables; readonly write: (text: string) => void },
  ): Promise<number>;
}

export interface Played {
  readonly steps: readonly { readonly title: string; readonly exitCode: number }[];
  /** A step ended otherwise than the story says. */
  readonly failed: boolean;
}

/** Plays the story in a throw-away folder: a GitOps repository on this disk, a GitHub on loopback, the real commands. */
export async function play(stage: Stage): Promise<Played> {
  const folder = await mkdtemp(join(tmpdir(), 'bivouac-demo-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const forget = await atInterrupt(remove);
  const github = await startFakeGitHub();
  try {
    const checkout = await prepare(folder, stage);
    stage.show(
      bold(
        stage,
        'Bivouac: what a CI job does for one pull request. Everything here is real but GitHub, and is thrown away.',
      ),
    );
    const steps = [];
    for (const [index, step] of story.entries())
      steps.push(await playStep({ step, index, github, checkout, folder, stage }));
    stage.show(next);
    return { steps, failed: steps.some(({ exitCode }, index) => exitCode !== story[index]?.exitCode) };
  } finally {
    await github.stop();
    await remove();
    forget();
  }
}

/** The application repository of the story: the reference platform with its charts. */
async function prepare(folder: string, { packageDirectory }: Stage): Promise<Checkout> {
  const app = join(folder, 'shop');
  await mkdir(app);
  await cp(join(packageDirectory, 'charts', 'shop.ts'), join(app, 'charts', 'shop.ts'), { recursive: true });
  const written = await readFile(join(packageDirectory, 'bivouac.yaml'), 'utf8');
  await writeFile(join(app, 'bivouac.yaml'), written.replace('.bivouac/gitops.git', '../gitops.git'));
  return {
    edit: async (file, from, to) => {
      const text = await readFile(join(app, file), 'utf8');
      await writeFile(join(app, file), text.replace(from, to));
    },
  };
}

interface Scene {
  readonly step: Step;
  readonly index: number;
  readonly github: FakeGitHub;
  readonly checkout: Checkout;
  readonly folder: string;
  readonly stage: Stage;
}

async function playStep({ step, index, github, checkout, folder, stage }: Scene) {
  await step.happens(github, checkout);
  const event = join(folder, 'event.json');
  await writeFile(event, JSON.stringify(github.payload(number, step.action, step.label)));
  const environment: Variables = {
    PATH: stage.environment.PATH,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: event,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_API_URL: github.url,
    GITHUB_TOKEN: github.token,
    BIVOUAC_GITOPS_TOKEN: 'demo-gitops-token',
  };
  let output = '';
  const exitCode = await stage.runCommand(['reconcile'], {
    cwd: join(folder, 'shop'),
    environment,
    write: (text) => (output += text),
  });
  stage.show(`\n${bold(stage, `${index + 1}. ${step.title}`)}`);
  stage.show(`   ${dim(stage, `event: pull_request ${step.action}`)}`);
  stage.show(`\n$ bivouac reconcile\n${output.trimEnd()}\n${dim(stage, `exit code ${exitCode}`)}`);
  stage.show(`\n${bold(stage, 'environments/ in the GitOps repository')}\n${await environments(folder, stage)}`);
  stage.show(
    `\n${bold(stage, 'the comment on the pull request')}\n${quoted(github.comments(number).at(-1)?.body ?? '(none)')}`,
  );
  stage.show(`\n${dim(stage, step.lesson)}`);
  return { title: step.title, exitCode };
}

async function environments(folder: string, { environment }: Stage): Promise<string> {
  const repository = openGitRepository({
    url: join(folder, 'gitops.git'),
    branch: 'main',
    environment: { PATH: environment.PATH },
    identity: { name: 'demo', email: 'demo@example.com' },
  });
  const forget = await atInterrupt(() => repository.close());
  try {
    const id = { application: applicationName('shop'), environment: environmentName(`pr-${number}`) };
    const base = await repository.read([id]);
    const files = [...base.environments.values()].flatMap((stored) =>
      [...stored.files.keys()].map((file) => `shop/${stored.id.environment}/${file}`),
    );
    return files.length === 0 ? '  (empty)' : treeOf(files);
  } finally {
    await repository.close();
    forget();
  }
}

/** Folded as a browser shows it, without the lines that are for machines. */
const quoted = (markdown: string): string =>
  markdown
    .replace(/<details><summary>(.*?)<\/summary>[\s\S]*?<\/details>/g, '▸ $1')
    .split('\n')
    .filter((line) => !line.startsWith('<!--'))
    .join('\n')
    .trim()
    .split('\n')
    .map((line) => `  │ ${line}`.trimEnd())
    .join('\n');

const bold = ({ color }: Stage, text: string): string => (color ? styleText('bold', text) : text);
const dim = ({ color }: Stage, text: string): string => (color ? styleText('dim', text) : text);

const next = `
What to try next
  npx bivouac render --application shop --pull-request 42 --head-sha 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d
  npx bivouac up --application shop --pull-request 42 --with mailer      a GitOps repository in .bivouac/, on this disk
  npx bivouac show shop/pr-42 · npx bivouac diff shop/pr-42 --against base · npx bivouac down shop/pr-42 --yes
  edit charts/shop.ts, then npx bivouac diff shop/pr-42
  docs/guides/ci-job.md   put it into your own CI`;
