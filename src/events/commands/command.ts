/** What a comment asks for. */
export type Command =
  | { readonly kind: 'up' | 'down' | 'keep' | 'sleep' | 'wake' | 'help' }
  /** As it was written, such as `2d`. */
  | { readonly kind: 'extend'; readonly duration: string }
  | { readonly kind: 'with' | 'without'; readonly component: string }
  | { readonly kind: 'preset'; readonly preset: string }
  /** Hexadecimal digits, lower case; only a whole commit id approves. Reading the pull request's approvals is all that it takes. */
  | { readonly kind: 'approve'; readonly commit: string };

/** One line of a comment that begins with `/bivouac`. */
export type CommandReading =
  | { readonly kind: 'command'; readonly command: Command }
  /** `text`: the line, cut; `nearest`: a whole command that may have been meant. */
  | { readonly kind: 'unknown'; readonly text: string; readonly nearest: string };

/** Every command, as an example of itself, and what it does. */
export const commandHelp: readonly (readonly [example: string, does: string])[] = [
  ['/bivouac up', 'have an environment, also after it was switched off or its lifetime was over'],
  ['/bivouac down', 'have none'],
  ['/bivouac extend 2d', 'move its end'],
  ['/bivouac keep', 'no end, until the pull request closes'],
  ['/bivouac sleep', 'stop everything, keep the volumes'],
  ['/bivouac wake', 'start it again'],
  ['/bivouac with mailer', 'with this component'],
  ['/bivouac without web', 'without this component'],
  ['/bivouac preset demo', 'an environment of this preset'],
  ['/bivouac approve <commit>', 'let this commit of a fork be deployed: its whole id'],
  ['/bivouac help', 'this list'],
];
