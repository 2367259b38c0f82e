import { appendFileSync } from 'node:fs';
import type { Fault, FaultHook } from '../../git/server.js';
import { stop, type Target } from './job.js';

export interface NumberedRequest {
  /** From 1, in this run. */
  readonly number: number;
  readonly method: string;
  readonly service: 'upload' | 'receive';
}

interface Requests {
  readonly points: string;
  readonly pid: number;
  readonly contend: () => Promise<void>;
  readonly at?: Target;
  readonly fault?: (request: NumberedRequest) => Fault | undefined;
}

/** Each request's arrival and its answer are points, too: the effect lies between them. */
export const requestPoints = ({ points, pid, contend, at, fault }: Requests): FaultHook => {
  let count = 0;
  const reach = (point: string): void => {
    appendFileSync(points, `${point}\n`);
    if (point === at?.point) stop(pid, at.how);
  };
  return ({ method, uri }) => {
    const service = uri.includes('receive-pack') ? 'receive' : 'upload';
    const number = ++count;
    const request = `request ${number} (${method} ${service}-pack)`;
    const wrong = fault?.({ number, method, service });
    if (wrong !== undefined) {
      reach(`${request} arrives`);
      return wrong;
    }
    return {
      kind: 'tell',
      before: async () => {
        if (method === 'POST' && service === 'receive') await contend();
        reach(`${request} arrives`);
      },
      after: () => Promise.resolve(reach(`${request} is done`)),
    };
  };
};
