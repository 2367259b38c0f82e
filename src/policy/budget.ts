import { budgetFactors } from '../model/budget.js';
import type { Config, Quota } from '../config/config.js';
import type { EnvironmentSpec } from '../model/environment.js';
import { parseQuantity, type Quantity } from '../model/quantity.js';

/** What the frame's ResourceQuota and LimitRange will allow. */
export interface Budget {
  readonly requests: Amounts;
  readonly limits: Amounts;
  /** The most that one container may be limited to. */
  readonly container: Amounts;
  readonly storage: Quantity;
  readonly pods: number;
}

/** CPU and memory. */
export interface Amounts {
  readonly cpu: Quantity;
  readonly memory: Quantity;
}

/** The two that every container names. */
export const resourceNames = ['cpu', 'memory'] as const;

/** As the frame derives it from the preset's quota; undefined: there is no such preset, or its quota is unreadable. */
export const budgetOf = (spec: EnvironmentSpec, config: Config): Budget | undefined => {
  const quota: Quota | undefined = config.presets.get(spec.preset)?.quota;
  const cpu = parseQuantity(quota?.cpu ?? '');
  const memory = parseQuantity(quota?.memory ?? '');
  const storage = parseQuantity(quota?.storage ?? '');
  if (quota === undefined || cpu === undefined || memory === undefined || storage === undefined) return undefined;
  const scaled = (factors: { readonly cpu: number; readonly memory: number }): Amounts => ({
    cpu: cpu * BigInt(factors.cpu),
    memory: memory * BigInt(factors.memory),
  });
  return {
    requests: { cpu, memory },
    limits: scaled(budgetFactors.limits),
    container: scaled(budgetFactors.container),
    storage,
    pods: quota.pods,
  };
};
