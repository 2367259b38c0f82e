import * as z from 'zod';
import type { Override } from '../model/pull-request.js';
import { parseDuration } from './duration.js';
import { explain, isRecord } from './explain.js';
import { durationField, text, variablesField } from './fields.js';
import { deepFreeze } from './freeze.js';
import { type Finding, invalid, quote } from './issue.js';
import { componentRule, presetRule, variableRule } from './rules.js';
import { yamlLimits } from './yaml-guard.js';
import { readYaml } from './yaml-source.js';

const names = z.array(text(componentRule)).max(100).default([]);

/** What may be written into .bivouac.yaml of an application's repository. What of it is allowed, the platform says. */
export const overrideSchema = z.strictObject({
  preset: text(presetRule).optional().describe('What kind of environment, e.g. pull-request.'),
  components: z
    .strictObject({ with: names, without: names })
    .prefault({})
    .describe('Components beside the chart’s default ones, and those to leave out.'),
  variables: variablesField.default({}).describe('Handed to every component.'),
  lifetime: durationField.optional().describe('Counted from the last head commit, e.g. 3d.'),
});

export type WrittenOverride = z.input<typeof overrideSchema>;

/** 64 KiB. */
const limits = { ...yamlLimits, bytes: 65_536 };

/**
 * `.bivouac.yaml` as data; an empty file asks for nothing. `path` is how messages name it.
 * @throws UserError InvalidOverride: every problem at once, `data.issues` as `ConfigIssue[]`
 */
export const parseOverride = (content: string, path: string): Override => {
  const reading = readYaml(content, { file: path, limits });
  if (reading.kind === 'issues') throw invalid('InvalidOverride', reading.issues);
  const source = reading.documents[0];
  if (source === undefined || source.value === null) return deepFreeze({ with: [], without: [], variables: {} });
  const read = overrideSchema.safeParse(source.value);
  const findings = [
    ...keyFindings(source.value),
    ...(read.success ? bothFindings(read.data.components) : explain(read.error.issues, source, overrideSchema)),
  ];
  if (findings.length > 0 || !read.success)
    throw invalid(
      'InvalidOverride',
      findings.map((finding) => source.locate(finding)),
    );
  const { preset, components, variables, lifetime } = read.data;
  return deepFreeze({
    ...(preset !== undefined && { preset }),
    with: components.with,
    without: components.without,
    variables,
    ...(lifetime !== undefined && { lifetime: parseDuration(lifetime) }),
  });
};

const keyFindings = (value: unknown): readonly Finding[] => {
  const variables = isRecord(value) && isRecord(value['variables']) ? value['variables'] : {};
  return Object.keys(variables).flatMap((key) => {
    const problem = variableRule(key);
    return problem === undefined ? [] : [{ ...problem, path: ['variables', key], part: 'key' as const }];
  });
};

const bothFindings = (chosen: { with: readonly string[]; without: readonly string[] }): readonly Finding[] =>
  chosen.without.flatMap((name, i) =>
    chosen.with.includes(name)
      ? [
          {
            path: ['components', 'without', i],
            message: `${quote(name)} is in both lists.`,
            remedy: 'Remove it from one.',
          },
        ]
      : [],
  );
