// A publisher as a process of its own, which can be stopped at each point that it reaches. Bundled by `bundle.ts`.
import { appendFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { atInterrupt, listenForSignals } from '../../../src/cli/interrupt.js';
import { presentError } from '../../../src/cli/output/errors.js';
import { openGitRepository } from '../../../src/gitops/git/repository.js';
import { publish } from '../../../src/gitops/publish.js';
import type { Clock } from '../../../src/model/clock.js';
import { change, nothing, tree } from '../../gitops/support.js';
import { stop, type PublisherJob } from './job.js';

const job = JSON.parse(process.argv[2] ?? '') as PublisherJob;

const reach = (point: string): void => {
  appendFileSync(job.points, `${point}\n`);
  if (point === job.at?.point) stop(process.pid, job.at.how);
};

const around = async <Result>(name: string, run: () => Promise<Result>): Promise<Result> => {
  reach(`${name} begins`);
  const result = await run();
  reach(`${name} ends`);
  return result;
};

type Call = (...args: readonly unknown[]) => Promise<unknown>;
for (const name of ['mkdtemp', 'mkdir', 'writeFile', 'rm'] as const) {
  const real = fs[name] as Call;
  let count = 0;
  Object.assign(fs, { [name]: (...args: readonly unknown[]) => around(`${name} ${++count}`, () => real(...args)) });
}

let interrupted = false;
const tell = (text: string): void => {
  interrupted = true;
  process.stderr.write(text);
};
listenForSignals({ patience: () => wait(8_000), tell, leave: (code) => process.exit(code) });

let waits = 0;
const clock: Clock = {
  now: () => new Date(),
  wait: (milliseconds) => around(`wait ${++waits}`, () => wait(milliseconds)),
  random: Math.random,
};

const run = async (): Promise<number> => {
  const repository = openGitRepository({
    url: job.url,
    branch: 'main',
    token: job.token,
    environment: { PATH: job.path },
    identity: { name: 'Bivouac', email: 'bivouac@example.com' },
    patienceMs: job.bounds?.patienceMs ?? 20_000,
  });
  await atInterrupt(() => repository.close());
  const changes = job.changes.map(({ name, version }) =>
    change(name, version === undefined ? nothing : tree(name, version)),
  );
  const ask = (_: unknown, attempt: number) =>
    around(`ask ${attempt}`, () => Promise.resolve({ plan: undefined, changes }));
  try {
    const { commit, attempts } = await publish(repository, ask, {
      ids: changes.map(({ id }) => id),
      clock,
      ...(job.bounds?.deadlineMs !== undefined && { deadlineMs: job.bounds.deadlineMs }),
    });
    process.stdout.write(JSON.stringify({ tip: commit.tip, attempts }));
    return 0;
  } catch (error) {
    const { text, exitCode } = presentError(error);
    if (!interrupted) process.stderr.write(`${text}\n`);
    return exitCode;
  } finally {
    await repository.close();
  }
};

void run().then((code) => interrupted || process.exit(code));
