/** Calls one at a time, in the order of asking, for what takes no two at once. One that fails holds up nothing after it. */
export const inTurn = (): (<Result>(call: () => Promise<Result>) => Promise<Result>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (call) => {
    const result = last.then(call);
    last = result.catch(() => undefined);
    return result;
  };
};
