import { isBivouacError } from '../../model/errors.js';
import { componentName } from '../../model/names.js';
import { quote } from '../pointer.js';
import type { Rule } from '../rule.js';

/**
 * Refuses a component name that is no DNS label of at most 22 characters, is there twice, or is `frame` or
 * `namespace`: it becomes a file's name and part of a host.
 */
export const validComponentNames: Rule = {
  name: 'valid-component-names',
  *set(_objects, { components }) {
    const seen = new Set<string>();
    for (const { name } of components) {
      const problem = problemOf(name) ?? (seen.has(name) ? `component ${quote(name)} is there twice` : undefined);
      seen.add(name);
      if (problem !== undefined)
        yield {
          component: name,
          field: '',
          message: problem,
          remedy: 'A component’s name is its construct’s id and its file’s name: a DNS label of at most 22 characters.',
        };
    }
  },
};

const problemOf = (name: string): string | undefined => {
  try {
    componentName(name);
    return undefined;
  } catch (error) {
    return isBivouacError(error) ? error.message : String(error);
  }
};
