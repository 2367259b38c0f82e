import { expect, test } from '@jest/globals';
import { recentIn } from '../../src/line/recent.js';
import type { Held } from '../../src/line/sweep.js';
import type { EnvironmentRecord } from '../../src/model/environment.js';
import { parseId } from '../../src/model/names.js';
import { printPullRequest, repositoryName } from '../../src/model/pull-request.js';
import { printTime } from '../../src/model/environment.js';
import { config, later, minute, now, record } from '../decide/builders.js';

const held = (environment: string, more: Partial<EnvironmentRecord>): Held => ({
  id: parseId(`shop/${environment}`),
  read: { kind: 'record', record: record(more) },
  readme: '',
});

test('pull requests of environments that are new in Git, each once; nothing of others, of old ones, or that can’t be read', () => {
  const at = (minutes: number) => ({ deployedAt: printTime(later(-minutes * minute)) });
  const all = [
    held('pr-1', { ...at(1), pullRequest: '1' }),
    held('pr-2', { ...at(16), pullRequest: '2' }),
    held('pr-3', { ...at(1), pullRequest: '3', repository: repositoryName('acme/other') }),
    held('pr-9', { ...at(1), pullRequest: '4' }), // by another name than it would have now
    held('bench-1', { ...at(1), pullRequest: '' }),
    held('pr-15', { ...at(15), pullRequest: '15' }),
    { id: parseId('shop/pr-6'), read: { kind: 'unreadable', problem: 'no' }, readme: '' },
    held('pr-1', { ...at(2), pullRequest: '1' }),
  ] as const;
  expect(recentIn(all, later(-15 * minute, now), config()).map(printPullRequest)).toEqual([
    'acme/shop#1',
    'acme/shop#15',
  ]);
});
