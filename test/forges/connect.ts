import { afterEach, beforeEach } from '@jest/globals';
import type { FakeGitHub, FakeGitHubOptions } from '../../src/demo/fake-github/server.js';
import { startJudgedGitHub } from '../contract/judged.js';
import { gitHub, type GitHubOptions } from '../../src/forges/github/github.js';
import { commitSha, pullRequestNumber, type PullRequestRef, repositoryName } from '../../src/model/pull-request.js';

export const head = commitSha('1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d');
export const shop = repositoryName('acme/shop');
export const refTo = (number: number, repository = shop): PullRequestRef => ({
  forge: 'github',
  repository,
  number: pullRequestNumber(number),
});

/** A fake for each test of a suite, and the adapter on it. */
export const useFakeGitHub = (options: FakeGitHubOptions = {}) => {
  let fake: FakeGitHub;
  let notes: string[] = [];
  beforeEach(async () => {
    notes = [];
    fake = await startJudgedGitHub(options);
  });
  afterEach(() => fake.stop());
  return {
    fakeOf: (): FakeGitHub => fake,
    notes: (): readonly string[] => notes,
    connect: (change: Partial<GitHubOptions> = {}) =>
      gitHub({
        url: 'https://github.com',
        apiUrl: fake.url,
        token: fake.token,
        environment: {},
        log: (text) => notes.push(text),
        pauseMs: 1,
        ...change,
      }),
  };
};
