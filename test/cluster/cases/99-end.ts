// What the other files made goes while the next one runs; here the last of it is waited for.
import type { Case } from '../../publish/case.js';
import { ended } from '../shared.js';

export const cases: readonly Case[] = [];
export const end = async (): Promise<void> => {
  await ended().catch((error: unknown) => console.log(`left in the cluster: ${String(error)}`));
};
