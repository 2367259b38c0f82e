import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bivouac } from '../cli/harness.js';
import { applyArgoCd, giveStorage, objectsIn } from '../cluster/argocd.js';
import { connect, type Kubernetes, places } from '../cluster/kubernetes.js';
import { demand } from '../publish/faults/proof.js';
import { createPlace, type Place } from './gitea.js';
import { filesIn, writePlatform } from './platform.js';
import { createReader } from './reader.js';
import { type Service, startService } from './service.js';

/**
 * Where Argo CD's API server hears of pushes. Its ApplicationSet controller has a listener of its own, which takes no Gitea's: Gitea sends
 * GitHub's headers with another payload (`created_at` is no number). So the set polls.
 */
const argocdHook = process.env['ARGOCD_WEBHOOK'] ?? 'http://127.0.0.1:18080/api/webhook';
const pollSeconds = 5;

/** Everything is there, and the service listens. */
export interface Loop extends Place {
  readonly kubernetes: Kubernetes;
  readonly service: Service;
  /** Of the application in `bivouac.yaml`. */
  readonly name: string;
  /** Whether Gitea tells Argo CD of pushes; else Argo CD's polls find them. */
  readonly isTold: boolean;
  /** Nothing of the loop is left anywhere. */
  readonly end: () => Promise<void>;
}

type Undo = () => Promise<unknown>;

/** What was made is taken down again where the rest can't be. */
const createLoop = async (): Promise<Loop> => {
  const undo: Undo[] = [];
  try {
    return await createWhole(undo);
  } catch (error) {
    await takeDown(undo);
    throw error;
  }
};

const takeDown = async (undo: Undo[]): Promise<void> => {
  for (let each = undo.pop(); each !== undefined; each = undo.pop()) await each();
};

const createWhole = async (undo: Undo[]): Promise<Loop> => {
  const kubernetes = connect(process.env['KUBECONFIG'] ?? '');
  await giveStorage(kubernetes);
  const place = await createPlace(undo);
  const folder = await mkdtemp(join(tmpdir(), 'loop-'));
  undo.push(() => rm(folder, { recursive: true, force: true }));
  const taken = await kubernetes.get(places.set('shop-environments'));
  const name = taken === undefined ? 'shop' : `shop-${randomBytes(3).toString('hex')}`;
  const scene = { place, folder, name, kubernetes, undo };
  const isTold = await installArgoCd(scene, await beginRepositories(scene));
  const service = await serve(scene);
  return { ...place, kubernetes, service, name, isTold, end: () => takeDown(undo) };
};

interface Scene extends Pick<Loop, 'kubernetes' | 'name'> {
  readonly place: Place;
  /** Of the loop's own. */
  readonly folder: string;
  readonly undo: Undo[];
}

/** What a person commits to the platform and to the GitOps repository; gives what an administrator applies. */
const beginRepositories = async ({ place, folder, name }: Scene): Promise<string> => {
  const platform = await writePlatform(folder, { place, name });
  await place.commit('platform', await filesIn(platform));
  const environments = join(folder, 'environments');
  const begun = await bivouac(['init', 'gitops', environments], { cwd: platform });
  demand(begun.code === 0, begun.stderr);
  const files = await filesIn(environments);
  await place.commit('environments', files);
  return files[`argocd/${name}.yaml`] ?? '';
};

/** Whether Gitea tells Argo CD of pushes. */
const installArgoCd = async ({ place, name, kubernetes, undo }: Scene, yaml: string): Promise<boolean> => {
  const isTold = await isListening(argocdHook);
  if (isTold) await place.deliver('environments', { url: argocdHook, events: ['push'] });
  const { reader, url } = place;
  const repository = { url: url('environments'), username: reader.name, password: reader.token };
  const objects = objectsIn(yaml);
  undo.push(await applyArgoCd(kubernetes, { application: name, repository, objects, poll: pollSeconds }));
  return isTold;
};

/** The service, told of everything that happens in the application's repository. */
const serve = async ({ place, folder, name, kubernetes, undo }: Scene): Promise<Service> => {
  const { bot, publisher, url } = place;
  const file = join(folder, 'kubeconfig');
  const kubeconfig = process.env['KUBECONFIG'] ?? '';
  undo.push(await createReader(kubernetes, { name: `${name}-bivouac`, kubeconfig, file }));
  const secret = randomBytes(32).toString('hex');
  const service = await startService({
    flags: ['--platform-repository', url('platform')],
    env: {
      BIVOUAC_WEBHOOK_SECRET: secret,
      BIVOUAC_GITOPS_TOKEN: publisher.token,
      BIVOUAC_GITEA_TOKEN: bot.token,
      BIVOUAC_PLATFORM_TOKEN: bot.token,
      KUBECONFIG: file,
      TMPDIR: folder,
    },
    cwd: folder,
  });
  undo.push(() => service.stop());
  const events = ['pull_request', 'pull_request_label', 'pull_request_sync', 'issue_comment', 'pull_request_comment'];
  await place.deliver('shop', { url: `http://127.0.0.1:${service.port}/webhooks/gitea`, events, secret });
  return service;
};

let made: Promise<Loop> | undefined;

/** One for all cases, made when the first of them asks. */
export const theLoop = (): Promise<Loop> => (made ??= createLoop());

/** Undefined: nobody has asked. */
export const madeLoop = (): Promise<Loop | undefined> => made?.catch(() => undefined) ?? Promise.resolve(undefined);

const isListening = (url: string): Promise<boolean> =>
  fetch(url, { method: 'POST' }).then(
    () => true,
    () => false,
  );
