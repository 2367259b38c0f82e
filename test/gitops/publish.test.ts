import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { refusedError, temporaryError, userError } from '../../src/model/errors.js';
import { parseId } from '../../src/model/names.js';
import { commitSha, pullRequestNumber, repositoryName } from '../../src/model/pull-request.js';
import { commitMessage, type CommitFacts } from '../../src/gitops/message.js';
import { publish, type Ask } from '../../src/gitops/publish.js';
import type { FileTree } from '../../src/model/manifest.js';
import { memoryGitOps, type MemoryGitOps } from '../fakes/memory-gitops.js';
import { change, fakeClock, nothing, tree } from './support.js';

const id = parseId('shop/pr-42');
const shop = (version: string): FileTree => tree('shop/pr-42', version);
const asks =
  (files: FileTree): Ask<string> =>
  (_base, attempt) =>
    Promise.resolve({ plan: `plan ${attempt}`, changes: [change('shop/pr-42', files)] });

const run = (repository: MemoryGitOps, ask: Ask<string>, more: { deadlineMs?: number; mode?: 'dry-run' } = {}) => {
  const clock = fakeClock();
  return { clock, result: publish(repository, ask, { ids: [id], clock, ...more }) };
};

describe('the publishing loop', () => {
  test('pushes what is wanted, once', async () => {
    const repository = memoryGitOps();
    const { plan, commit, attempts } = await run(repository, asks(shop('1'))).result;
    expect({ plan, attempts, pushes: repository.counts.pushes }).toEqual({ plan: 'plan 1', attempts: 1, pushes: 1 });
    expect(commit.tip).toBe(repository.tip);
    expect(repository.environments.get('shop/pr-42')).toEqual(shop('1'));
  });

  test('ends before the push when the tree is the same', async () => {
    const repository = memoryGitOps({ 'shop/pr-42': shop('1') });
    const { commit } = await run(repository, asks(shop('1'))).result;
    expect(commit.tip).toBeUndefined();
    expect(repository.counts.pushes).toBe(0);
  });

  test('dry-run builds and doesn’t push', async () => {
    const repository = memoryGitOps();
    const { commit } = await run(repository, asks(shop('1')), { mode: 'dry-run' }).result;
    expect(commit.tip).toBeDefined();
    expect(repository.counts.pushes).toBe(0);
  });

  test('asks again after a lost race, and the last truth wins', async () => {
    const repository = memoryGitOps({ 'shop/pr-42': shop('1') });
    repository.beforePush = (push) => {
      if (push === 1) repository.write('shop/pr-42', shop('theirs'));
    };
    const seen: (string | undefined)[] = [];
    const ask: Ask<string> = (base, attempt) => {
      seen.push(base.environments.get('shop/pr-42')?.files.get('environment.json'));
      const files = attempt === 1 ? shop('2') : nothing; // closed meanwhile
      return Promise.resolve({ plan: String(attempt), changes: [change('shop/pr-42', files)] });
    };
    const { plan, attempts } = await run(repository, ask).result;
    expect({ plan, attempts }).toEqual({ plan: '2', attempts: 2 });
    expect(seen[1]).toContain('theirs');
    expect(repository.environments.size).toBe(0);
  });

  test('an answer lost after the push has landed is found at the tip and is ours', async () => {
    const repository = memoryGitOps();
    repository.afterPush = () => {
      throw temporaryError('RemoteUnavailable', 'reset');
    };
    const { plan, commit, attempts } = await run(repository, asks(shop('1'))).result;
    expect({ plan, attempts, pushes: repository.counts.pushes }).toEqual({ plan: 'plan 1', attempts: 2, pushes: 1 });
    expect(commit.tip).toBe(repository.tip);
  });

  test('a branch that vanishes meanwhile is not made anew: it would hold this environment alone', async () => {
    const repository = memoryGitOps({ 'shop/pr-42': shop('1'), 'shop/pr-7': tree('shop/pr-7', '1') });
    repository.beforePush = () => repository.drop();
    await expect(run(repository, asks(shop('2'))).result).rejects.toMatchObject({
      code: 'BranchGone',
      class: 'PolicyError',
    });
    expect(repository.tip).toBeUndefined();
  });

  test('a landed push with another on top makes no second commit', async () => {
    const repository = memoryGitOps();
    repository.afterPush = () => {
      repository.write('other/pr-1', tree('other/pr-1'));
      throw temporaryError('RemoteUnavailable', 'reset');
    };
    const { commit } = await run(repository, asks(shop('1'))).result;
    expect(commit.tip).toBeUndefined();
    expect(repository.messages).toHaveLength(1);
  });

  test('a tip that stands still three times gives the push’s own error', async () => {
    const repository = memoryGitOps();
    repository.beforePush = () => {
      throw refusedError('PushDeclined', 'the hook said no');
    };
    await expect(run(repository, asks(shop('1'))).result).rejects.toMatchObject({
      code: 'PushDeclined',
      changed: 'nothing',
    });
    expect(repository.counts).toEqual({ reads: 4, pushes: 3 });
  });

  test('a lock that is let go in time does no harm', async () => {
    const repository = memoryGitOps();
    repository.beforePush = (push) => {
      if (push < 3) throw temporaryError('PushContended', 'cannot lock ref');
    };
    expect((await run(repository, asks(shop('1'))).result).attempts).toBe(3);
  });

  test('a branch that never rests ends at the deadline, with nothing changed', async () => {
    const repository = memoryGitOps();
    repository.beforePush = (push) => repository.write('other/pr-1', tree('other/pr-1', String(push)));
    const { clock, result } = run(repository, asks(shop('1')), { deadlineMs: 10_000 });
    await expect(result).rejects.toMatchObject({ code: 'PushContended', class: 'TemporaryError', changed: 'nothing' });
    expect(Math.max(...clock.waits)).toBeLessThanOrEqual(3_000);
    expect(clock.waits.reduce((sum, each) => sum + each, 0)).toBe(10_000);
    expect(repository.environments.has('shop/pr-42')).toBe(false);
  });

  test.each([
    ['a refusal at the first read', refusedError('RemoteForbidden', 'no'), 1],
    ['a wrong branch', userError('BranchNotFound', 'no'), 1],
    ['an outage', temporaryError('RemoteUnavailable', 'no'), 3],
  ])('%s is final after %#', async (_what, error, reads) => {
    const repository = memoryGitOps();
    repository.beforeRead = () => {
      throw error;
    };
    await expect(run(repository, asks(shop('1'))).result).rejects.toBe(error);
    expect(repository.counts.reads).toBe(reads);
  });

  test('says "unknown" when the tip can’t be read after a lost push', async () => {
    const repository = memoryGitOps();
    repository.afterPush = () => {
      repository.beforeRead = () => {
        throw temporaryError('RemoteUnavailable', 'down');
      };
      throw temporaryError('RemoteUnavailable', 'reset');
    };
    await expect(run(repository, asks(shop('1'))).result).rejects.toMatchObject({
      code: 'RemoteUnavailable',
      changed: 'unknown: the push may have landed; run again',
    });
    expect(repository.environments.has('shop/pr-42')).toBe(true);
  });

  test('what `ask` throws comes through as it is', async () => {
    const error = refusedError('CodeHostRefused', 'no');
    await expect(run(memoryGitOps(), () => Promise.reject(error)).result).rejects.toBe(error);
  });

  test('whatever is lost on the way, the branch ends with the truth and nothing foreign changes', async () => {
    const misfortune = fc.constantFrom('none', 'lost', 'race', 'overtaken', 'answer');
    await fc.assert(
      fc.asyncProperty(
        fc.array(misfortune, { maxLength: 6 }),
        fc.array(fc.constantFrom('', '1', '2', '3')),
        async (fates, truths) => {
          const repository = memoryGitOps({ 'other/pr-1': tree('other/pr-1') });
          repository.beforePush = (push) => {
            if (fates[push - 1] === 'race') repository.write('other/pr-2', tree('other/pr-2', String(push)));
            if (fates[push - 1] === 'overtaken') repository.write('shop/pr-42', shop(`theirs ${push}`));
            if (fates[push - 1] === 'lost' && fates[push - 2] !== 'lost') throw temporaryError('PushContended', 'lock');
          };
          repository.afterPush = (push) => {
            if (fates[push - 1] === 'answer') throw temporaryError('RemoteUnavailable', 'reset');
          };
          let wanted = nothing;
          const ask: Ask<string> = (_base, attempt) => {
            const version = truths[attempt - 1] ?? '1';
            wanted = version === '' ? nothing : shop(version);
            return Promise.resolve({ plan: version, changes: [change('shop/pr-42', wanted)] });
          };
          await publish(repository, ask, { ids: [id], clock: fakeClock() });
          expect(repository.environments.get('shop/pr-42') ?? nothing).toEqual(wanted);
          expect(repository.environments.get('other/pr-1')).toEqual(tree('other/pr-1'));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the commit’s message', () => {
  const facts: CommitFacts = {
    id,
    deed: { verb: 'update' },
    repository: repositoryName('acme/shop'),
    headSha: commitSha('1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d'),
    forge: { kind: 'github', url: 'https://github.com' },
    pullRequest: pullRequestNumber(42),
    author: 'octocat',
    bundle: 'sha256:5f2d',
    version: '1.0.0',
  };
  const print = ({ subject, trailers }: ReturnType<typeof commitMessage>): string =>
    [subject, ...trailers.map(([key, value]) => `${key}: ${value}`)].join('\n');

  test('is the contract’s', () => {
    expect(print(commitMessage(facts))).toMatchInlineSnapshot(`
"shop/pr-42: update to 1a2b3c4 (acme/shop#42)
Bivouac-Environment: shop/pr-42
Bivouac-Pull-Request: https://github.com/acme/shop/pull/42
Bivouac-Bundle: sha256:5f2d
Bivouac-Version: 1.0.0
Argocd-reference-commit-sha: 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d
Argocd-reference-commit-repourl: https://github.com/acme/shop
Argocd-reference-commit-author: octocat <octocat@users.noreply.github.com>"
`);
  });

  test.each([
    [{ verb: 'create' }, 'shop/pr-42: create at 1a2b3c4 (acme/shop#42)'],
    [{ verb: 'remove', reason: 'Closed' }, 'shop/pr-42: remove (closed)'],
    [{ verb: 'extend' }, 'shop/pr-42: extend (acme/shop#42)'],
    [{ verb: 'sleep' }, 'shop/pr-42: sleep (acme/shop#42)'],
    [{ verb: 'wake' }, 'shop/pr-42: wake (acme/shop#42)'],
  ] as const)('%o', (deed, subject) => {
    expect(commitMessage({ ...facts, deed }).subject).toBe(subject);
  });

  test('takes no author that could be anything but a login', () => {
    const keys = (author: string) => commitMessage({ ...facts, author }).trailers.map(([key]) => key);
    for (const author of ['a\nBivouac-Version: 9', 'x <y@z>', '', '-a', 'a b'])
      expect(keys(author)).not.toContain('Argocd-reference-commit-author');
    expect(keys('dependabot[bot]')).toContain('Argocd-reference-commit-author');
  });

  test('names a GitLab merge request by GitLab’s address', () => {
    const gitlab = commitMessage({ ...facts, forge: { kind: 'gitlab', url: 'https://gitlab.example.com/' } });
    expect(print(gitlab)).toContain('https://gitlab.example.com/acme/shop/-/merge_requests/42\n');
    expect(print(gitlab)).toContain('octocat@users.noreply.gitlab.example.com');
  });
});
