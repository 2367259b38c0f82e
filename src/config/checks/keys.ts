import { annotationKeyRule, labelKeyRule } from '../annotations.js';
import { isRecord } from '../explain.js';
import type { Finding } from '../issue.js';
import { applicationRule, imageNameRule, presetRule, type Rule, variableRule } from '../rules.js';

/** Keys that people choose, checked on the raw data: a bad name hides nothing of what it names. */
export const checkKeys = (value: unknown): readonly Finding[] => {
  const applications = keysOf(value, ['applications']);
  const presets = keysOf(value, ['presets']);
  return [
    ...judge(value, ['applications'], applicationRule),
    ...applications.flatMap((name) => judge(value, ['applications', name, 'images'], imageNameRule)),
    ...applications.flatMap((name) => judge(value, ['applications', name, 'variables'], variableRule)),
    ...judge(value, ['presets'], presetRule),
    ...presets.flatMap((name) => judge(value, ['presets', name, 'variables'], variableRule)),
    ...judge(value, ['cluster', 'namespaceLabels'], labelKeyRule),
    ...judge(value, ['cluster', 'ingressAnnotations'], annotationKeyRule),
  ];
};

const keysOf = (value: unknown, path: readonly string[]): readonly string[] => {
  const at = path.reduce<unknown>(
    (map, key) => (isRecord(map) && Object.hasOwn(map, key) ? map[key] : undefined),
    value,
  );
  return isRecord(at) ? Object.keys(at) : [];
};

const judge = (value: unknown, path: readonly string[], rule: Rule): readonly Finding[] =>
  keysOf(value, path).flatMap((key) => {
    const problem = rule(key);
    return problem === undefined ? [] : [{ ...problem, path: [...path, key], part: 'key' as const }];
  });
