type Close = () => Promise<void>;

const open = new Set<Close>();
let interrupted = false;

/** Has this done, too, when a signal ends the program early; gives what takes it off the list again. After a signal nothing new begins. */
export const atInterrupt = async (close: Close): Promise<() => void> => {
  if (interrupted) await new Promise(() => undefined);
  open.add(close);
  return () => void open.delete(close);
};

let ends: Close | undefined;

/** A service ends what it has begun by itself, and then as if it had nothing more to do; only a second signal cuts that short. */
export const atSignal = (end: Close): void => {
  ends = end;
};

/** Closes what is open; what fails or is still busy at the end stays behind. */
const closeOpen = async (bound: Promise<unknown>): Promise<void> => {
  await Promise.race([Promise.allSettled([...open].map((close) => close())), bound]);
};

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

export interface Interrupt {
  /** At most so long is waited for; resolves on its own. */
  readonly patience: () => Promise<unknown>;
  /** Called at once, with what people are told. */
  readonly tell: (text: string) => void;
  readonly leave: (code: number) => void;
}

/** Stops taking work, ends what runs, and leaves; the second signal leaves at once. */
export const listenForSignals = ({ patience, tell, leave }: Interrupt): void => {
  for (const [signal, code] of Object.entries(exitCodes))
    process.on(signal, () => {
      if (interrupted) return leave(code);
      if (ends !== undefined) {
        const end = ends;
        ends = () => Promise.resolve(leave(code));
        return void end();
      }
      interrupted = true;
      tell(
        `\ninterrupted (${signal})\n` +
          '  changed: all of what it was pushing, or nothing of it\n' +
          '  next:    run the command again, it finishes what is left\n',
      );
      void closeOpen(patience()).then(() => leave(code));
    });
};
