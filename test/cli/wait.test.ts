import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addCommit } from '../git/fixture.js';
import { runGit } from '../git/run.js';
import { type ArgoCdMoment, type FakeArgoCd, startFakeArgoCd } from '../fakes/argo-cd.js';
import { createWorld, head, nextHead, type World } from './harness.js';

interface Seen {
  readonly state: string;
  readonly message: string;
  readonly causes: readonly Readonly<Record<string, string>>[];
  readonly steps: readonly { readonly at: string; readonly message: string }[];
}
interface Waited {
  readonly outcome?: string;
  readonly deployment?: Seen;
  readonly receipt?: {
    readonly complete: boolean;
    readonly objects: readonly string[];
    readonly parts: readonly object[];
  };
  readonly error?: Readonly<Record<string, string>>;
}

jest.setTimeout(120_000); // each waits for real, in processes of its own

describe('what the cluster runs, as Argo CD shows it', () => {
  let world: World;
  let argo: FakeArgoCd;
  let images: readonly string[];
  beforeAll(async () => {
    [world, argo] = await Promise.all([createWorld(), startFakeArgoCd()]);
    await appendFile(join(world.platform, 'bivouac.yaml'), `controller: { url: '${argo.url}' }\n`);
    world.github.openPullRequest({ number: 42, headSha: head });
    images = [`ghcr.io/acme/shop-api:${head}`];
  });
  afterAll(() => Promise.all([world.end(), argo.stop()]));

  const tip = (): Promise<string> => runGit(world.git.directory(), ['rev-parse', 'main']);
  const running = (more: ArgoCdMoment = {}): ArgoCdMoment => ({ revision: tip, images, ...more });
  const run = async (line: string, env: Readonly<Record<string, string | undefined>> = {}) => {
    const ended = await world.run(line.split(' '), { BIVOUAC_ARGOCD_TOKEN: argo.token, ...env });
    const read = (): Waited => {
      const data = JSON.parse(ended.stdout) as Waited & { readonly outcomes?: readonly Waited[] };
      return data.outcomes?.[0] ?? data;
    };
    expect(ended.stdout + ended.stderr).not.toContain(argo.token);
    return { ...ended, read };
  };
  const comment = (): string => world.github.comments(42)[0]?.body ?? '';
  const commentWrites = (): number =>
    world.github.requests.filter(({ method, path }) => method !== 'GET' && path.includes('/comments')).length;

  test('reconcile --wait: progress on stderr, ready in JSON and outputs, told in one write more', async () => {
    const outputs = join(world.platform, 'outputs');
    await writeFile(outputs, '');
    argo.show('shop-pr-42', 'absent', { ...running(), sync: 'OutOfSync', health: 'Missing' }, running());
    const event = { ...(await world.event(42, 'opened')), GITHUB_OUTPUT: outputs };
    const { code, stderr, read } = await run('reconcile --wait --timeout 1m -o json', event);
    const { outcome, deployment, receipt } = read();
    expect({ code, outcome, receipt }).toEqual({ code: 0, outcome: 'Created', receipt: undefined });
    expect(deployment).toMatchObject({ state: 'ready', causes: [] });
    expect(deployment?.steps.map(({ message }) => `shop/pr-42: ${message}`).join('\n')).toBe(stderr.trim());
    expect(deployment?.steps.length).toBe(3);
    expect(await readFile(outputs, 'utf8')).toMatch(/^deployment<<(\S+)\nready\n\1$/m);
    expect(comment()).toContain('ready at `1a2b3c4`');
    expect(commentWrites()).toBe(2);
  });

  test('wait: ready at once; again told in every format, and the same run writes nothing', async () => {
    argo.show('shop-pr-42', running());
    const { code, stdout } = await run('wait shop/pr-42');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^shop\/pr-42\n {2}cluster +ready: /);
    expect((await run('wait --pull-request 42 -o markdown')).stdout).toMatch(/^### `shop\/pr-42`: ready\n/);
    expect((await run('wait shop/pr-42 -o dotenv')).stdout).toContain('ENVIRONMENT_DEPLOYMENT=ready\n');
    const before = commentWrites();
    const again = await run('reconcile --pull-request 42 --wait -o json');
    expect(again.read()).toMatchObject({ outcome: 'Unchanged', deployment: { state: 'ready' } });
    expect(commentWrites()).toBe(before);
  });

  test('late: what was seen last, and why; another commit than the one waited for is never ready', async () => {
    const old = await tip();
    world.github.push(42, nextHead);
    argo.show('shop-pr-42', { ...running(), revision: () => Promise.resolve(old) });
    const late = await run('reconcile --pull-request 42 --wait --timeout 4s -o json');
    expect(late.code).toBe(5);
    expect(late.read()).toMatchObject({ outcome: 'Updated', deployment: { state: 'late' } });
    expect(late.read().deployment?.message).toMatch(/^not ready after 4s: waiting for Argo CD to see this commit/);
    expect(comment()).toContain('committed, not ready at `2b3c4d5`');
    const named = await run('wait shop/pr-42 --timeout 3s', { BIVOUAC_OUTPUT: 'json' });
    expect({ code: named.code, state: named.read().deployment?.state }).toEqual({ code: 5, state: 'late' });
    argo.show('shop-pr-42', { ...running(), revision: () => Promise.resolve('refs/heads/main') });
    expect((await run('wait shop/pr-42 --timeout 3s')).code).toBe(5);
  });

  test('failed: the image, its component and what to do, without waiting for the deadline', async () => {
    const message = 'Back-off pulling image "ghcr.io/acme/shop-api:missing"';
    const pod = {
      ...{ kind: 'Pod', name: 'api-7d9f-x2', namespace: 'shop-pr-42', uid: '3' },
      parentRefs: [{ kind: 'ReplicaSet', name: 'api-7d9f' }],
      info: [{ name: 'Status Reason', value: 'ImagePullBackOff' }],
      health: { status: 'Degraded', message },
      images: [`ghcr.io/acme/shop-api:${nextHead}`],
    };
    const deployment = { kind: 'Deployment', name: 'api', uid: '1', health: { status: 'Progressing' } };
    const set = { kind: 'ReplicaSet', name: 'api-7d9f', uid: '2', parentRefs: [{ kind: 'Deployment', name: 'api' }] };
    argo.show('shop-pr-42', running({ health: 'Progressing', nodes: [deployment, set, pod] }));
    const { code, read } = await run('wait shop/pr-42 -o json');
    expect(code).toBe(3);
    expect(read().deployment).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('Back-off pulling image'),
      causes: [{ kind: 'ImagePull', component: 'api', message: expect.stringContaining('missing') }],
    });
    expect(read().deployment?.causes[0]?.['remedy']).toMatch(/\w/);
  });

  test('what is temporary is survived and said once; what is refused ends at once, and says what stands', async () => {
    argo.show('shop-pr-42', running());
    argo.fail(503, 2);
    const survived = await run('wait shop/pr-42');
    expect({ code: survived.code, said: survived.stderr.match(/no, not today/g)?.length }).toEqual({
      code: 0,
      said: 1,
    });

    argo.fail(403, 1);
    world.github.push(42, head);
    const refused = await run('reconcile --pull-request 42 --wait -o json');
    expect(refused.code).toBe(4);
    expect(refused.read().error).toMatchObject({
      code: 'ControllerForbidden',
      changed: expect.stringMatching(/^shop\/pr-42 is in Git as it should be \(GitOps commit [0-9a-f]{7}\)/),
    });
    expect(await run('wait shop/pr-42', { BIVOUAC_ARGOCD_TOKEN: 'another-token' })).toMatchObject({ code: 4 });
  });

  test('nobody to ask: committed, not observed, and nowhere ready', async () => {
    world.github.push(42, nextHead);
    const env = { BIVOUAC_ARGOCD_TOKEN: undefined };
    const blind = await run('reconcile --pull-request 42 --wait', env);
    expect(blind.code).toBe(0);
    expect(blind.stdout).toContain('committed, not observed');
    expect(blind.stdout + blind.stderr + comment()).not.toMatch(/\bready at|: ready\b/);
    expect(comment()).toContain('was not observed');
    const json = await run('reconcile --pull-request 42 --wait -o json', env);
    expect(json.read().deployment).toMatchObject({ state: 'not-observed', causes: [], steps: [] });
    expect(await run('wait shop/pr-42', env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('ControllerNotConfigured'),
    });
    const without = await run('reconcile --pull-request 42 -o json');
    expect(without.read()).not.toHaveProperty('deployment');
    expect(await run('reconcile --pull-request 42 --timeout 5m')).toMatchObject({ code: 2 });
    expect(await run('wait shop/pr-42 --timeout 5')).toMatchObject({ code: 2 });
    expect(await run('wait shop/pr-43')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('UnknownEnvironment'),
    });
  });

  test('show: the page, what it says now, and the command for each component’s logs', async () => {
    argo.show('shop-pr-42', running({ health: 'Progressing' }));
    const { stdout } = await run('show shop/pr-42');
    expect(stdout).toContain(`${argo.url}/applications/argocd/shop-pr-42`);
    expect(stdout).toContain('kubectl logs -n shop-pr-42 deploy/api');
    expect(stdout).toContain('kubectl logs -n shop-pr-42 statefulset/database');
    expect(stdout).toMatch(/^ {2}cluster +synced, not healthy yet/m);
    argo.fail(503, 1);
    expect(await run('show shop/pr-42')).toMatchObject({ code: 0, stdout: expect.stringContaining('not observed: ') });
    const blind = await run('show shop/pr-42 -o json', { BIVOUAC_ARGOCD_TOKEN: undefined });
    expect(JSON.parse(blind.stdout)).toMatchObject({
      environment: { cluster: { phase: 'not-observed', page: expect.stringContaining('/applications/') } },
    });
  });

  test('down --wait: the receipt as text, on the pull request, and as JSON and Markdown of wait', async () => {
    expect(await run('wait shop/pr-42 --for removed')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('StillInGit'),
    });
    argo.show('shop-pr-42', running({ isDeleting: true }), running({ isDeleting: true }), 'absent');
    const { code, stdout, stderr } = await run('down shop/pr-42 --yes --wait');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}cluster +removed: gone: Application shop-pr-42; not looked at: Namespace/m);
    expect(stdout).toMatch(
      /^ {2}receipt +\d+ objects; gone from Git \S+ \S+ UTC\n +Application shop-pr-42: gone \S+ \S+ UTC\n/m,
    );
    expect(stderr).toContain('shop/pr-42: still there: Application shop-pr-42');
    expect(comment()).toMatch(
      /removed[^]*\| Application `shop-pr-42` \| gone .* UTC \|[^]*What there was: \d+ objects/,
    );

    const json = await run('wait shop/pr-42 --for removed -o json');
    expect(json.code).toBe(0);
    expect(json.read()).toMatchObject({
      deployment: { state: 'removed' },
      receipt: {
        complete: true,
        parts: [
          { kind: 'Application', presence: 'gone', goneAt: expect.stringMatching(/Z$/) },
          { kind: 'Namespace', presence: 'unread', why: expect.stringMatching(/\w/) },
          { kind: 'PersistentVolume', presence: 'unread' },
        ],
      },
    });
    const markdown = await run('wait shop/pr-42 --for removed -o markdown');
    expect(markdown.stdout).toMatch(/^### `shop\/pr-42`: removed\n[^]*\| Namespace `shop-pr-42` \| not looked at: /);
  });

  test('a removal that hangs is late, with what is left', async () => {
    argo.show('shop-pr-42', running({ isDeleting: true }));
    const late = await run('wait shop/pr-42 --for removed --timeout 3s -o json');
    expect(late.code).toBe(5);
    expect(late.read()).toMatchObject({ deployment: { state: 'late' }, receipt: { complete: false } });
    expect(late.read().deployment?.message).toContain('still there: Application shop-pr-42');
  });

  test('superseded: the controller calls ready what somebody else has overwritten in that moment', async () => {
    const made = await run('up --pull-request 42 -o json');
    expect(made.code).toBe(0);
    let seen: Promise<string> | undefined;
    const overtaken = async (): Promise<string> => {
      const before = await tip();
      const entries = { 'environments/shop/pr-42/manifests/other.yaml': 'kind: Other\n' };
      await addCommit(world.git.directory(), { entries });
      return before;
    };
    argo.show('shop-pr-42', running({ revision: () => (seen ??= overtaken()) }));
    const { code, read } = await run('wait shop/pr-42 -o json');
    expect({ code, state: read().deployment?.state }).toEqual({ code: 5, state: 'superseded' });
  });
});
