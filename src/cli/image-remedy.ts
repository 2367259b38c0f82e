import { BivouacError, isBivouacError } from '../model/errors.js';

const withFlag = /^Give --image \S+, or a template at (\S+) in bivouac\.yaml;.*$/s;

/** A chart's error about an image, where no `--image` can be given. */
export function withoutImageFlag(error: unknown): unknown {
  if (!isBivouacError(error) || error.code !== 'UnknownImage' || error.remedy === undefined) return error;
  const { class: kind, code, message, where, changed, data, remedy } = error;
  return new BivouacError({
    ...{ class: kind, code, message, changed, data, cause: error },
    ...(where !== undefined && { where }),
    remedy: remedy.replace(withFlag, 'Give it a template at $1 in bivouac.yaml.'),
  });
}
