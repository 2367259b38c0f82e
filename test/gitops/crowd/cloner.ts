import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runGit } from '../../git/run.js';
import { filesOf } from '../../git/fixture.js';
import type { Job, JobResult } from './job.js';

/** What CI jobs usually do: clone, write, commit, push; while it is rejected, pull with rebase and push again. */
const work = async ({ url, token, name, truth }: Job): Promise<JobResult> => {
  const started = Date.now();
  const directory = await mkdtemp(join(tmpdir(), 'cloner-'));
  const header = ['-c', `http.extraHeader=Authorization: Basic ${Buffer.from(`x:${token}`).toString('base64')}`];
  const git = (...args: readonly string[]) => runGit(directory, [...header, ...identity, ...args]);
  try {
    await git('clone', '--quiet', url, '.');
    const root = join(directory, 'environments', name);
    await rm(root, { recursive: true, force: true });
    for (const [path, text] of Object.entries(filesOf(name, readFileSync(truth, 'utf8')))) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    await git('add', '-A');
    await git('commit', '--quiet', '-m', `${name}: update`);
    for (let attempts = 1; ; attempts += 1) {
      const pushed = await git('push', '--quiet', 'origin', 'HEAD:main').then(
        () => true,
        () => false,
      );
      if (pushed) return { attempts, ms: Date.now() - started };
      const bound = Math.min(3_000, 100 * 2 ** (attempts - 1));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * bound));
      await git('pull', '--quiet', '--rebase', 'origin', 'main');
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

const identity = ['-c', 'user.name=Script', '-c', 'user.email=script@example.com', '-c', 'gc.auto=0'];

const job = JSON.parse(process.argv[2] ?? '') as Job;
process.stdout.write('ready\n');
process.stdin.once('data', () => {
  process.stdin.unref();
  work(job).then(
    (result) => process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`, () => process.exit(1));
    },
  );
});
