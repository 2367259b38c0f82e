import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCommit } from '../../git/fixture.js';
import { runGit } from '../../git/run.js';
import { startGitServer, type Fault, type FaultHook, type GitServer } from '../../git/server.js';
import { bundlePublisher } from './bundle.js';
import { ended, type Ended } from './ended.js';
import type { Bounds, PublisherJob, Target, Wish } from './job.js';
import { requestPoints, type NumberedRequest } from './requests.js';
import { wrapGit } from './wrapper.js';

/** What a publisher is to do, on which repository. */
export interface Scene {
  readonly name: string;
  /** In the repository at the beginning; 0: it is empty. */
  readonly environments: number;
  readonly wishes: readonly Wish[];
  /** Somebody else's push comes first, so that the change goes by the queue. @default false */
  readonly contended?: boolean;
}

export interface RunOptions extends Bounds {
  readonly at?: Target;
  /** Asked for each request, with its number; undefined: nothing goes wrong with it. */
  readonly fault?: (request: NumberedRequest, stage: Stage) => Fault | undefined;
  /** @default the scene's */
  readonly wishes?: readonly Wish[];
}

/** One scene's repository, and its publishers. */
export interface Stage {
  /** The bare repository. */
  readonly directory: string;
  /** Where publishers make their temporary repositories. */
  readonly temporary: string;
  readonly start: string | undefined;
  /** Paths that somebody else changed meanwhile. */
  readonly foreign: readonly string[];
  /** Points that were reached, in order. */
  points(): Promise<readonly string[]>;
  run(how?: RunOptions): Promise<Ended>;
  /** Somebody else pushes. */
  overtake(): Promise<void>;
  remove(): Promise<void>;
}

export interface World {
  readonly server: GitServer;
  enter(scene: Scene): Promise<Stage>;
  end(): Promise<void>;
}

export const token = 'canary-t0ken-8c41f7';
const foreignPath = 'environments/app-1/pr-2/README.md';

/** A server and a bundled publisher, for many scenes. */
export const createWorld = async (): Promise<World> => {
  const folder = await mkdtemp(join(tmpdir(), 'publish-faults-'));
  const server = await startGitServer({ token });
  const program = bundlePublisher(folder);
  const hooks = new Map<string, FaultHook>();
  const copyTemplate = templatesOn(server);
  server.setFault((request) => hooks.get(/^\/([^/]+)\.git\//.exec(request.uri)?.[1] ?? '')?.(request));
  let count = 0;

  const enter = async (scene: Scene): Promise<Stage> => {
    const name = `scene-${++count}`;
    const home = join(folder, name);
    const [directory, temporary, points] = [server.directory(name), join(home, 'tmp'), join(home, 'points')];
    await mkdir(temporary, { recursive: true });
    await writeFile(points, '');
    await copyTemplate(scene.environments, directory);
    const start = scene.environments === 0 ? undefined : await runGit(directory, ['rev-parse', 'main']);
    const foreign: string[] = [];
    const overtake = async (): Promise<void> => {
      foreign.push(foreignPath);
      await addCommit(directory, { entries: { [foreignPath]: `somebody else, ${foreign.length}\n` } });
    };
    const contend = async (): Promise<void> => {
      if (scene.contended === true && foreign.length === 0) await overtake();
    };

    const run = async ({ at, fault, wishes = scene.wishes, ...bounds }: RunOptions = {}): Promise<Ended> => {
      const path = await wrapGit(join(home, 'bin'), { points, ...(at && { at }) });
      const job: PublisherJob = {
        ...{ url: server.url(name), token, path, points, bounds, changes: wishes },
        ...(at && { at }),
      };
      const child = spawn(process.execPath, [program, JSON.stringify(job)], {
        detached: true, // leads a process group
        env: { PATH: process.env['PATH'], TMPDIR: temporary },
      });
      const pid = child.pid ?? 0;
      hooks.set(
        name,
        requestPoints({
          ...{ points, pid, contend, ...(at && { at }) },
          ...(fault && { fault: (request) => fault(request, stage) }),
        }),
      );
      return ended(child, pid);
    };
    const stage: Stage = {
      directory,
      temporary,
      start,
      foreign,
      run,
      overtake,
      points: async () => (await readFile(points, 'utf8')).split('\n').filter((line) => line !== ''),
      remove: async () => {
        hooks.delete(name);
        await Promise.all([home, directory].map((each) => rm(each, { recursive: true, force: true, maxRetries: 5 })));
      },
    };
    return stage;
  };

  return {
    server,
    enter,
    end: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

/** Made once for each size, then copied. */
const templatesOn = (server: GitServer) => {
  const templates = new Map<string, Promise<void>>();
  return async (environments: number, directory: string): Promise<void> => {
    const name = `template-${environments}`;
    if (!templates.has(name)) templates.set(name, server.create({ environments }, name));
    await templates.get(name);
    await cp(server.directory(name), directory, { recursive: true });
  };
};
