/**
 * How far the teardown tasks of an environment are, as its controller shows it. `unknown`: nobody could look; never taken for an end.
 */
export type TeardownState = 'done' | 'failed' | 'running' | 'unknown';

/**
 * Seconds that a teardown task may take, from its start; whatever Git holds, none gets more. The environment goes anyway when the longest
 * of them and the slack are over, from the commit on: a controller may look at Git every three minutes only, and has to start the task.
 */
export const teardownSeconds = { least: 60, usual: 600, most: 3_600, slack: 300 } as const;
