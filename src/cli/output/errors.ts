import type { BivouacError, ErrorClass } from '../../model/errors.js';
import { isBivouacError } from '../../model/errors.js';
import { oneLine } from '../redact.js';
import type { Presentation } from './presentation.js';

const exitCodes: Record<ErrorClass, number> = {
  InternalError: 1,
  UserError: 2,
  PolicyError: 3,
  RefusedError: 4,
  TemporaryError: 5,
};

/** The next step where the place that failed knows no better one. */
const remedies: Record<ErrorClass, string> = {
  InternalError: 'This is a defect in Bivouac: please report it with the text above.',
  UserError: 'Correct it, and run the command again.',
  PolicyError: 'Correct what the message names; nothing is deployed until then.',
  RefusedError: 'Check credentials and permissions, then run the command again.',
  TemporaryError: 'Run the command again.',
};

/** A failure in every format; anything that isn't ours is a defect of ours, and the only kind that shows a stack. */
export function presentError(thrown: unknown): Presentation {
  const error = isBivouacError(thrown) ? thrown : undefined;
  const message = error?.message ?? (thrown instanceof Error ? thrown.message : String(thrown));
  const data = {
    code: error?.code ?? 'InternalError',
    message,
    where: error?.where ?? '',
    changed: error?.changed ?? 'unknown: run the command again, it repeats nothing that was done',
    remedy: error?.remedy ?? remedies[error?.class ?? 'InternalError'],
  };
  const text = [
    ...message.split('\n').map((line, index) => (index === 0 ? `error: ${oneLine(line)}` : oneLine(line))),
    ...(data.where === '' ? [] : [`  where:   ${oneLine(data.where)}`]),
    `  changed: ${oneLine(data.changed)}`,
    ...(data.remedy === '' ? [] : [`  next:    ${oneLine(data.remedy)}`]),
    `  code:    ${data.code}`,
    ...(error === undefined && thrown instanceof Error ? [thrown.stack ?? ''] : []),
  ].join('\n');
  return {
    data: { schemaVersion: '1', error: data },
    text,
    markdown: `**${data.code}**: ${oneLine(message)}`,
    variables: { outcome: 'error', reason: data.code },
    exitCode: exitCodeOfError(error),
  };
}

const exitCodeOfError = (error: BivouacError | undefined): number => exitCodes[error?.class ?? 'InternalError'];
