import { expect, test } from '@jest/globals';
import { tell } from '../../src/cli/tell.js';
import type { Forge } from '../../src/cli/wire.js';
import type { StickyComment } from '../../src/feedback/port.js';
import type { Plan } from '../../src/line/plan.js';
import { pullRequestNumber, repositoryName } from '../../src/model/pull-request.js';
import { configWith, id, outcome } from '../feedback/context.js';

test('a secret that a chart, git or the code host repeats never gets into a comment', async () => {
  const said: StickyComment[] = [];
  const feedback = {
    comment: (_ref: unknown, comment: StickyComment) => Promise.resolve(void said.push(comment)),
    deployment: () => Promise.resolve(),
    status: () => Promise.resolve(),
  };
  const rejected = outcome(
    { outcome: 'Rejected', reason: 'OverrideNotAllowed' },
    { message: 'the chart says "s3cr_t*token"', warnings: ['https://x:s3cr_t*token@example.com is away'] },
  );
  const plan = { kind: 'leave', candidate: { id } } as unknown as Plan;
  await tell(
    { forge: 'github', repository: repositoryName('acme/shop'), number: pullRequestNumber(42) },
    [{ plan, outcome: rejected }],
    {
      config: configWith('https://github.com/acme/gitops'),
      forge: { feedback } as unknown as Forge,
      isNews: () => true,
      clean: (text) => text.replaceAll('s3cr_t*token', '[secret]'),
    },
  );
  expect(said).toHaveLength(1);
  expect(said[0]?.body).toContain('[secret]');
  expect(said[0]?.body).not.toMatch(/s3cr\\?_t/);
});
