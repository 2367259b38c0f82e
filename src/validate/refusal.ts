import { nearest } from '../model/nearest.js';
import { pointerOf } from './field-path.js';
import { stepsOf } from './pointer.js';
import type { Fault, Refusal } from './port.js';

/** The fields that may stand beside this one; empty: nobody knows. */
export type Siblings = (field: string) => readonly string[];

/** An API server's refusal as faults, each with its field and what to do. Texts: argocd-flux.md 12.3. */
export const faultsOf = ({ message, causes }: Refusal, object: unknown, siblings: Siblings): readonly Fault[] => {
  const found = causes.length > 0 ? causes : complaintsIn(message);
  return found.map((each) => {
    const field = each.field === '' ? '' : pointerOf(each.field, object);
    return faultOf(field, tidied(each.message), siblings);
  });
};

const typedPatch = /^failed to create typed patch object \([^)]*\): (?:errors:\s*)?/;
const complaint = /^\s*(\.(?:[^[:]|\[(?:"(?:[^"\\]|\\.)*"|[^\]"])*\])*): (.*)$/;

/** A server-side apply tells of fields in its message alone, one a line. */
const complaintsIn = (message: string): Refusal['causes'] => {
  if (!typedPatch.test(message)) return [{ field: '', message }];
  const lines = message.replace(typedPatch, '').split('\n');
  const found = lines.flatMap((line) => {
    const [, field, text] = complaint.exec(line) ?? [];
    return field === undefined || text === undefined ? [] : [{ field, message: text }];
  });
  return found.length === 0 ? [{ field: '', message: message.replace(typedPatch, '') }] : found;
};

const longest = 300;

/** Without the wrapping, and without the whole value where that is an object. */
const tidied = (text: string): string => {
  const inner = text
    .replace(/^failed to convert new object .*? to proper version: (?:unable to convert [^:]*: )?/, '')
    .trim();
  if (inner.length <= longest) return inner;
  const end = /: ([^:]{1,200})$/.exec(inner)?.[1];
  return end === undefined ? `${inner.slice(0, longest - 1)}…` : `${inner.slice(0, 60)}…: ${end}`;
};

const faultOf = (field: string, message: string, siblings: Siblings): Fault => {
  const name = stepsOf(field).at(-1) ?? '';
  if (/field not declared in schema/.test(message))
    return { field, message: `unknown field "${name}"`, remedy: unknownRemedy(name, siblings(field)) };
  if (/field is immutable|may not be changed|are forbidden$|updates to .* are forbidden/.test(message))
    return {
      field,
      message,
      remedy:
        'The cluster holds this object with another value, and can’t change it: give the object another name, or take the environment down first.',
    };
  const supported = [...(/supported values: (.*)$/.exec(message)?.[1] ?? '').matchAll(/"([^"]*)"/g)];
  if (supported.length > 0) {
    const given = /Unsupported value: "([^"]*)"/.exec(message)?.[1] ?? '';
    return {
      field,
      message,
      remedy: oneOf(
        given,
        supported.map(([, value = '']) => value),
      ),
    };
  }
  const wanted = /^expected (\w+)/.exec(message)?.[1];
  if (wanted !== undefined) return { field, message, remedy: `Give it a ${wanted} value in the chart.` };
  return { field, message, remedy: 'Change it in the chart; kubectl explain tells what the cluster takes there.' };
};

/** What to do about a field that doesn't exist. */
export const unknownRemedy = (name: string, known: readonly string[]): string => {
  const meant = nearest(name, known);
  if (meant !== undefined) return `Did you mean ${meant}?`;
  if (known.length === 0) return 'Take it out; kubectl explain lists the fields that there are.';
  const shown = known.slice(0, 12).join(', ');
  return `Take it out, or use one of: ${shown}${known.length > 12 ? ', …' : ''}.`;
};

/** What to do about a value that isn't one of a few. */
export const oneOf = (given: string, values: readonly string[]): string => {
  const meant = nearest(given, values);
  return meant === undefined ? `Use one of: ${values.join(', ')}.` : `Did you mean ${meant}?`;
};
