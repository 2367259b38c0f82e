import vm from 'node:vm';

/** Runs work that doesn't await, and ends it at its deadline: a chart that loops for ever can be stopped by nothing else. */
export type Guard = <Result>(work: () => Result) => Result;

/** One context for all calls: making one costs more than the call. */
export const guard = (deadlineMs: number): Guard => {
  const slot: { work?: () => unknown } = {};
  const context = vm.createContext({ run: () => slot.work?.() });
  const call = new vm.Script('run()');
  return <Result>(work: () => Result): Result => {
    slot.work = work;
    return call.runInContext(context, { timeout: deadlineMs }) as Result;
  };
};

export const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
