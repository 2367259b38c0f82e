import type { Controller, Expected } from '../../src/controllers/port.js';
import { temporaryError } from '../../src/model/errors.js';
import type { Cause, CauseKind, DeploymentStatus, RemainingPart, Remains } from '../../src/model/deployment.js';
import { parseId } from '../../src/model/names.js';
import type { Held, WaitOptions } from '../../src/wait/ask.js';
import { fakeClock } from '../gitops/support.js';

export const id = parseId('shop/pr-42');
export const expected: Expected = { id, images: [], holds: () => Promise.resolve(true) };

export const cause = (kind: CauseKind, message = 'its own words', object = 'Pod/api-7d9f'): Cause => ({
  kind,
  component: 'api',
  object,
  message,
  remedy: 'Do this.',
});

export const status = (phase: DeploymentStatus['phase'], ...causes: readonly Cause[]): DeploymentStatus => ({
  phase,
  message: phase === 'ready' ? 'ready at 1a2b3c4' : `${phase}: waiting for the sync`,
  causes,
});

export const unavailable = (): Error => temporaryError('ControllerUnavailable', 'argocd.example.com doesn’t answer');

/** One reading after the other, the last one for ever; an error is thrown. */
const played = <Value>(script: readonly (Value | Error)[]) => {
  let next = 0;
  const given: (Value | Error)[] = [];
  return {
    given,
    // eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous, and what throws must reject
    read: async (): Promise<Value> => {
      const value = script[Math.min(next++, script.length - 1)]!;
      given.push(value);
      if (value instanceof Error) throw value;
      return value;
    },
  };
};

export interface Scripts {
  readonly statuses?: readonly (DeploymentStatus | Error)[];
  readonly remains?: readonly (Remains | Error)[];
  /** @default what is waited for */
  readonly git?: readonly (Held | Error)[];
  /** Milliseconds. @default 15 minutes */
  readonly timeoutMs?: number;
}

/** A controller, a Git and a clock that play scripts; time passes by waiting alone. */
export const stage = ({ statuses = [], remains = [], git = ['same'], timeoutMs = 900_000 }: Scripts) => {
  const clock = fakeClock();
  const told: string[] = [];
  const [status, rest, held] = [played(statuses), played(remains), played(git)];
  const controller: Controller = { status: status.read, remains: rest.read };
  const options: WaitOptions = { clock, timeoutMs, held: held.read, tell: (message) => told.push(message) };
  const seconds = (): number => clock.waits.reduce((sum, each) => sum + each, 0) / 1000;
  return { controller, options, told, seconds, clock, readings: status.given, looks: held.given, left: rest.given };
};

export const part = (
  kind: RemainingPart['kind'],
  presence: RemainingPart['presence'],
  name = 'shop-pr-42',
): RemainingPart => ({ kind, name, presence, ...(presence === 'unread' && { why: `no right to read ${kind}` }) });

export const remains = (parts: readonly RemainingPart[], ...causes: readonly Cause[]): Remains => ({ parts, causes });
