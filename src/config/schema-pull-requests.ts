import * as z from 'zod';
import { text } from './fields.js';
import { globRule } from './rules.js';

const label = z
  .enum(['optional', 'required'])
  .describe('optional: all but those labelled bivouac:off; required: only bivouac:on.');
const forks = z.enum(['never', 'approved']);
const charts = z.enum(['repository', 'platform']).describe('Whose charts may run beside credentials.');
const globs = z.array(text(globRule)).min(1).max(100);

/** The same keys twice: for the platform with defaults, for one application without. */
export const pullRequestShape = {
  defaults: {
    label: label.default('optional'),
    drafts: z.boolean().default(false),
    bots: z.boolean().default(false),
    forks: forks.default('never'),
    charts: charts.default('repository'),
    baseBranches: globs.default(['**']).describe('Patterns of branches that pull requests go to.'),
    paths: globs.default(['**']).describe('Patterns of changed files, one of which must be hit.'),
  },
  optional: {
    label: label.optional(),
    drafts: z.boolean().optional(),
    bots: z.boolean().optional(),
    forks: forks.optional(),
    charts: charts.optional(),
    baseBranches: globs.optional(),
    paths: globs.optional(),
  },
};
