/**
 * How far the teardown tasks of an environment are, as its controller shows it. `unknown`: nobody could look; never taken for an end.
 */
export type TeardownState = 'done' | 'failed' | 'running' | 'unknown';

/** Seconds that teardown tasks may take before the environment goes anyway: whatever Git holds, none of them can hold it up for longer. */
export const teardownSeconds = { least: 60, usual: 600, most: 3_600 } as const;
