import type { Config } from '../config/config.js';
import { groupCommit, type Publish } from '../gitops/group.js';
import { keepLooking, type Looking } from '../server/looking.js';
import type { Metrics } from '../server/metrics.js';
import { keepWarm, type Warm } from '../server/warm.js';
import type { Context } from './context.js';
import { gitopsOf } from './wire.js';

/** One GitOps repository, as a service holds it. */
export interface Writer {
  readonly warm: Warm;
  readonly publish: Publish;
  /** For whoever looks, since the writer's takes one call at a time. */
  readonly looking: Looking;
}

/** Opens it and reads it once. @throws whatever is wrong with address, branch or credentials */
export async function openWriter(
  config: Config,
  { context, metrics }: { readonly context: Context; readonly metrics: Metrics },
): Promise<Writer> {
  const { clock } = context.io;
  const warm = await keepWarm({ open: () => gitopsOf(config, context), clock });
  await warm.repository.read([]); // address, branch and credentials are right
  const publish = groupCommit(warm.repository, {
    clock,
    between: () => warm.renew(),
    pushed: (asks) => {
      metrics.count('bivouac_pushes_total');
      metrics.count('bivouac_pushed_asks_total', {}, asks);
    },
  });
  return { warm, publish, looking: keepLooking({ open: () => gitopsOf(config, context) }) };
}
