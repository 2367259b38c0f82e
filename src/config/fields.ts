import * as z from 'zod';
import { durationPattern, durationProblem } from './duration.js';
import { quantityPattern, quantityProblem } from './quantity.js';
import { type Rule, valueRule } from './rules.js';

/** Text that a rule accepts; the rule's remedy travels in `params`. */
export const text = (rule: Rule): z.ZodString =>
  z.string().check((context) => {
    const problem = rule(context.value);
    if (problem !== undefined)
      context.issues.push({
        code: 'custom',
        message: problem.message,
        params: { remedy: problem.remedy },
        input: context.value,
        continue: true,
      });
  });

/** The keys are checked apart (`checks/keys.ts`), since zod leaves out the value of a bad key. */
export const mapOf = <Value extends z.ZodType>(value: Value): z.ZodRecord<z.ZodString, Value> =>
  z.record(z.string(), value);

// patterns are for editors, which don't run our rules
export const durationField = text((written) => durationProblem(written)).meta({ pattern: durationPattern });
export const lifetimeField = text((written) => (written === 'none' ? undefined : durationProblem(written))).meta({
  pattern: `^none$|${durationPattern}`,
});
export const quantityField = text(quantityProblem).meta({ pattern: quantityPattern });
export const variablesField = mapOf(text(valueRule));
