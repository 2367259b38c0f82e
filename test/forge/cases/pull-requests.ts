// A real pull request on a real Gitea, driven by `bivouac` as a process.
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitea } from '../../../src/forges/gitea/gitea.js';
import { commitSha, pullRequestNumber, repositoryName } from '../../../src/model/pull-request.js';
import { bivouac } from '../../cli/harness.js';
import { runGit } from '../../git/run.js';
import type { Case } from '../../publish/case.js';
import { demand } from '../../publish/faults/proof.js';
import { connectForge, type Forge } from '../forge.js';
import { type Application, openApplication } from '../application.js';

const connected = connectForge();
const root = join(import.meta.dirname, '../../..');

/** The program that the processes run, as it is now. */
let isBuilt = false;
const build = (): void => {
  if (isBuilt) return;
  const script = 'import("./test/build-bundle.mjs").then((bundle) => bundle.default())';
  const built = spawnSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' });
  demand(built.status === 0, built.stderr);
  isBuilt = true;
};

/** An application and a GitOps repository on the forge, and a platform's folder. */
interface Stage {
  readonly forge: Forge;
  readonly application: Application;
  readonly gitops: string;
  /** Runs the command line; gives the outcomes' kinds and reasons. */
  readonly run: (...args: readonly string[]) => Promise<readonly Told[]>;
  /** Paths on the GitOps branch. */
  readonly files: () => Promise<readonly string[]>;
}

interface Told {
  readonly outcome: string;
  readonly reason: string;
  readonly warnings: readonly string[];
}

const onStage =
  (play: (stage: Stage) => Promise<string | undefined>): Case['run'] =>
  async () => {
    const forge = connected;
    if (forge === undefined) return { skipped: 'FORGE_URL isn’t set' };
    build();
    const folder = await mkdtemp(join(tmpdir(), 'forge-stage-'));
    const [application, gitops] = [await openApplication(forge), await forge.createRepository()];
    const url = `${forge.url}/${forge.owner}/${gitops}.git`;
    await mkdir(join(folder, 'charts'));
    await cp(join(root, 'charts/shop.ts'), join(folder, 'charts/shop.ts'));
    const sample = await readFile(join(root, 'bivouac.yaml'), 'utf8');
    const configured = sample
      .replace('.bivouac/gitops.git', url)
      .replaceAll('acme/shop\n', `${forge.owner}/${application.name}\n`)
      .replaceAll('[acme/shop]', `[${forge.owner}/${application.name}]`);
    const more = `\nforge: { kind: gitea, url: '${forge.url}' }\nfeedback: { status: true }\n`;
    await writeFile(join(folder, 'bivouac.yaml'), configured + more);
    const env = { BIVOUAC_GITOPS_TOKEN: forge.token, BIVOUAC_GITEA_TOKEN: forge.token };
    const built = await bivouac(['build'], { cwd: folder, env });
    demand(built.code === 0, built.stderr);
    try {
      return await play({
        ...{ forge, application, gitops },
        run: async (...args) => {
          const ended = await bivouac([...args, '-o', 'json'], { cwd: folder, env });
          demand(ended.code === 0, `bivouac ${args.join(' ')}: ${ended.code}\n${ended.stderr}`);
          demand(!`${ended.stdout}${ended.stderr}`.includes(env.BIVOUAC_GITEA_TOKEN), 'the token shows');
          const { outcomes = [] } = JSON.parse(ended.stdout) as { outcomes?: readonly Told[] };
          return outcomes;
        },
        files: async () => {
          const address = url.replace('://', `://${forge.owner}:${forge.token}@`);
          const clone = await mkdtemp(join(folder, 'clone-'));
          await runGit(clone, ['clone', '--quiet', '--bare', address, '.']);
          return (await runGit(clone, ['ls-tree', '-r', '--name-only', 'main'])).split('\n');
        },
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

const expectOne = (outcomes: readonly Told[], outcome: string, reason: string): void => {
  const said = outcomes.map((each) => `${each.outcome} ${each.reason} ${each.warnings.join()}`.trim()).join('; ');
  demand(said === `${outcome} ${reason}`, `${said} instead of ${outcome} ${reason}`);
};

const lifecycle = onStage(async ({ forge: { owner }, application, run, files }) => {
  const { number, sha } = await application.openPullRequest('change-1');
  const of = ['--pull-request', String(number), '--repository', `${owner}/${application.name}`];
  const reconcile = () => run('reconcile', ...of);
  expectOne(await reconcile(), 'Created', 'Opened');
  demand((await files()).includes(`environments/shop/pr-${number}/environment.json`), 'no record in Git');
  const [comment = { id: 0, body: '' }, ...others] = await application.comments(number);
  demand(comment.id !== 0 && others.length === 0, 'there isn’t one comment');
  demand(comment.body.includes(sha.slice(0, 7)), 'the comment doesn’t name the commit');
  demand((await application.status(sha)) === `bivouac/shop-pr-${number} pending`, await application.status(sha));
  expectOne(await reconcile(), 'Unchanged', 'SameTree');

  const pushed = await application.push('change-1');
  expectOne(await reconcile(), 'Updated', 'HeadCommitChanged');
  const [edited] = await application.comments(number);
  demand(edited?.id === comment.id && edited.body.includes(pushed.slice(0, 7)), 'the comment wasn’t edited');
  demand((await application.status(pushed)) !== '', 'the new head has no status');

  await run('down', ...of, '--yes');
  demand((await application.labels(number)).includes('bivouac:off'), 'down set no label');
  demand(!(await files()).some((path) => path.includes(`/pr-${number}/`)), 'the directory is still there');
  expectOne(await reconcile(), 'Ignored', 'Off');
  await run('up', '--application', 'shop', ...of);
  demand(!(await application.labels(number)).includes('bivouac:off'), 'up left the label');
  await run('explain', ...of);
  await application.close(number);
  expectOne(await reconcile(), 'Removed', 'Closed');
  const [last, ...more] = await application.comments(number);
  demand(
    last?.id === comment.id && more.length === 0 && last.body.includes('removed'),
    'the comment doesn’t say removed',
  );
  return undefined;
});

const guests = onStage(async ({ forge, application, run, files }) => {
  const { owner } = forge;
  const guest = await forge.createUser(['write:repository', 'write:issue', 'read:user']);
  await application.change({ private: false });
  const { number } = await application.openFromFork(guest);
  const of = ['--pull-request', String(number), '--repository', `${owner}/${application.name}`];
  expectOne(await run('reconcile', ...of), 'Ignored', 'Fork');
  demand(
    (await application.comments(number)).some(({ body }) => body.includes('fork')),
    'its author isn’t told',
  );
  demand(
    !(await files().catch(() => [])).some((path) => path.includes(`/pr-${number}/`)),
    'the fork got an environment',
  );
  return undefined;
});

const ports = onStage(async ({ forge, application }) => {
  const { owner, url, token } = forge;
  const notes: string[] = [];
  const host = gitea({ url, token, log: (text) => notes.push(text) });
  const repository = repositoryName(`${owner}/${application.name}`);
  const { number, sha } = await application.openPullRequest('release/1.x', { files: 60 });
  const ref = { forge: 'gitea', repository, number: pullRequestNumber(number) } as const;
  const equal = (what: string, found: unknown, wanted: unknown): void =>
    demand(
      JSON.stringify(found) === JSON.stringify(wanted),
      `${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`,
    );

  equal('files', (await host.changedFiles(ref)).length, 60);
  equal(
    'open',
    (await host.listOpen(repository)).map((each) => each.number),
    [number],
  );
  const at = (path: string, commit = sha) => ({ repository, path, commit: commitSha(commit) });
  equal('file', await host.readFile(at('change-0.txt')), '0');
  equal('absent file', await host.readFile(at('folder/none')), undefined);
  const unknown = await host.readFile(at('change-0.txt', 'a'.repeat(40))).catch((error: unknown) => error);
  equal('unknown commit', (unknown as { code?: string }).code, 'CodeHostNotFound');
  equal('resolve', (await host.resolve(repository, 'release/1.x')).sha, sha);
  equal('no ref', await host.resolve(repository, 'nope').catch((error: { code: string }) => error.code), 'RefNotFound');
  const onMain = (commit: string) => host.isOnBranch({ repository, branch: 'main', commit: commitSha(commit) });
  equal(
    'on branch',
    [await onMain(await application.tip('main')), await onMain(sha), await onMain('a'.repeat(40))],
    [true, false, false],
  );

  for (let i = 0; i < 2; i++) await host.add(ref, 'bivouac:with-mailer');
  equal('label', (await host.read(ref)).labels, ['bivouac:with-mailer']);
  for (let i = 0; i < 2; i++) await host.remove(ref, 'bivouac:with-mailer');
  equal('no label', (await host.read(ref)).labels, []);

  const writer = await forge.createUser(['write:repository', 'write:issue', 'read:user']);
  const stranger = await forge.createUser(['read:user']);
  await forge.invite(application.name, writer.name, 'write');
  equal(
    'permissions',
    await Promise.all(
      [owner, writer.name, stranger.name, 'nobody-at-all'].map((login) => host.permission(repository, login)),
    ),
    ['admin', 'write', 'none', 'none'],
  );
  const id = await application.writeComment(number, `/bivouac approve ${sha}`, writer.token);
  equal('approvals', await host.approvals(ref), [{ by: writer.name, commit: sha, permission: 'write' }]);
  equal('comment', await host.conversation.comment(ref, id), {
    ...{ id, author: { login: writer.name, bot: false }, body: `/bivouac approve ${sha}`, edited: false },
  });
  for (let i = 0; i < 2; i++) await host.conversation.react(ref, id, '+1');
  for (const body of ['first', 'second']) await host.conversation.answer(ref, { to: id, body });
  const answers = (await application.comments(number)).filter(({ body }) => body.startsWith('<!-- bivouac:answer:'));
  equal(
    'answers',
    answers.map(({ body }) => body.split('\n').at(-1)),
    ['second'],
  );
  equal('ours', await host.conversation.comment(ref, answers[0]!.id), undefined);
  equal('gone', await host.conversation.comment(ref, 999_999), undefined);

  const state = {
    name: 'shop-pr-1',
    environment: 'shop',
    headSha: commitSha(sha),
    description: 'x',
    when: 'always',
  } as never;
  for (let i = 0; i < 2; i++) await host.deployment(ref, state);
  equal('deployments are said once', notes.length, 1);
  const wrong = gitea({ url, token: 'nope', log: () => undefined });
  const refused = await wrong.read(ref).catch((error: { code: string; remedy: string }) => error);
  demand('remedy' in refused && refused.code === 'CodeHostUnauthorized', 'a wrong token isn’t refused as such');
  demand('remedy' in refused && refused.remedy.includes('BIVOUAC_GITEA_TOKEN'), 'the remedy names no variable');
  return undefined;
});

export const cases: readonly Case[] = [
  { name: 'a pull request opens, is pushed to, switched off and on, and closes, by processes', run: lifecycle },
  { name: 'a fork’s pull request gets nothing', run: guests },
  { name: 'every port', run: ports },
];

export const end = async (): Promise<void> => connected?.end();
