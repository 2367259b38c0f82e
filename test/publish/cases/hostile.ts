// Real git behind a server that misbehaves: once, and the change lands nevertheless; for good, and the error tells the truth.
import { availableParallelism } from 'node:os';
import type { Fault } from '../../git/server.js';
import type { Case } from '../case.js';
import { withstand, type Ending, type Hostility } from '../faults/hostile.js';
import { rewind, withAnotherCommit, withFullServer, withHook, withLock, withSmallDisk } from '../faults/places.js';
import { scenes } from '../faults/scenes.js';
import { createWorld } from '../faults/world.js';
import type { NumberedRequest } from '../faults/requests.js';

const world = await createWorld();
const { create, queued } = scenes;

type When = (request: NumberedRequest) => boolean;
const nth =
  (number: number): When =>
  (request) =>
    request.number === number;
const always: When = () => true;
const atPush: When = ({ service }) => service === 'receive';
const atEffect: When = ({ service, method }) => service === 'receive' && method === 'POST';
const faulty =
  (when: When, fault: Fault): NonNullable<Hostility['fault']> =>
  (request) =>
    when(request) ? fault : undefined;

const status = (code: number, when: 'before' | 'after' = 'before'): Fault => ({
  ...{ kind: 'status', status: code, when },
  headers: { 'retry-after': '1', ...(code === 401 && { 'www-authenticate': 'Basic realm="git"' }) },
});
const later: Fault = { kind: 'tell', before: () => new Promise((resolve) => setTimeout(resolve, 700)) };
const neverAnswers: Fault = { kind: 'tell', after: () => new Promise(() => undefined) };

const passing: readonly (readonly [name: string, fault: Fault])[] = [
  ['reset', { kind: 'reset', when: 'before' }],
  ['reset after its work', { kind: 'reset', when: 'after' }],
  ['half an answer', { kind: 'truncate' }],
  ['a delay', later],
  ['500', status(500)],
  ['502', status(502)],
  ['502 after its work', status(502, 'after')],
  ['503', status(503)],
  ['429 with Retry-After', status(429)],
];

const once = [1, 2, 3, 4, 5].flatMap((number): readonly Hostility[] =>
  passing.map(([name, fault]) => ({
    ...{ name: `once: ${name} at request ${number}`, scene: create, ends: 'published' },
    fault: faulty(nth(number), fault),
  })),
);

/** From the second read to the end of the way by the queue. */
const onceInQueue = Array.from({ length: 15 }, (_, index): readonly Hostility[] =>
  [passing[1]!, passing[7]!].map(([name, fault]) => ({
    ...{ name: `once, by the queue: ${name} at request ${index + 6}`, scene: queued, ends: 'published' },
    fault: faulty(nth(index + 6), fault),
  })),
).flat();

const unavailable: Ending = { exit: 5, code: 'RemoteUnavailable', changed: 'nothing' };
const refused = (code: string, changed: 'nothing' | 'unknown' = 'nothing'): Ending => ({ exit: 4, code, changed });

const forGood: readonly Hostility[] = [
  ...passing.flatMap(([name, fault]): readonly Hostility[] =>
    fault.kind === 'tell'
      ? []
      : [{ name: `for good: ${name}`, scene: create, ends: unavailable, fault: faulty(always, fault) }],
  ),
  ...[500, 502, 503, 429].map((code): Hostility => {
    const fault = faulty(atPush, status(code));
    return { name: `for good, at the push: ${code}`, scene: create, ends: unavailable, fault };
  }),
  ...(
    [
      [401, 'RemoteUnauthorized'],
      [403, 'RemoteForbidden'],
      [404, 'RemoteNotFound'],
    ] as const
  ).flatMap(([code, error]): readonly Hostility[] => [
    { name: `for good: ${code}`, scene: create, ends: refused(error), fault: faulty(always, status(code)) },
    { name: `may only read: ${code}`, scene: create, ends: refused(error), fault: faulty(atPush, status(code)) },
  ]),
  { name: 'too large: 413', scene: create, ends: refused('PushDeclined'), fault: faulty(atEffect, status(413)) },
  {
    ...{ name: 'the token expires between read and push', scene: create },
    ends: refused('RemoteUnauthorized', 'unknown'),
    fault: faulty(({ number }) => number >= 4, status(401)),
  },
  {
    ...{ name: 'the host goes away between read and push', scene: create },
    ends: { exit: 5, code: 'RemoteUnavailable', changed: 'unknown' },
    fault: faulty(({ number }) => number >= 4, { kind: 'reset', when: 'before' }),
  },
];

/** Long enough for an honest answer of a busy machine, short enough for a test. */
const patient = { patienceMs: 3_000, withinMs: 60_000 } as const;

const answersLost: readonly Hostility[] = (['reset', '500', '502', 'half an answer', 'silence'] as const).map(
  (name) => ({
    ...{ name: `the answer to every push is lost: ${name}`, scene: create, ends: 'published', ...patient },
    fault: faulty(
      atEffect,
      {
        reset: { kind: 'reset', when: 'after' },
        '500': status(500, 'after'),
        '502': status(502, 'after'),
        'half an answer': { kind: 'truncate' },
        silence: neverAnswers,
      }[name] as Fault,
    ),
  }),
);

const silent: readonly Hostility[] = [
  ...[1, 2, 3, 4, 5].map((number): Hostility => ({
    ...{ name: `silence from request ${number} on`, scene: create, ...patient, deadlineMs: 9_000 },
    ends: { exit: 5, code: 'RemoteUnavailable', changed: number < 4 ? 'nothing' : 'unknown' },
    fault: faulty((request) => request.number >= number, { kind: 'hang' }),
  })),
  {
    ...{ name: 'silence at every push', scene: create, ...patient, deadlineMs: 4_000 },
    ends: { exit: 5, code: 'PushContended', changed: 'nothing' },
    fault: faulty(atPush, { kind: 'hang' }),
  },
  {
    ...{ name: 'a byte now and then, for ever', scene: create, ...patient, ends: unavailable },
    fault: faulty(({ number }) => number >= 3, { kind: 'drip' }),
  },
];

const overtaken: NonNullable<Hostility['fault']> = ({ service, method }, stage) =>
  service === 'receive' && method === 'POST' ? { kind: 'tell', before: () => stage.overtake() } : undefined;
const contended: Ending = { exit: 5, code: 'PushContended', changed: 'nothing' };
const branchesOnly = withHook(
  'pre-receive',
  'while read -r old new ref; do case $ref in refs/heads/*) ;; *) exit 1;; esac; done',
);

const races: readonly Hostility[] = [
  {
    ...{ name: 'somebody pushes before each of ours', scene: create, deadlineMs: 3_000, ends: contended },
    fault: overtaken,
  },
  {
    ...{ name: 'the same on a host that refuses the queue’s refs', scene: create, deadlineMs: 3_000, ends: contended },
    ...{ fault: overtaken, prepare: branchesOnly },
  },
  { name: 'the host refuses the queue’s refs', scene: queued, ends: 'published', prepare: branchesOnly },
  {
    ...{ name: 'the branch is rewound between read and push', scene: create, ends: 'published' },
    prepare: withAnotherCommit,
    fault: ({ number }, { directory }) =>
      number === 4 ? { kind: 'tell', before: () => rewind(directory) } : undefined,
  },
];

const quiet = 'exec >/dev/null 2>&1';
const declined = refused('PushDeclined');
const places: readonly Hostility[] = [
  {
    ...{ name: 'a hook refuses', scene: create, ends: declined },
    prepare: withHook('pre-receive', 'echo no; echo https://a:b@host/; exit 1'),
  },
  {
    name: 'a hook refuses without a word',
    scene: create,
    ends: declined,
    prepare: withHook('update', `${quiet}; exit 1`),
  },
  {
    ...{ name: 'the branch is protected', scene: create, ends: declined },
    prepare: withHook('pre-receive', 'echo "GH006: Protected branch update failed for refs/heads/main."; exit 1'),
  },
  {
    ...{ name: 'a hook takes its time', scene: create, ends: 'published' },
    prepare: withHook('pre-receive', 'sleep 3'),
  },
  {
    ...{ name: 'a lock on the branch', scene: create, ends: { exit: 5, code: 'PushContended', changed: 'nothing' } },
    prepare: withLock,
  },
  ...[4, 8, 12, 16, 24].map((kilobytes): Hostility => ({
    ...{ name: `the disk is full after ${kilobytes} kB`, scene: create },
    ends: { exit: 5, code: 'DiskFull', changed: 'nothing' },
    prepare: withSmallDisk(kilobytes * 1024),
  })),
  { name: 'the server’s disk is full', scene: create, ends: declined, prepare: withFullServer },
];

export const cases: readonly Case[] = [
  ...once,
  ...onceInQueue,
  ...forGood,
  ...answersLost,
  ...silent,
  ...races,
  ...places,
].map((hostility) => ({ name: hostility.name, run: () => withstand(world, hostility) }));
export const atOnce = availableParallelism();
export const end = (): Promise<void> => world.end();
