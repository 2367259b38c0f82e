import type { Clock } from '../model/clock.js';
import { isBivouacError } from '../model/errors.js';
import { type EnvironmentId, printId } from '../model/names.js';
import { inDoubt } from './doubt.js';
import type { Base, Change, GitOpsRepository } from './port.js';
import { type Ask, publish, type Published, type PublishOptions } from './publish.js';

/** `publish` on a repository that is known already: what the line calls. */
export type Publish = <Plan>(ask: Ask<Plan>, options: PublishOptions) => Promise<Published<Plan>>;

export interface GroupOptions {
  readonly clock: Clock;
  /** Asks that go into one push at most. @default 100 */
  readonly largest?: number;
  /** Called while nothing is in flight, before each push and each dry run: to open the repository anew, say. */
  readonly between?: () => Promise<void>;
  /** Told after each push, and no dry run, with how many asks it was for. */
  readonly pushed?: (asks: number) => void;
}

const largestGroup = 100;

interface Participant {
  readonly ask: Ask<unknown>;
  readonly given: PublishOptions;
  readonly resolve: (published: Published<unknown>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One writer for one repository (git-publish.md 9): while a push is in flight, asks collect; the next push is for all of them, one
 * commit a change, the latest ask winning where two want the same environment. No timer: whoever comes alone waits for nobody.
 * Dry runs wait for their turn as well, and go one by one: a repository takes one call at a time.
 */
export const groupCommit = (repository: GitOpsRepository, options: GroupOptions): Publish => {
  const waiting: Participant[] = [];
  let busy = false;

  const drain = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    while (waiting.length > 0) {
      const turn = waiting.splice(0, options.largest ?? largestGroup);
      for (const each of turn.filter(isDryRun)) await rehearse(repository, each, options);
      const group = turn.filter((each) => !isDryRun(each));
      if (group.length > 0) await pushOrReject(repository, group, options);
    }
    busy = false;
  };

  return <Plan>(ask: Ask<Plan>, given: PublishOptions) =>
    new Promise<Published<Plan>>((resolve, reject) => {
      const answer = resolve as Participant['resolve']; // the plan that comes back is the one that this ask gave
      waiting.push({ ask, given, resolve: answer, reject });
      void drain();
    });
};

const isDryRun = ({ given }: Participant): boolean => given.mode === 'dry-run';

const rehearse = async (repository: GitOpsRepository, one: Participant, options: GroupOptions): Promise<void> => {
  try {
    await options.between?.();
    one.resolve(await publish(repository, one.ask, one.given));
  } catch (error) {
    one.reject(error);
  }
};

const pushOrReject: typeof pushGroup = (repository, group, options) =>
  pushGroup(repository, group, options).catch((error: unknown) => group.forEach(({ reject }) => reject(error)));

const pushGroup = async (
  repository: GitOpsRepository,
  group: readonly Participant[],
  options: GroupOptions,
): Promise<void> => {
  await options.between?.();
  const alive = new Set(group);
  let asked = false;
  const askAll = async (base: Base, attempt: number) => {
    asked = true;
    const answers = await Promise.all([...alive].map((each) => askOne(each, { base, attempt, alive })));
    const given = answers.filter((answer) => answer !== undefined);
    return {
      plan: new Map(given.map(({ of, plan }) => [of, plan])),
      changes: latest(given.flatMap(({ changes }) => changes)),
    };
  };
  const deadlines = group.flatMap(({ given }) => given.deadlineMs ?? []);
  try {
    const { plan, ...published } = await publish(repository, askAll, {
      ids: unite(group),
      clock: options.clock,
      ...(deadlines.length === group.length && { deadlineMs: Math.max(...deadlines) }),
    });
    options.pushed?.(alive.size);
    for (const each of alive) each.resolve({ ...published, plan: plan.get(each) });
  } catch (error) {
    const left = [...alive];
    if (!asked || left.length < 2 || isTemporary(error)) return left.forEach(({ reject }) => reject(error));
    // one of them may be what the repository can't take: the others mustn't suffer for it
    for (const each of left) await pushGroup(repository, [each], options);
  }
};

const isTemporary = (error: unknown): boolean => isBivouacError(error) && error.class === 'TemporaryError';

interface Asking {
  readonly base: Base;
  readonly attempt: number;
  readonly alive: Set<Participant>;
}

/** Whoever can't say any more what it wants leaves the group, alone. */
const askOne = async (of: Participant, { base, attempt, alive }: Asking) => {
  try {
    return { of, ...(await inDoubt(attempt > 1, () => of.ask(base, attempt))) };
  } catch (error) {
    alive.delete(of);
    of.reject(error);
    return undefined;
  }
};

const latest = (changes: readonly Change[]): readonly Change[] => [
  ...new Map(changes.map((change) => [printId(change.id), change])).values(),
];

const unite = (group: readonly Participant[]): readonly EnvironmentId[] => [
  ...new Map(group.flatMap(({ given }) => given.ids).map((id) => [printId(id), id])).values(),
];
