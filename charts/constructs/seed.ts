import type { JobProps } from './job.js';
import type { ContainerProps } from './pod.js';

/** Props of a task that seeds. */
export type SeedTaskProps = ContainerProps & JobProps;

/** What a fresh database is filled with. */
export class Seed {
  private constructor(
    /** What the Job runs. */
    readonly task: SeedTaskProps,
  ) {}

  /**
   * A Job `<database>-seed`, which gets `DATABASE_URL` and runs again when its image or anything else of it changes:
   * the same seed twice must do no harm.
   */
  static task(props: SeedTaskProps): Seed {
    return new Seed(props);
  }
}
