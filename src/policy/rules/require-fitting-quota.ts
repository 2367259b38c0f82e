import { type Budget, budgetOf, resourceNames } from '../budget.js';
import { printQuantity } from '../../model/quantity.js';
import type { Rule, SetFinding } from '../rule.js';
import { type Totals, totalsOf } from '../totals.js';

/**
 * Refuses requests, limits, storage or pods that are together more than the quota; replicas, autoscalers and Jobs
 * count: the last pods would wait for ever.
 */
export const requireFittingQuota: Rule = {
  name: 'require-fitting-quota',
  *set(objects, { spec, config }) {
    const budget = budgetOf(spec, config);
    if (budget) yield* exceeded(totalsOf(objects), budget);
    else
      yield {
        field: '',
        message: `preset ${spec.preset} has no readable quota`,
        remedy: 'Set presets.<preset>.quota in bivouac.yaml.',
      };
  },
};

function* exceeded(totals: Totals, budget: Budget): Iterable<SetFinding> {
  for (const side of ['requests', 'limits'] as const)
    for (const name of resourceNames) {
      const unit = name === 'cpu' ? 'cpu' : 'bytes';
      if (totals[side][name] > budget[side][name])
        yield finding(
          `${side}.${name}`,
          printQuantity(totals[side][name], unit),
          printQuantity(budget[side][name], unit),
        );
    }
  if (totals.storage > budget.storage)
    yield finding('requests.storage', printQuantity(totals.storage, 'bytes'), printQuantity(budget.storage, 'bytes'));
  if (totals.pods > BigInt(budget.pods)) yield finding('pods', String(totals.pods), String(budget.pods));
}

const finding = (what: string, sum: string, most: string): SetFinding => ({
  field: '',
  message: `all objects together need ${what} of ${sum}, but the quota is ${most}`,
  remedy: 'Use smaller sizes or fewer replicas, switch a component off, or let the platform raise the preset’s quota.',
});
