import { isBivouacError } from '../../model/errors.js';
import { presentError } from '../output/errors.js';

/** One thing that was looked at. What can't be looked at is `skipped`, with the reason, and never `ok`. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'problem' | 'skipped';
  readonly text: string;
  readonly remedy?: string;
  readonly exitCode?: number;
}

export const ok = (check: string, text: string): Finding => ({ check, status: 'ok', text });
export const skipped = (check: string, text: string): Finding => ({ check, status: 'skipped', text });
export const problem = (check: string, text: string, remedy: string): Finding => ({
  check,
  status: 'problem',
  text,
  remedy,
});

/** Runs a check; what it throws is its finding. */
export async function finding(
  check: string,
  look: () => Promise<Finding | readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    const found = await look();
    return 'check' in found ? [found] : found;
  } catch (error) {
    if (!isBivouacError(error)) throw error;
    const { exitCode } = presentError(error);
    const { message, remedy, where } = error;
    const text = where === undefined || message.includes(where) ? message : `${message} (${where})`;
    return [{ check, status: 'problem', text, exitCode, ...(remedy !== undefined && { remedy }) }];
  }
}
