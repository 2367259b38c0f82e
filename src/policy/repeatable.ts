import { type Component, printObject } from '../model/manifest.js';
import type { Violation } from '../model/outcome.js';
import { pointer } from './pointer.js';

/**
 * Compares two renderings of the same spec: a chart that depends on time, chance or the machine would make a commit at every run.
 * One violation an object, at its first difference; empty: they are equal.
 */
export const checkRepeatable = (first: readonly Component[], second: readonly Component[]): readonly Violation[] => {
  const names = [...new Set([...first, ...second].map(({ name }) => name))];
  return names.flatMap((name) => {
    const [one, two] = [first, second].map(
      (each) => each.find((component) => component.name === name)?.manifests ?? [],
    );
    return Array.from({ length: Math.max(one?.length ?? 0, two?.length ?? 0) }, (_, index): readonly Violation[] => {
      const field = firstDifference(one?.[index], two?.[index], '');
      const manifest = one?.[index] ?? two?.[index];
      if (field === undefined || manifest === undefined) return [];
      return [
        {
          rule: 'require-repeatable-output',
          severity: 'error',
          component: name,
          object: printObject(manifest),
          field,
          message: 'two renderings of the same facts differ here',
          remedy: 'Use nothing but the props in a chart: no Date, no Math.random, no process.env.',
        },
      ];
    }).flat();
  });
};

const firstDifference = (one: unknown, two: unknown, field: string): string | undefined => {
  if (Object.is(one, two)) return undefined;
  if (typeof one !== 'object' || typeof two !== 'object' || one === null || two === null) return field;
  if (Array.isArray(one) !== Array.isArray(two)) return field;
  const [a, b] = [new Map(Object.entries(one)), new Map(Object.entries(two))];
  for (const key of [...new Set([...a.keys(), ...b.keys()])]) {
    const found = firstDifference(a.get(key), b.get(key), field + pointer(key));
    if (found !== undefined) return found;
  }
  return undefined;
};
