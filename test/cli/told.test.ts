import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorld, head, nextHead, type World } from './harness.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());

/** Runs it for an event; gives its warnings and what was written at the code host. */
const reconcile = async (action: Parameters<World['event']>[1], number = 42) => {
  const before = world.github.requests.length;
  const { code, stdout, stderr } = await world.run(['reconcile', '-o', 'json'], await world.event(number, action));
  if (code !== 0) throw new Error(stderr);
  const { outcomes } = JSON.parse(stdout) as { outcomes: readonly { readonly warnings: readonly string[] }[] };
  const writes = world.github.requests
    .slice(before)
    .filter(({ method, path }) => method !== 'GET' && path !== '/graphql')
    .map(({ method, path }) => `${method} ${path.replace('/repos/acme/shop/', '').replaceAll(/\d{3,}/g, 'N')}`);
  return { writes, warnings: outcomes.flatMap(({ warnings }) => warnings) };
};

test('a pull request is told with 3 writes for a head, 2 for anything else, none for nothing', async () => {
  world.github.openPullRequest({ number: 42, headSha: head });
  const newHead = ['POST deployments', 'POST deployments/N/statuses'];
  expect(await reconcile('opened')).toEqual({ writes: ['POST issues/42/comments', ...newHead], warnings: [] });
  expect(await reconcile('edited')).toEqual({ writes: [], warnings: [] });
  world.github.push(42, nextHead);
  expect((await reconcile('synchronize')).writes).toEqual(['PATCH issues/comments/N', ...newHead]);
  expect((await reconcile('edited')).writes).toEqual(['POST deployments/N/statuses']); // the older one ends
  expect((await reconcile('edited')).writes).toEqual([]);
  world.github.close(42);
  expect((await reconcile('closed')).writes).toEqual(['PATCH issues/comments/N', 'POST deployments/N/statuses']);
  expect((await reconcile('closed')).writes).toEqual([]);
  expect(world.github.deployments().map(({ statuses }) => statuses[0]?.state)).toEqual(['inactive', 'inactive']);
}, 120_000);

test('what is lost is a warning, and the rest is told', async () => {
  world.github.openPullRequest({ number: 43, headSha: head });
  const refused = { status: 403, body: { message: 'Resource not accessible by integration' } };
  world.github.fault({ method: 'POST', path: /\/deployments$/, when: 'before', as: refused });
  const { writes, warnings } = await reconcile('opened', 43);
  expect(warnings).toEqual([expect.stringMatching(/^the deployment could not be told: GitHub forbids it/)]);
  expect(writes[0]).toBe('POST issues/43/comments');
});

test('a commit’s status is one write more, where it is wanted', async () => {
  await world.editConfig(/$/, '\nfeedback: { comment: false, deployment: off, status: true }\n');
  world.github.openPullRequest({ number: 44, headSha: nextHead });
  expect((await reconcile('opened', 44)).writes).toEqual([`POST statuses/${nextHead.replaceAll(/\d{3,}/g, 'N')}`]);
  expect((await reconcile('edited', 44)).writes).toEqual([]);
});
