import { readFileSync } from 'node:fs';
import type { FileTree } from '../../../src/model/manifest.js';
import { parseId } from '../../../src/model/names.js';
import { openGitRepository } from '../../../src/gitops/git/repository.js';
import { publish } from '../../../src/gitops/publish.js';
import { change, nothing, realClock, tree } from '../support.js';
import type { Job, JobResult } from './job.js';

/** One CI job of a crowd, as a process: loads, says so, waits for a line, publishes, prints what became of it. */
const work = async ({ url, token, name, truth }: Job): Promise<JobResult> => {
  const started = Date.now();
  const repository = openGitRepository({
    url,
    token,
    branch: 'main',
    environment: { PATH: process.env['PATH'] },
    identity: { name: 'Bivouac', email: 'bivouac@example.com' },
  });
  try {
    const { attempts, commit } = await publish(
      repository,
      () => Promise.resolve({ plan: '', changes: [change(name, wanted(name, readFileSync(truth, 'utf8')))] }),
      { ids: [parseId(name)], clock: realClock() },
    );
    return { attempts, ms: Date.now() - started, ...(commit.tip !== undefined && { tip: commit.tip }) };
  } finally {
    await repository.close();
  }
};

/** The truth of a pull request: a version, or that it is closed. */
const wanted = (name: string, truth: string): FileTree => (truth === 'closed' ? nothing : tree(name, truth));

const job = JSON.parse(process.argv[2] ?? '') as Job;
process.stdout.write('ready\n');
process.stdin.once('data', () => {
  process.stdin.unref();
  work(job).then(
    (result) => process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`, () => process.exit(1));
    },
  );
});
