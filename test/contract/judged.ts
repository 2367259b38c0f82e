import type { Exchange } from '../../src/demo/fake-github/exchange.js';
import { type FakeGitHub, type FakeGitHubOptions, startFakeGitHub } from '../../src/demo/fake-github/server.js';
import { judge } from './judge.js';

export interface JudgedGitHub extends FakeGitHub {
  /** What wasn't as GitHub describes it, so far. */
  violations(): readonly string[];
  /** Throws when there are any. */
  stop(): Promise<void>;
}

/** The fake, every request and answer of it held against GitHub's own description. */
export const startJudgedGitHub = async (options: FakeGitHubOptions = {}): Promise<JudgedGitHub> => {
  // judged afterwards: making validators takes longer than a test's client waits
  const exchanges: Exchange[] = [];
  const violations = (): readonly string[] => [...new Set(exchanges.flatMap(judge))];
  const fake = await startFakeGitHub({
    ...options,
    observe: (exchange) => {
      exchanges.push(exchange);
      options.observe?.(exchange);
    },
  });
  return {
    ...fake,
    violations,
    stop: async () => {
      await fake.stop();
      if (violations().length > 0) throw new Error(`GitHub describes it otherwise:\n${violations().join('\n')}`);
    },
  };
};
