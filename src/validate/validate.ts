import { type Manifest, printObject } from '../model/manifest.js';
import type { Violation } from '../model/outcome.js';
import type { Answer, Validator } from './port.js';
import { faultsOf, type Siblings } from './refusal.js';

/** A manifest and whose it is. */
export interface Placed {
  /** Absent: the frame's. */
  readonly component?: string;
  readonly manifest: Manifest;
}

export interface Validation {
  /** In the objects' order. */
  readonly violations: readonly Violation[];
  /** What nobody could check, never counted as valid. */
  readonly unchecked: readonly Unchecked[];
  /** How many objects were checked. */
  readonly checked: number;
}

export interface Unchecked {
  readonly component?: string;
  readonly object: string;
  readonly why: string;
}

export interface ValidateOptions {
  readonly validator: Validator;
  /** Fields that an object of this kind may have at a place, for "did you mean". */
  readonly siblings: (manifest: Manifest) => Siblings;
}

/** Asks about every object, and makes one list of what was found. @throws RefusedError, TemporaryError */
export const validate = async (
  objects: readonly Placed[],
  { validator, siblings }: ValidateOptions,
): Promise<Validation> => {
  const answers = await Promise.all(objects.map(({ manifest }) => validator.check(manifest)));
  const found = objects.map((placed, index) => {
    const answer = answers[index]!;
    const place = {
      ...(placed.component !== undefined && { component: placed.component }),
      object: printObject(placed.manifest),
    };
    return {
      violations: violationsOf(answer, placed.manifest, siblings(placed.manifest)).map((each): Violation => ({
        rule: validator.rule,
        ...place,
        ...each,
      })),
      unchecked: answer.kind === 'unchecked' ? [{ ...place, why: answer.why }] : [],
    };
  });
  const unchecked = found.flatMap((each) => each.unchecked);
  return {
    violations: found.flatMap((each) => each.violations),
    unchecked,
    checked: objects.length - unchecked.length,
  };
};

type Found = Pick<Violation, 'severity' | 'field' | 'message' | 'remedy'>;

const violationsOf = (answer: Answer, manifest: Manifest, siblings: Siblings): readonly Found[] => {
  const error = (fault: { field: string; message: string; remedy: string }): Found => ({ severity: 'error', ...fault });
  switch (answer.kind) {
    case 'accepted':
      return answer.warnings.map(warned);
    case 'faulty':
      return answer.faults.map(error);
    case 'refused':
      return [...faultsOf(answer.refusal, manifest, siblings).map(error), ...answer.warnings.map(warned)];
    case 'unchecked':
      return [];
  }
};

const warned = (message: string): Found => ({
  severity: 'warning',
  field: '',
  message,
  remedy: /PodSecurity/.test(message)
    ? 'The cluster would refuse the pods: set what it names in the pod’s securityContext.'
    : 'The cluster takes it all the same; change it before it no longer does.',
});
