import type { Rule } from '../rule.js';

const objectLimit = 500;
const sizeLimit = 1024 * 1024;

/** Refuses more than 500 objects, or 1 MiB: large manifests cost the controller many times their size. */
export const noOversizedEnvironments: Rule = {
  name: 'no-oversized-environments',
  *set(objects) {
    const remedy = 'Split the application, or leave large files to an image.';
    if (objects.length > objectLimit)
      yield { field: '', message: `${objects.length} objects are more than ${objectLimit}`, remedy };
    const size = objects.reduce((sum, { texts }) => texts.reduce((all, { text }) => all + text.length, sum), 0);
    if (size > sizeLimit)
      yield { field: '', message: `${Math.ceil(size / 1024)} KiB of keys and values are more than 1 MiB`, remedy };
  },
};
