import { countsOf, together } from '../../feedback/base-section.js';
import type { BaseCompared } from '../../model/difference.js';
import { shortSha } from '../../model/pull-request.js';
import { oneLine } from '../redact.js';

/** What differs from the base branch, for a terminal: a line for all of it, then one for each image, variable and resource. */
export const printBase = ({ branch, commit, difference }: BaseCompared): string => {
  const { objects, fields } = difference;
  const counts = countsOf(objects);
  const title = `compared with ${branch === '' ? 'the base branch' : branch} at ${shortSha(commit)}, with the same charts: ${counts === 'none' ? 'nothing differs but what every commit changes' : counts}`;
  const rows = together(fields).map(
    ({ places, field }) => `  ${places.join(', ')}: ${field.name} ${field.before ?? '–'} → ${field.after ?? '–'}`,
  );
  return [title, ...rows].map((line) => oneLine(line)).join('\n');
};
