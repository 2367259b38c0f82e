/** How a publisher comes to its end: asked, killed alone while its git lives on, or killed with everything it started. */
export type How = 'SIGTERM' | 'SIGKILL' | 'SIGKILL of all';

export interface Target {
  readonly point: string;
  readonly how: How;
}

/** What the publisher's process gets as its argument. */
export interface PublisherJob {
  readonly url: string;
  readonly token: string;
  /** Where it finds git: the wrapper first. */
  readonly path: string;
  readonly changes: readonly Wish[];
  /** File to which every point is added as it is reached. */
  readonly points: string;
  /** Where it stops itself. */
  readonly at?: Target;
  readonly bounds?: Bounds;
}

/** Of time, in milliseconds. */
export interface Bounds {
  /** Of the whole publishing. */
  readonly deadlineMs?: number;
  /** Of a server's silence. */
  readonly patienceMs?: number;
}

/** An environment as it shall be. */
export interface Wish {
  /** `app-0/pr-1` */
  readonly name: string;
  /** Of the fixture's files; absent: it shall go. */
  readonly version?: string;
}

/** The publisher leads a process group of its own. */
export const stop = (pid: number, how: How): void => {
  process.kill(how === 'SIGKILL of all' ? -pid : pid, how === 'SIGTERM' ? 'SIGTERM' : 'SIGKILL');
};
