/** Who has to act: the class decides the exit code (1, 2, 3, 4, 5 in this order). */
export type ErrorClass = 'InternalError' | 'UserError' | 'PolicyError' | 'RefusedError' | 'TemporaryError';

export interface ErrorDetails {
  /** Stable and documented, e.g. `RemoteUnauthorized`: programs may branch on it. */
  readonly code: string;
  readonly class: ErrorClass;
  /** What happened, in one sentence. */
  readonly message: string;
  /** `file:line:column`, an object's path, a flag, a host. */
  readonly where?: string;
  /** What was and wasn't changed. @default 'nothing' */
  readonly changed?: string;
  /** What to do next. */
  readonly remedy?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** Something could not be found out or done. Expected endings are `Outcome` values and are never thrown. */
export class BivouacError extends Error {
  readonly code: string;
  readonly class: ErrorClass;
  readonly where: string | undefined;
  readonly changed: string;
  readonly remedy: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = details.class;
    this.code = details.code;
    this.class = details.class;
    this.where = details.where;
    this.changed = details.changed ?? 'nothing';
    this.remedy = details.remedy;
    this.data = details.data ?? {};
  }
}

type Rest = Omit<ErrorDetails, 'class' | 'code' | 'message'>;

/** Bad flag, configuration, name or input file: exit code 2. */
export const userError = (code: string, message: string, rest: Rest = {}): BivouacError =>
  new BivouacError({ class: 'UserError', code, message, ...rest });

/** The code host or the Git remote said no: exit code 4. */
export const refusedError = (code: string, message: string, rest: Rest = {}): BivouacError =>
  new BivouacError({ class: 'RefusedError', code, message, ...rest });

/** Contention, rate limit, outage, deadline; safe to run again: exit code 5. */
export const temporaryError = (code: string, message: string, rest: Rest = {}): BivouacError =>
  new BivouacError({ class: 'TemporaryError', code, message, ...rest });

/** Recognised by shape and not by `instanceof`: a chart bundle carries its own copy of this file. */
export const isBivouacError = (error: unknown): error is BivouacError =>
  error instanceof Error && 'code' in error && 'class' in error && 'changed' in error && 'data' in error;
