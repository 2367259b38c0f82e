import type { Config } from '../../src/config/config.js';
import { candidates } from '../../src/decide/candidates.js';
import { removalRequested } from '../../src/decide/requested.js';
import { readPullRequest } from '../../src/line/truth.js';
import type { Observe } from '../../src/line/watch.js';
import type { Outcome } from '../../src/model/outcome.js';
import type { PullRequest, PullRequestRef } from '../../src/model/pull-request.js';
import { type Line, reconcile, type Reconciled, type Subject } from '../../src/reconcile.js';
import {
  type Construct,
  EnvironmentChart,
  type EnvironmentProps,
  Postgres,
  Teardown,
  WebService,
} from '../../charts/constructs/index.js';
import { application, config, now, pullRequest } from '../decide/builders.js';
import { memoryGitOps, type MemoryGitOps } from '../fakes/memory-gitops.js';
import { memoryHost, type MemoryHost } from '../fakes/memory-host.js';

/** A shop that keeps files in a bucket elsewhere, and takes them away when it goes. */
class Shop extends EnvironmentChart {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);
    const database = new Postgres(this, 'database');
    const image = this.image('api');
    new WebService(this, 'web', { image, port: 80, primary: true });
    new Teardown(this, 'bucket', { image, command: ['empty'], variables: { DATABASE_URL: database.url } });
  }
}

/** `acme/shop#42`, its environment in memory, and a controller that may be looked at. */
export interface Scene {
  readonly host: MemoryHost;
  readonly git: MemoryGitOps;
  at: Date;
  mode: Line['mode'];
  /** Absent: nobody looks. */
  observe: Observe | undefined;
  looks: NonNullable<Line['looks']>;
  /** Called at each waiting, with how many there were before. */
  beforeWait: (waits: number) => void;
  set(change: Partial<PullRequest>): void;
  reconciled(): Promise<readonly Reconciled[]>;
  run(): Promise<readonly Outcome[]>;
  /** As `down` does where no pull request can be read. */
  down(): Promise<readonly Outcome[]>;
}

export const sceneConfig = (more: Parameters<typeof config>[0] = {}): Config =>
  config({
    applications: [application({ images: { api: { template: 'ghcr.io/acme/shop-api:{headSha}' } } })],
    ...more,
  });

export const scene = (settings: Config = sceneConfig()): Scene => {
  const host = memoryHost(pullRequest());
  const git = memoryGitOps();
  const { repository, number } = pullRequest();
  const ref: PullRequestRef = { forge: 'github', repository, number };
  const all = candidates(ref, settings);
  let waits = 0;
  const line = (): Line => ({
    config: settings,
    repository: git,
    host,
    labels: host,
    render: (spec) => Promise.resolve(Shop.synthesize(spec)),
    clock: {
      now: () => self.at,
      wait: (milliseconds) => {
        self.beforeWait(waits++);
        self.at = new Date(self.at.getTime() + milliseconds);
        return Promise.resolve();
      },
      random: () => 0.5,
    },
    version: '0.0.0',
    serializer: 'fast',
    mode: self.mode,
    looks: self.looks,
    ...(self.observe !== undefined && { observe: self.observe }),
  });
  const subject = (): Subject => ({
    ref,
    candidates: all,
    images: {},
    truth: () => readPullRequest(ref, all, { host, config: settings }),
  });
  const outcomes = (results: readonly Reconciled[]): readonly Outcome[] => results.map(({ outcome }) => outcome);
  const self: Scene = {
    host,
    git,
    at: now,
    mode: 'push',
    observe: undefined,
    looks: 'until-done',
    beforeWait: () => undefined,
    set: (change) => void host.pulls.set(42, { ...host.pulls.get(42)!, ...change }),
    reconciled: () => reconcile(subject(), line()),
    run: async () => outcomes(await self.reconciled()),
    down: async () =>
      outcomes(
        await reconcile(
          {
            candidates: all.slice(0, 1),
            images: {},
            truth: () => Promise.resolve({ approvals: [] }),
            decide: removalRequested,
          },
          line(),
        ),
      ),
  };
  return self;
};
