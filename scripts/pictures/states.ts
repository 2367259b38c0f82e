import { Teardown } from 'bivouac/charts';
import { Shop } from '../../charts/shop.js';
import { repositoryId } from '../../src/model/pull-request.js';
import { clusters } from './cluster.js';
import { commits, createStage, type Run, type Stage, type StageOptions } from './stage.js';

/** A state in which a pull request sees its comment. */
export interface State {
  /** Of its files: `test/golden/comments/ready.md`, `docs/images/comments/ready.png`. */
  readonly name: string;
  /** As the code host gets it, after the marker. */
  readonly text: string;
}

const newest = ({ told }: Stage): string => told.at(-1) ?? '';

/** An environment that runs, and then something that happens; `back`: so many texts before the last one. */
const living = async (
  happens: (stage: Stage) => Promise<void>,
  { back = 0, ...options }: StageOptions & { readonly back?: number } = {},
): Promise<string> => {
  const stage = createStage(options);
  await stage.reconcile({ controller: clusters.ready() });
  stage.pass(150);
  await happens(stage);
  return stage.told.at(-1 - back) ?? '';
};

const opened = async (run: Run): Promise<Stage> => {
  const stage = createStage();
  await stage.reconcile(run);
  return stage;
};

/** An environment that ran, up to what is told at the end; `back`: so many texts before that. */
const closed = async (controller: NonNullable<Run['controller']>, back = 0): Promise<string> => {
  const stage = await opened({ controller: clusters.ready() });
  stage.pass(150);
  stage.change({ state: 'closed', merged: true });
  await stage.reconcile({ controller });
  return stage.told.at(-1 - back) ?? '';
};

class ShopWithBucket extends Shop {
  constructor(...[scope, id, props]: ConstructorParameters<typeof Shop>) {
    super(scope, id, props);
    new Teardown(this, 'bucket', { image: this.image('api'), command: ['npm', 'run', 'empty-bucket'] });
  }
}

/** As a push might leave the chart. */
class ShopAtLatest extends Shop {
  override image(name: string): string {
    return name === 'api' ? 'ghcr.io/acme/shop-api:latest' : super.image(name);
  }
}

const stories: Readonly<Record<string, () => Promise<string>>> = {
  'waiting-for-images': async () => {
    const stage = createStage({ edit: (yaml) => yaml.replace(/api: ghcr.*/, 'api: {}') });
    await stage.reconcile({ images: { api: `ghcr.io/acme/shop-api:${commits.opened}` } });
    stage.change({ headSha: commits.pushed });
    await stage.reconcile();
    return newest(stage);
  },
  committed: async () => newest(await opened({})),
  deploying: async () => (await opened({ controller: clusters.ready() })).told[0] ?? '',
  ready: async () => newest(await opened({ controller: clusters.ready() })),
  updated: () =>
    living(async (stage) => {
      stage.override('variables: { LOG_LEVEL: debug }\n');
      stage.change({ headSha: commits.pushed, labels: ['bivouac:with-mailer'] });
      await stage.reconcile({ controller: clusters.ready() });
    }),
  failed: async () => newest(await opened({ controller: clusters.withoutImage() })),
  late: async () => newest(await opened({ controller: clusters.slow() })),
  'going-to-sleep': () =>
    living((stage) => stage.comment('/bivouac sleep', { controller: clusters.ready() }), { back: 1 }),
  asleep: () => living((stage) => stage.comment('/bivouac sleep', { controller: clusters.ready() })),
  kept: () => living((stage) => stage.comment('/bivouac keep', { controller: clusters.ready() })),
  expired: () =>
    living(async (stage) => {
      stage.pass(7 * 24 * 60);
      await stage.reconcile();
    }),
  'being-removed': () =>
    living(
      async (stage) => {
        stage.change({ state: 'closed' });
        await stage.reconcile();
      },
      { render: (spec) => ShopWithBucket.synthesize(spec) },
    ),
  removing: () => closed(clusters.clearing(), 1),
  removed: () => closed(clusters.clearing()),
  'removed-in-part': () => closed(clusters.stuck()),
  refused: () =>
    living(
      async (stage) => {
        stage.change({ headSha: commits.pushed });
        await stage.reconcile();
      },
      { render: (spec) => (spec.headSha === commits.pushed ? ShopAtLatest : Shop).synthesize(spec) },
    ),
  'not-allowed': () =>
    living(async (stage) => {
      stage.change({ labels: ['bivouac:with-maler'] });
      await stage.reconcile();
    }),
  fork: async () => {
    const stage = createStage({
      edit: (yaml) => yaml.replace(/^ {4}variables:/m, '    pullRequests: { forks: approved }\n$&'),
      pullRequest: { headRepositoryId: repositoryId(31_337) },
    });
    await stage.reconcile();
    return newest(stage);
  },
  answer: async () => {
    const stage = createStage();
    await stage.reconcile();
    await stage.comment('/bivouac slep');
    return stage.replies.at(-1) ?? '';
  },
  help: async () => {
    const stage = createStage();
    await stage.comment('/bivouac help');
    return stage.replies.at(-1) ?? '';
  },
};

export const stateNames: readonly string[] = Object.keys(stories);

/** Every state as the line, the cluster’s reader and the comment tell it now. */
export const tellStates = async (): Promise<readonly State[]> => {
  const states: State[] = [];
  for (const [name, tell] of Object.entries(stories)) states.push({ name, text: `${await tell()}\n` });
  return states;
};
