import type * as z from 'zod';
import type { Component, Manifest } from '../../model/manifest.js';
import type { Violation } from '../../model/outcome.js';
import { fieldOf } from '../fields.js';
import { pointer, quote } from '../pointer.js';
import { templatePaths } from '../pods.js';
import { metadataShape, podShape, shapes } from '../shapes.js';
import { isKind, type KnownKind } from '../view.js';

/** Objects that nest deeper are no manifests of ours; the bound keeps every walk short. */
export const depthLimit = 64;

const rule = 'valid-shape';

/** What can be read, and what is wrong with the rest. */
export interface ShapeCheck {
  readonly readable: readonly Component[];
  readonly violations: readonly Violation[];
}

/** Parts the manifests that the other rules may read from those that look like none. Takes anything. */
export const checkShapes = (components: unknown): ShapeCheck => {
  if (!Array.isArray(components)) return { readable: [], violations: [broken('', 'there is no list of components')] };
  const parts = components.map(checkComponent);
  return {
    readable: parts.flatMap(({ readable }) => readable),
    violations: parts.flatMap(({ violations }) => violations),
  };
};

const checkComponent = (component: unknown, index: number): ShapeCheck => {
  const name = fieldOf(component, 'name');
  const manifests = fieldOf(component, 'manifests');
  if (typeof name !== 'string' || !Array.isArray(manifests))
    return { readable: [], violations: [broken(pointer(index), 'a component needs a name and a list of manifests')] };
  const parts = manifests.map((manifest: unknown) => ({ manifest, problems: problemsOf(manifest) }));
  const good = parts.filter(({ problems }) => problems.length === 0).map(({ manifest }) => manifest as Manifest);
  return {
    readable: [{ ...(component as Component), manifests: good }],
    violations: parts.flatMap(({ manifest, problems }, place) =>
      problems.map((problem) => ({ ...problem, component: name, object: address(manifest, name, place) })),
    ),
  };
};

/** `Deployment/api`, or where it stands when it has no such name. */
const address = (manifest: unknown, component: string, place: number): string => {
  const kind = fieldOf(manifest, 'kind');
  const name = fieldOf(manifest, 'metadata', 'name');
  return typeof kind === 'string' && typeof name === 'string' ? `${kind}/${name}` : `${component}[${place}]`;
};

const broken = (
  field: string,
  message: string,
  remedy = 'Build manifests with the constructs, or check what made them.',
) => ({ rule, severity: 'error', object: '', field, message, remedy }) satisfies Violation;

const problemsOf = (manifest: unknown): readonly Violation[] => {
  const data = plainProblem(manifest, 0);
  if (data) return [broken(pointer(...data.path.reverse()).slice(0, 200), data.message)];
  const head = headProblems(manifest);
  if (head.length > 0) return head;
  const known = (Object.keys(shapes) as KnownKind[]).find((kind) => isKind(manifest as Manifest, kind));
  return [
    ...issues(metadataShape, manifest, ['metadata']),
    ...(known
      ? issues(shapes[known], manifest, [])
      : templatePaths(manifest as Manifest).flatMap((path) => [
          ...issues(metadataShape, manifest, [...path, 'metadata']),
          ...issues(podShape, manifest, [...path, 'spec']),
        ])),
  ];
};

const issues = (shape: z.ZodType, manifest: unknown, path: readonly string[]): readonly Violation[] => {
  const { error } = shape.safeParse(fieldOf(manifest, ...path));
  return (error?.issues ?? []).map((issue) =>
    broken(pointer(...path, ...issue.path.map(String)), `it has the wrong type: ${issue.message.slice(0, 160)}`),
  );
};

interface PlainProblem {
  readonly message: string;
  /** Keys on the way there, the last one first: put together only when there is something to say. */
  readonly path: string[];
}

const plain = new Set(['string', 'boolean', 'undefined']);

/** Apart from plain JSON nothing can be written, and apart from a bounded depth nothing read. Undefined is as good as absent. */
const plainProblem = (value: unknown, depth: number): PlainProblem | undefined => {
  if (depth > depthLimit) return { message: `it nests deeper than ${depthLimit} levels`, path: [] };
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : { message: 'it is no finite number', path: [] };
  if (value === null || plain.has(typeof value)) return undefined;
  if (typeof value !== 'object' || !isPlain(value)) return { message: `a ${typeof value} is no plain data`, path: [] };
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return { message: 'a key "__proto__" is refused', path: [] };
    const problem = plainProblem((value as Readonly<Record<string, unknown>>)[key], depth + 1);
    problem?.path.push(key);
    if (problem) return problem;
  }
  return undefined;
};

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  // by shape, not identity: another realm has its own Object
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
};

const apiVersion =
  /^(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\/)?v[0-9]+(?:(?:alpha|beta)[0-9]+)?$/;

const headProblems = (manifest: unknown): readonly Violation[] => {
  const kind = fieldOf(manifest, 'kind');
  const version = fieldOf(manifest, 'apiVersion');
  const name = fieldOf(manifest, 'metadata', 'name');
  const problems: Violation[] = [];
  if (typeof version !== 'string' || version.length > 253 || !apiVersion.test(version))
    problems.push(
      broken(
        '/apiVersion',
        'an object needs an apiVersion such as v1 or apps/v1',
        'Without it Argo CD skips the object in silence.',
      ),
    );
  if (typeof kind !== 'string' || !/^[A-Z][A-Za-z0-9]{0,62}$/.test(kind))
    problems.push(
      broken('/kind', 'an object needs a kind such as Deployment', 'Without it Argo CD skips the object in silence.'),
    );
  else if (kind.endsWith('List') && Array.isArray(fieldOf(manifest, 'items')))
    return [broken('/items', `a ${quote(kind)} wraps other objects`, 'List the objects themselves.')];
  if (typeof name !== 'string' || name === '')
    problems.push(
      fieldOf(manifest, 'metadata', 'generateName') === undefined
        ? broken('/metadata/name', 'an object needs a name', 'Set metadata.name to a constant.')
        : broken(
            '/metadata/generateName',
            'generateName makes a new object at each sync',
            'Set metadata.name to a constant instead.',
          ),
    );
  return problems;
};
