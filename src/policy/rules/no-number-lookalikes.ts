import { stringify } from 'yaml';
import { quote } from '../pointer.js';
import type { Rule } from '../rule.js';

const decimal = String.raw`(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?`;
const number = new RegExp(
  String.raw`^[-+]?(?:0x[-+]?[0-9a-f]+|0o[-+]?[0-7]+|0b[-+]?[01]+|${decimal}|\.?inf|\.?nan)$`,
  'i',
);

/**
 * Refuses text such as `0o17` or `=`, in keys and values, that is written without quotes and that some readers of
 * YAML take for something else: kubectl and Argo CD would see another value.
 */
export const noNumberLookalikes: Rule = {
  name: 'no-number-lookalikes',
  *object({ texts }) {
    for (const { text, field } of texts)
      if (looksLikeNumber(text))
        yield {
          field,
          message: `${quote(text)} is text here, but some readers of YAML take it for a number`,
          remedy: 'Write it another way, e.g. as a decimal number or with a prefix.',
        };
  },
};

/** Only what is written plain: the serializer puts quotes around the forms that it knows itself. */
const looksLikeNumber = (text: string): boolean => {
  if (text === '=') return true;
  if (text.length > 80 || !/^[-+_.0-9in]/i.test(text) || !number.test(text.replaceAll('_', ''))) return false;
  return !/^["']/.test(stringify(text, { version: '1.1', lineWidth: 0 }));
};
