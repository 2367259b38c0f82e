import type { Environment } from '../config/environment.js';
import type { Clock } from '../model/clock.js';

/** All that a command touches outside itself: the entrance hands it down, tests and the demo hand down their own. */
export interface Io {
  readonly environment: Environment;
  readonly cwd: string;
  /** Where this package lies: the reference platform's `bivouac.yaml` and `charts/`. */
  readonly packageDirectory: string;
  readonly clock: Clock;
  /** Results only. */
  readonly stdout: (text: string) => void;
  /** Everything for people: notes, progress, errors. */
  readonly stderr: (text: string) => void;
  readonly stdin: () => Promise<string>;
  /** Asks a person; absent where nobody can answer (no terminal, or CI). */
  readonly ask?: (question: string) => Promise<string>;
  readonly color: boolean;
}

/** Flags that every command takes. */
export interface GlobalOptions {
  readonly config?: string;
  readonly output?: readonly string[];
  readonly verbose?: boolean;
  readonly color?: boolean;
}
