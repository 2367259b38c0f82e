import { parseQuantity } from '../model/quantity.js';
import { type Problem, quote } from './issue.js';

/** For editors. */
export const quantityPattern = '^\\d{1,18}(\\.\\d{1,9})?([KMGTPE]i|[numkMGTPE]?|[eE][+-]?\\d{1,2})$';
const form = new RegExp(quantityPattern);

/** What is wrong with a quantity that must be more than nothing. */
export const quantityProblem = (text: string): Problem | undefined => {
  const remedy = 'Write e.g. 500m, 2 or 2Gi.';
  const value = form.test(text) ? parseQuantity(text) : undefined;
  if (value === undefined) return { message: `${quote(text)} is no Kubernetes quantity.`, remedy };
  return value === 0n ? { message: `${quote(text)} is nothing.`, remedy } : undefined;
};
