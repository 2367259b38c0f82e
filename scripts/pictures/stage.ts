import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Shop } from '../../charts/shop.js';
import { runComment } from '../../src/cli/comment-command.js';
import { pullRequestSubject, reconcileAndTell, type Session } from '../../src/cli/session.js';
import type { Config } from '../../src/config/config.js';
import { parseConfig } from '../../src/config/parse.js';
import type { Controller } from '../../src/controllers/port.js';
import { candidates } from '../../src/decide/candidates.js';
import type { Clock } from '../../src/model/clock.js';
import type { EnvironmentSpec, Images } from '../../src/model/environment.js';
import type { Outcome } from '../../src/model/outcome.js';
import {
  commitSha,
  type PullRequest,
  pullRequestNumber,
  type PullRequestRef,
  repositoryId,
  repositoryName,
} from '../../src/model/pull-request.js';
import type { Synthesis } from '../../src/synth/port.js';
import { memoryGitOps } from '../../test/fakes/memory-gitops.js';
import { memoryHost } from '../../test/fakes/memory-host.js';
import { createAudience } from './audience.js';

const root = join(import.meta.dirname, '..', '..');
const minute = 60_000;

export const commits = {
  opened: commitSha('1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d'),
  pushed: commitSha('2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e'),
  base: commitSha('0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c'),
} as const;

export interface StageOptions {
  /** Another configuration than the reference platform's. */
  readonly edit?: (yaml: string) => string;
  readonly render?: (spec: EnvironmentSpec) => Synthesis;
  readonly pullRequest?: Partial<PullRequest>;
}

export interface Run {
  /** As `--image` brings them. */
  readonly images?: Images;
  /** Who shows the cluster; absent: nobody looks. */
  readonly controller?: Controller;
}

/** Pull request 42 of acme/shop, its GitOps repository and its code host in memory; everything between is the real line. */
export interface Stage {
  /** Texts of the sticky comment, as it was written and edited. */
  readonly told: readonly string[];
  /** Replies to comments. */
  readonly replies: readonly string[];
  change(pullRequest: Partial<PullRequest>): void;
  /** `.bivouac.yaml` at the commit that was pushed. */
  override(yaml: string): void;
  pass(minutes: number): void;
  reconcile(run?: Run): Promise<void>;
  /** What a service does with a comment by somebody who may write. */
  comment(body: string, run?: Run): Promise<void>;
}

const opened: PullRequest = {
  repository: repositoryName('acme/shop'),
  repositoryId: repositoryId(724_712),
  number: pullRequestNumber(42),
  state: 'open',
  merged: false,
  draft: false,
  title: 'A faster checkout',
  author: { login: 'octocat', id: '583231', bot: false },
  headSha: commits.opened,
  headBranch: 'faster-checkout',
  headRepositoryId: repositoryId(724_712),
  baseBranch: 'main',
  baseSha: commits.base,
  labels: [],
  url: 'https://github.com/acme/shop/pull/42',
};

export const createStage = (options: StageOptions = {}): Stage => {
  const host = memoryHost({ ...opened, ...options.pullRequest });
  host.permission = () => Promise.resolve('write');
  const { feedback, conversation, told, replies, say } = createAudience();
  const time = { now: Date.UTC(2026, 10, 23, 10, 4, 5) };
  const clock: Clock = {
    now: () => new Date(time.now),
    random: () => 0.5,
    wait: (milliseconds) => Promise.resolve(void (time.now += milliseconds)),
  };
  const repository = memoryGitOps();
  const config = configOf(options);
  const render = options.render ?? ((spec: EnvironmentSpec): Synthesis => Shop.synthesize(spec));
  const forge = { host, labels: host, feedback, conversation };
  const session: Session = {
    config,
    forge,
    clean: (text) => text,
    vet: (truth) => Promise.resolve(truth),
    line: {
      ...{ config, repository, ...forge, clock, version: '0.1.0' },
      ...{ mode: 'push', serializer: 'fast' },
      render: (spec) => Promise.resolve().then(() => render(spec)),
    },
  };
  const ref: PullRequestRef = { forge: 'github', repository: opened.repository, number: opened.number };
  const reconcile = async ({ images = {}, controller }: Run, commanded: readonly Outcome[] = []): Promise<void> => {
    const watch = controller && { controller, git: repository, clock, timeoutMs: 15 * minute, note: () => undefined };
    const own = { ...session, ...(watch !== undefined && { watch }) };
    const { headSha } = await host.read(ref);
    const hint = Object.keys(images).length > 0 ? { ...ref, headSha } : ref;
    const subject = pullRequestSubject(hint, own, { candidates: candidates(ref, config), images });
    await reconcileAndTell(subject, own, commanded);
  };
  return {
    told,
    replies,
    reconcile: (run = {}) => reconcile(run),
    change: (pullRequest) => void host.pulls.set(opened.number, { ...host.pulls.get(opened.number)!, ...pullRequest }),
    override: (yaml) => void host.files.set(`${commits.pushed}:.bivouac.yaml`, yaml),
    pass: (minutes) => void (time.now += minutes * minute),
    comment: async (body, run = {}) => reconcile(run, await runComment(ref, say(body), session)),
  };
};

const configOf = ({ edit = (yaml) => yaml }: StageOptions): Config => {
  const written = readFileSync(join(root, 'bivouac.yaml'), 'utf8');
  const yaml = edit(written.replace('.bivouac/gitops.git', 'https://github.com/acme/gitops.git'));
  return parseConfig(yaml, { file: join(root, 'bivouac.yaml'), directory: root, readFrame: () => undefined });
};
