import { describe, expect, test } from '@jest/globals';
import type { Config } from '../../src/config/config.js';
import { decide, isAskedFor } from '../../src/decide/decide.js';
import type { DesiredEnvironment } from '../../src/decide/facts.js';
import { teardownEnd } from '../../src/decide/teardown.js';
import { type EnvironmentRecord, printTime } from '../../src/model/environment.js';
import { componentName, prefix, presetName } from '../../src/model/names.js';
import { pullRequestNumber, repositoryId, repositoryName, type PullRequest } from '../../src/model/pull-request.js';
import {
  application,
  approval,
  config,
  day,
  endlessPreset,
  facts,
  fork,
  head,
  hour,
  later,
  minute,
  now,
  ofDeletedFork,
  otherHead,
  override,
  preset,
  pullRequest,
  record,
  recordOf,
  revision,
  type ApplicationParts,
  type FactsParts,
} from './builders.js';

const answer = (desired: DesiredEnvironment): string =>
  desired.kind === 'present' ? 'present' : `${desired.kind} ${desired.reason}`;
const only = (parts: ApplicationParts = {}) => config({ applications: [application(parts)] });
const ask = (parts: FactsParts, of = config()): DesiredEnvironment => decide(facts(parts, of), of);
const labelled = (...labels: readonly string[]): PullRequest => pullRequest({ labels });
const present = (desired: DesiredEnvironment) => {
  if (desired.kind !== 'present') throw new Error(`${desired.kind}: ${desired.reason}`);
  return desired;
};
const messageOf = (desired: DesiredEnvironment): string => ('message' in desired ? desired.message : '');

describe('the table: the first row that applies', () => {
  const overdue = { expiresAt: printTime(now) };
  const strict = only({
    pullRequests: { baseBranches: ['main', 'release/*'], paths: ['shop/**'], forks: 'approved' },
  });
  const required = only({ pullRequests: { label: 'required' } });
  const waiting = only({ images: { web: {} } });
  const full = config({ limits: { total: 0 } });
  const inside = { changedFiles: ['shop/a.ts'] };

  const rows: readonly (readonly [row: string, parts: FactsParts, of: Config, without: string, withOne: string])[] = [
    ['closed', { pullRequest: pullRequest({ state: 'closed' }) }, config(), 'ignored Closed', 'absent Closed'],
    [
      'closed beats off',
      { pullRequest: pullRequest({ state: 'closed', labels: ['bivouac:off'] }) },
      config(),
      'ignored Closed',
      'absent Closed',
    ],
    [
      'closed draft of a fork',
      { pullRequest: fork({ state: 'closed', draft: true }) },
      config(),
      'ignored Closed',
      'absent Closed',
    ],
    ['off', { pullRequest: labelled('bivouac:off') }, config(), 'ignored Off', 'absent Off'],
    ['off wins over on', { pullRequest: labelled('bivouac:on', 'bivouac:off') }, config(), 'ignored Off', 'absent Off'],
    ['off in another spelling', { pullRequest: labelled('Bivouac:OFF') }, config(), 'ignored Off', 'absent Off'],
    [
      'off beats draft',
      { pullRequest: pullRequest({ draft: true, labels: ['bivouac:off'] }) },
      config(),
      'ignored Off',
      'absent Off',
    ],
    ['expired', { pullRequest: labelled('bivouac:expired') }, config(), 'ignored Expired', 'absent Expired'],
    [
      'expired, with on',
      { pullRequest: labelled('bivouac:expired', 'bivouac:on') },
      config(),
      'ignored Expired',
      'absent Expired',
    ],
    ['required, no on', { pullRequest: pullRequest() }, required, 'ignored NotOn', 'absent Off'],
    ['required, on', { pullRequest: labelled('bivouac:on') }, required, 'present', 'present'],
    ['fork', { pullRequest: fork() }, config(), 'ignored Fork', 'ignored Fork'],
    [
      'approved fork where forks are never',
      { pullRequest: fork(), approvals: [approval()] },
      config(),
      'ignored Fork',
      'ignored Fork',
    ],
    [
      'fork with on',
      { pullRequest: fork({ labels: ['bivouac:on'], ...inside }) },
      strict,
      'ignored Fork',
      'ignored Fork',
    ],
    ['approved fork', { pullRequest: fork(inside), approvals: [approval()] }, strict, 'present', 'present'],
    ['draft', { pullRequest: pullRequest({ draft: true }) }, config(), 'ignored Draft', 'ignored Draft'],
    [
      'draft, on',
      { pullRequest: pullRequest({ draft: true, labels: ['bivouac:on'] }) },
      config(),
      'present',
      'present',
    ],
    [
      'draft where drafts are welcome',
      { pullRequest: pullRequest({ draft: true }) },
      only({ pullRequests: { drafts: true } }),
      'present',
      'present',
    ],
    [
      'bot',
      { pullRequest: pullRequest({ author: { login: 'renovate[bot]', id: '2', bot: true } }) },
      config(),
      'ignored Bot',
      'ignored Bot',
    ],
    [
      'bot, on',
      { pullRequest: pullRequest({ author: { login: 'renovate[bot]', id: '2', bot: true }, labels: ['bivouac:on'] }) },
      config(),
      'present',
      'present',
    ],
    [
      'bot where bots are welcome',
      { pullRequest: pullRequest({ author: { login: 'b', id: '2', bot: true } }) },
      only({ pullRequests: { bots: true } }),
      'present',
      'present',
    ],
    ['paths', { pullRequest: pullRequest({ changedFiles: ['docs/a.md'] }) }, strict, 'ignored Paths', 'ignored Paths'],
    ['no changed file', { pullRequest: pullRequest({ changedFiles: [] }) }, strict, 'ignored Paths', 'ignored Paths'],
    [
      'paths, on',
      { pullRequest: pullRequest({ changedFiles: ['docs/a.md'], labels: ['bivouac:on'] }) },
      strict,
      'present',
      'present',
    ],
    [
      'base branch',
      { pullRequest: pullRequest({ baseBranch: 'wip', ...inside }) },
      strict,
      'ignored BaseBranch',
      'ignored BaseBranch',
    ],
    [
      'base branch, on',
      { pullRequest: pullRequest({ baseBranch: 'wip', labels: ['bivouac:on'], ...inside }) },
      strict,
      'ignored BaseBranch',
      'ignored BaseBranch',
    ],
    [
      'base branch by glob',
      { pullRequest: pullRequest({ baseBranch: 'release/1', ...inside }) },
      strict,
      'present',
      'present',
    ],
    [
      'draft, its lifetime over',
      { pullRequest: pullRequest({ draft: true }), record: record(overdue) },
      config(),
      'ignored Draft',
      'absent Expired',
    ],
    [
      'unapproved push from a fork, lifetime over',
      { pullRequest: fork(), record: record({ ...overdue, headSha: otherHead }) },
      config(),
      'ignored Fork',
      'absent Expired',
    ],
    ['lifetime over, same head', { record: record(overdue) }, config(), 'present', 'absent Expired'],
    ['a second before', { record: record({ expiresAt: printTime(later(1000)) }) }, config(), 'present', 'present'],
    ['lifetime over, new head', { record: record({ ...overdue, headSha: otherHead }) }, config(), 'present', 'present'],
    [
      'lifetime over, kept',
      { pullRequest: labelled('bivouac:keep'), record: record(overdue) },
      config(),
      'present',
      'present',
    ],
    [
      'lifetime over, keep not allowed',
      { pullRequest: labelled('bivouac:keep'), record: record(overdue) },
      only({ overrides: { keep: false } }),
      'rejected OverrideNotAllowed',
      'absent Expired',
    ],
    [
      'not allowed at a new head, lifetime over',
      { override: override({ variables: { A: '1' } }), record: record({ ...overdue, headSha: otherHead }) },
      config(),
      'rejected OverrideNotAllowed',
      'absent Expired',
    ],
    ['image missing', {}, waiting, 'ignored WaitingForImages', 'ignored WaitingForImages'],
    [
      'image missing, lifetime over, new head',
      { record: record({ ...overdue, headSha: otherHead }) },
      waiting,
      'ignored WaitingForImages',
      'ignored WaitingForImages',
    ],
    [
      'images of an old head',
      { images: { api: 'r/api:b' }, hint: { headSha: otherHead } },
      config(),
      'ignored Superseded',
      'ignored Superseded',
    ],
    ['an old hint without images', { hint: { headSha: otherHead } }, config(), 'present', 'present'],
    ['limit', {}, full, 'ignored LimitReached', 'present'],
    ['anything else', {}, config(), 'present', 'present'],
  ];
  const cases = rows.map(([row, parts, of, ...expected]) => ({ row, parts, of, expected }));

  test.each(cases)('$row', ({ parts, of, expected }) => {
    const { record: stored = record(), ...rest } = parts;
    expect([answer(ask(rest, of)), answer(ask({ ...rest, record: stored }, of))]).toEqual(expected);
  });

  test('no answer changes with the title, the branch, or labels that mean nothing', () => {
    const hostile = [
      '$(id)',
      '../../x',
      '{{ }}',
      'a\nb',
      '🦊'.repeat(99),
      'bivouac:',
      'bivouac:nonsense',
      'xbivouac:off',
    ];
    for (const text of hostile)
      expect(ask({ pullRequest: pullRequest({ title: text, headBranch: text, labels: [text] }) })).toEqual(ask({}));
  });

  test('removal holds its proof', () => {
    const proofs = [
      ask({ pullRequest: pullRequest({ state: 'closed', merged: true }), record: record() }),
      ask({ pullRequest: labelled('bivouac:off'), record: record() }),
      ask({ record: record() }, required),
      ask({ record: record(overdue) }),
    ].map((desired) => (desired.kind === 'absent' ? desired.proof : undefined));
    expect(proofs).toEqual([
      { kind: 'closed', merged: true },
      { kind: 'label', label: 'bivouac:off' },
      { kind: 'no-label', label: 'bivouac:on' },
      { kind: 'lifetime', expiresAt: '2026-11-23T10:04:05Z' },
    ]);
  });

  test('messages say what is so and what to do', () => {
    const draft = { pullRequest: pullRequest({ draft: true }) };
    expect(messageOf(ask(draft))).toBe(
      'The pull request is a draft. Mark it ready for review, or label it bivouac:on.',
    );
    expect(messageOf(ask({ ...draft, record: record({ headSha: otherHead }) }))).toBe(
      'The pull request is a draft. Mark it ready for review, or label it bivouac:on. The environment stays as it is, at bbbbbbb.',
    );
    expect(messageOf(ask({ pullRequest: fork(), approvals: [] }, strict))).toContain(`"/bivouac approve ${head}"`);
    expect(messageOf(ask({}, full))).toMatch(
      /^There are 0 environments already \(limits\.total is 0\)\. .*bivouac:off/,
    );
  });

  test('facts that lack something are our own error, never an answer', () => {
    expect(() => ask({}, strict)).toThrow(expect.objectContaining({ code: 'FactsIncomplete', class: 'InternalError' }));
    expect(() => ask({ pullRequest: undefined })).toThrow(expect.objectContaining({ code: 'FactsIncomplete' }));
    expect(() => decide(facts(), config({ applications: [application({ name: 'shops' })] }))).toThrow(
      /no application "shop". Did you mean "shops"\?/,
    );
  });
});

describe('owner', () => {
  test.each([
    ['another repository', { repositoryId: repositoryId(1) }],
    ['another pull request', { pullRequest: '43' }],
    ['no pull request', { pullRequest: '' }],
  ])('a directory of %s is neither written nor removed', (_, other) => {
    const states = [pullRequest(), pullRequest({ state: 'closed' }), labelled('bivouac:off')];
    for (const subject of states)
      expect(answer(ask({ pullRequest: subject, record: record(other) }))).toBe('rejected OwnedByAnother');
  });

  test('a renamed repository is the same owner', () => {
    expect(answer(ask({ record: record({ repository: repositoryName('acme/old-shop') }) }))).toBe('present');
  });
});

describe('forks', () => {
  const forks = only({ pullRequests: { forks: 'approved' } });
  test.each([
    ['write', approval(), 'present'],
    ['admin', approval({ permission: 'admin', commit: head }), 'present'],
    ['upper case digits', approval({ commit: head.toUpperCase() }), 'present'],
    ['triage', approval({ permission: 'triage' }), 'ignored Fork'],
    ['permission lost', approval({ permission: 'none' }), 'ignored Fork'],
    ['12 digits, which another commit can share', approval({ commit: head.slice(0, 12) }), 'ignored Fork'],
    ['all digits but one', approval({ commit: head.slice(0, 39) }), 'ignored Fork'],
    ['nothing', approval({ commit: '' }), 'ignored Fork'],
    ['another commit', approval({ commit: otherHead }), 'ignored Fork'],
  ])('approved with %s', (_, given, expected) => {
    expect(answer(ask({ pullRequest: fork(), approvals: [given] }, forks))).toBe(expected);
  });

  test('a deleted head repository is a fork', () => {
    expect(answer(ask({ pullRequest: ofDeletedFork() }, forks))).toBe('ignored Fork');
  });

  test('what an unapproved head says about presets takes nothing away', () => {
    const parts = {
      pullRequest: fork(),
      record: record({ headSha: otherHead }),
      override: override({ preset: 'e2e' }),
    };
    const allowed = only({ pullRequests: { forks: 'approved' }, overrides: { presets: [presetName('e2e')] } });
    expect(answer(ask(parts, allowed))).toBe('ignored Fork');
    expect(answer(ask({ ...parts, approvals: [approval()] }, allowed))).toBe('absent Off');
  });
});

describe('lifetime', () => {
  const end = (parts: FactsParts, of = config()): string | undefined => {
    const { expiresAt } = present(ask(parts, of));
    return expiresAt && printTime(expiresAt);
  };
  const kept = { pullRequest: labelled('bivouac:keep') };
  const endless = config({ presets: [endlessPreset('pull-request', 'pr')] });

  test('begins with the head commit, in whole seconds', () => {
    const desired = present(ask({ now: later(789) }));
    expect([desired.deployedAt, desired.expiresAt]).toEqual([now, later(7 * day)]);
  });
  test('stays at the same head, an extension with it', () => {
    const stored = record({ expiresAt: printTime(later(30 * day)) });
    expect(end({ record: stored })).toBe(stored.expiresAt);
    expect(printTime(present(ask({ record: stored })).deployedAt)).toBe(stored.deployedAt);
  });
  test('begins anew with a new head, and never ends earlier than before', () => {
    expect(end({ record: record({ headSha: otherHead }) })).toBe(printTime(later(7 * day)));
    const extended = record({ headSha: otherHead, expiresAt: printTime(later(30 * day)) });
    expect(end({ record: extended })).toBe(extended.expiresAt);
    expect(present(ask({ record: extended })).deployedAt).toEqual(now);
  });
  test('keep: no end; taken off: one lifetime from then', () => {
    expect(end({ ...kept, record: record() })).toBeUndefined();
    expect(end(kept)).toBeUndefined();
    expect(end({ record: record({ expiresAt: '' }) })).toBe(printTime(later(7 * day)));
  });
  test('none: until it closes', () => {
    expect(end({}, endless)).toBeUndefined();
    expect(end({ record: record({ expiresAt: '' }) }, endless)).toBeUndefined();
    expect(end({ record: record() }, endless)).toBe(record().expiresAt);
  });
  test('of the override file', () => {
    expect(end({ override: override({ lifetime: 3 * day }) })).toBe(printTime(later(3 * day)));
    expect(end({ override: override({ lifetime: 3 * day }) }, endless)).toBe(printTime(later(3 * day)));
  });

  describe('bivouac:expired', () => {
    const gone = { pullRequest: labelled('bivouac:expired') };
    const pushed = { hint: { headSha: head, pushed: true } };
    test('comes off at a push of what is the head', () => {
      expect(present(ask({ ...gone, ...pushed })).revives).toBe(true);
      const old = record({ headSha: otherHead, expiresAt: printTime(later(-hour)) });
      expect(end({ ...gone, ...pushed, record: old })).toBe(printTime(later(7 * day)));
      expect(present(ask({})).revives).toBe(false);
    });
    test.each([
      ['a push of an older commit', { hint: { headSha: otherHead, pushed: true } }],
      ['an event that is no push', { hint: { headSha: head, pushed: false } }],
      ['a push that names no commit', { hint: { pushed: true } }],
    ])('holds at %s', (_, hint) => {
      expect(answer(ask({ ...gone, ...hint }))).toBe('ignored Expired');
    });
    test('holds when the event of the very head in Git comes again', () => {
      expect(answer(ask({ ...gone, ...pushed, record: record() }))).toBe('absent Expired');
    });
    test('off is stronger than a push', () => {
      expect(answer(ask({ pullRequest: labelled('bivouac:expired', 'bivouac:off'), ...pushed }))).toBe('ignored Off');
    });
  });
});

describe('state', () => {
  test.each([
    ['asleep', head, 'asleep'],
    ['asleep', otherHead, 'active'],
    ['teardown', head, 'active'],
    ['active', head, 'active'],
  ] as const)('%s at %s is %s', (state, headSha, expected) => {
    expect(present(ask({ record: record({ state, headSha }) })).spec.state).toBe(expected);
  });
});

describe('a removal that has begun', () => {
  const torn = (more: Partial<EnvironmentRecord> = {}) =>
    record({ state: 'teardown', expiresAt: printTime(later(10 * minute)), ...more });
  const over = { now: later(11 * minute) };
  const withoutOne: FactsParts = { pullRequest: undefined, revision: revision() };
  const rows: readonly (readonly [row: string, parts: FactsParts, expected: string])[] = [
    ['goes on where it is closed', { pullRequest: pullRequest({ state: 'closed' }) }, 'absent Closed'],
    ['goes on where labels say so', { pullRequest: labelled('bivouac:off') }, 'absent Off'],
    ['goes on behind a gate: nothing asks for it', { pullRequest: pullRequest({ draft: true }) }, 'absent TornDown'],
    ['goes on where more is asked for than is allowed', { override: override({ preset: 'big' }) }, 'absent TornDown'],
    ['is taken back where the pull request wants it', {}, 'present'],
    ['is taken back after the deadline, too: no lifetime is over', over, 'present'],
    ['goes on without a pull request: only a person brings it back', withoutOne, 'absent TornDown'],
    ['is taken back by hand', { ...withoutOne, asked: { with: [], without: [] } }, 'present'],
  ];
  test.each(rows)('%s', (_, more, expected) => {
    const owned = 'revision' in more ? { pullRequest: '' } : {};
    expect(answer(ask({ record: torn(owned), ...more }))).toBe(expected);
  });

  test('what comes back starts a new lifetime: the record’s end was the teardown’s', () => {
    expect(present(ask({ record: torn() })).expiresAt).toEqual(later(7 * day));
  });

  test.each([
    ['done', later(minute), 'done'],
    ['failed', later(minute), 'failed'],
    ['running', later(minute), undefined],
    ['unknown', later(minute), undefined],
    ['running', later(10 * minute), 'overdue'],
    ['unknown', later(10 * minute), 'unobserved'],
  ] as const)('seen %s at %s: %s', (seen, at, expected) => {
    expect(teardownEnd(torn(), { seen, now: at })).toBe(expected);
  });
  test('ends at its deadline where nobody looks, and at once where it has none', () => {
    expect(teardownEnd(torn(), { now: later(10 * minute - 1000) })).toBeUndefined();
    expect(teardownEnd(torn(), { now: later(10 * minute) })).toBe('unobserved');
    expect(teardownEnd(torn({ expiresAt: '' }), { now })).toBe('unobserved');
  });
});

describe('the spec', () => {
  test('is complete, and sorted whatever the order of what it is made of', () => {
    const of = only({
      variables: { Z: 'application', LOG_LEVEL: 'info', A: 'application' },
      overrides: { variables: ['LOG_LEVEL'] },
    });
    const desired = present(
      ask(
        {
          pullRequest: labelled('bivouac:with-web', 'bivouac:without-api', 'bivouac:with-mailer', 'Bivouac:with-web'),
          override: override({ with: ['api', 'worker'], without: ['mailer'], variables: { LOG_LEVEL: 'debug' } }),
        },
        of,
      ),
    );
    expect(desired.spec).toEqual({
      application: 'shop',
      environment: 'pr-42',
      name: 'shop-pr-42',
      preset: 'pull-request',
      cluster: 'in-cluster',
      domain: 'preview.example.com',
      exposure: { kind: 'ingress', class: '', tls: 'none', annotations: {} },
      repository: 'acme/shop',
      pullRequest: '42',
      headSha: head,
      state: 'active',
      with: ['mailer', 'web', 'worker'],
      without: ['api'],
      images: { api: `ghcr.io/acme/shop-api:${head}`, seed: 'ghcr.io/acme/shop-seed:1.4.0' },
      variables: { A: 'application', LOG_LEVEL: 'debug', Z: 'application' },
    });
    expect(Object.keys(desired.spec.variables)).toEqual(['A', 'LOG_LEVEL', 'Z']);
    expect(desired.repositoryId).toBe('724712');
  });

  test('variables: application, preset, override file, weakest first', () => {
    const of = config({
      applications: [application({ variables: { A: '1', B: '1', C: '1' }, overrides: { variables: ['C'] } })],
      presets: [preset('pull-request', 'pr', { variables: { B: '2', C: '2' } })],
    });
    const desired = present(ask({ override: override({ variables: { C: '3' } }) }, of));
    expect(desired.spec.variables).toEqual({ A: '1', B: '2', C: '3' });
  });
});

describe('images', () => {
  const images = (parts: FactsParts, of = config()) => present(ask(parts, of)).spec.images;
  const flags = { images: { api: 'r/api@sha256:1', other: 'r/other:1' }, hint: { headSha: head } };
  const built = record({ images: { api: 'r/api@sha256:0', gone: 'r/gone:1' } });
  const template = `ghcr.io/acme/shop-api:${head}`;

  test.each([
    ['a flag', { ...flags, record: built }, 'r/api@sha256:1'],
    ['a flag that names no commit', { images: flags.images }, 'r/api@sha256:1'],
    ['the record of the same head', { record: built }, 'r/api@sha256:0'],
    ['the template at a new head', { record: { ...built, headSha: otherHead } }, template],
    ['the template', {}, template],
  ])('%s', (_, parts, api) => {
    expect(images(parts)).toEqual({ api, seed: 'ghcr.io/acme/shop-seed:1.4.0' });
  });

  test('names that no flag, record or template knows are waited for, all told at once', () => {
    const of = only({ images: { web: {}, constructor: {}, api: {} } });
    expect(messageOf(ask({ images: { api: 'r/api:1' } }, of))).toBe(
      'Waiting for the images constructor and web of aaaaaaa. The job that builds them hands a reference over with --image constructor=<reference>; or give applications.shop.images.constructor a template in bivouac.yaml.',
    );
  });

  test('with several repositories, only the one that builds an image has it at its head', () => {
    const of = only({
      repositories: application().repositories.concat({
        name: repositoryName('Acme/Shop-Api'),
        prefix: prefix('api'),
      }),
      images: {
        mail: {
          template: 'r/mail:{headSha}-{number}',
          repository: repositoryName('acme/shop-api'),
          otherwise: 'r/mail:main',
        },
      },
    });
    const other = pullRequest({ repository: repositoryName('acme/shop-api') });
    expect(images({}, of)).toEqual({ mail: 'r/mail:main' });
    expect(images({ pullRequest: other }, of)).toEqual({ mail: `r/mail:${head}-42` });
    expect(present(ask({ pullRequest: other }, of)).spec.environment).toBe('api-pr-42');
  });
});

describe('what is asked for and not allowed', () => {
  test('is refused with every path at once', () => {
    const of = only({ overrides: { components: false, keep: false, lifetime: 2 * day } });
    const desired = ask(
      {
        pullRequest: labelled('bivouac:with-mailer', 'bivouac:without-Wrong_Name', 'bivouac:keep', 'bivouac:preset-e2'),
        override: override({ with: ['web'], without: ['frame'], variables: { B: '1', A: '1' }, lifetime: 3 * day }),
      },
      of,
    );
    expect(desired).toMatchObject({ kind: 'rejected', reason: 'OverrideNotAllowed' });
    expect(messageOf(desired)).toMatchInlineSnapshot(`
"What is asked for isn't allowed, or doesn't exist:
- label "bivouac:preset-e2": there is no preset "e2". Did you mean "e2e"?
- .bivouac.yaml: components.with: applications.shop.overrides.components is false
- .bivouac.yaml: components.without: "frame" is no component name (lower-case letters, digits and dashes, at most 22)
- label "bivouac:with-mailer": applications.shop.overrides.components is false
- label "bivouac:without-wrong_name": "wrong_name" is no component name (lower-case letters, digits and dashes, at most 22)
- .bivouac.yaml: variables: "A" isn't one of applications.shop.overrides.variables
- .bivouac.yaml: variables: "B" isn't one of applications.shop.overrides.variables
- .bivouac.yaml: lifetime: the longest that may be asked for is 2 days
- label "bivouac:keep": applications.shop.overrides.keep is false
Take it out, or ask those who keep bivouac.yaml."
`);
  });

  test.each(['', '../x', '$(id)', 'a\nb', '-a', 'a'.repeat(23), 'ü', 'namespace', '{{ .Values }}', '__proto__'])(
    'no component is called %j',
    (name) => {
      const desired = ask({ pullRequest: labelled(`bivouac:with-${name}`), record: record({ headSha: otherHead }) });
      expect(answer(desired)).toBe('rejected OverrideNotAllowed');
      expect(messageOf(desired)).toContain('The environment stays as it is, at bbbbbbb.');
      expect(messageOf(desired).split('\n')).toHaveLength(3);
    },
  );
});

describe('presets', () => {
  const of = only({ overrides: { presets: ['e2e', 'demo'].map(presetName) } });
  const both = (subject: PullRequest, more: FactsParts = {}, by = of) =>
    ['pull-request', 'e2e'].map((name) => {
      const parts = facts({ pullRequest: subject, preset: name, ...more }, by);
      const mark = isAskedFor(parts, by) ? '' : '(dropped) ';
      return `${mark}${answer(decide(parts, by))}`;
    });
  const stored = { record: record() };

  test('nobody asks: pull-request alone', () => {
    expect(both(pullRequest())).toEqual(['present', '(dropped) ignored NotOn']);
    expect(both(pullRequest(), stored)).toEqual(['present', '(dropped) absent Off']);
  });
  test('a label takes the place of pull-request, unless that is named too', () => {
    expect(both(labelled('bivouac:preset-e2e'), stored)).toEqual(['(dropped) absent Off', 'present']);
    expect(both(labelled('bivouac:preset-e2e', 'bivouac:preset-pull-request'))).toEqual(['present', 'present']);
  });
  test('the override file, and labels over it', () => {
    expect(both(pullRequest(), { override: override({ preset: 'e2e' }) })).toEqual([
      '(dropped) ignored NotOn',
      'present',
    ]);
    expect(both(labelled('bivouac:preset-demo'), { override: override({ preset: 'e2e' }) })).toEqual([
      '(dropped) ignored NotOn',
      '(dropped) ignored NotOn',
    ]);
  });
  test('what may not be asked for is told once, and takes nothing away', () => {
    const refused = 'rejected OverrideNotAllowed';
    expect(both(labelled('bivouac:preset-e2e'), {}, config())).toEqual([refused, `(dropped) ${refused}`]);
    expect(both(labelled('bivouac:preset-e2e'), stored, config())).toEqual([refused, `(dropped) ${refused}`]);
    expect(both(labelled('bivouac:preset-e2ee', 'bivouac:preset-e2e'), stored)).toEqual([refused, 'present']);
    expect(both(pullRequest(), { override: override({ preset: 'e2ee' }) })).toEqual([
      refused,
      '(dropped) ignored NotOn',
    ]);
  });
  test('a label that leaves no room for the number is refused by name', () => {
    const long = config({
      applications: [application({ name: 'a'.repeat(26), overrides: { presets: [presetName('training')] } })],
      presets: [preset('pull-request', 'pr'), preset('training', 'training')],
    });
    const subject = pullRequest({ number: pullRequestNumber(2_147_483_647), labels: ['bivouac:preset-training'] });
    expect(messageOf(ask({ pullRequest: subject }, long))).toContain('with number 2147483647 the name would be longer');
  });
  test('a preset that the configuration no longer has goes when its pull request closes', () => {
    const without = config({ presets: [preset('pull-request', 'pr')] });
    const old = { ...facts({ preset: 'e2e' }), record: record() };
    expect(answer(decide({ ...old, pullRequest: pullRequest({ state: 'closed' }) }, without))).toBe('absent Closed');
    expect(answer(decide({ ...old, pullRequest: labelled('bivouac:preset-e2e') }, without))).toBe(
      'rejected OverrideNotAllowed',
    );
  });
});

describe('without a pull request', () => {
  const by = { pullRequest: undefined, preset: 'demo', revision: revision() };
  const asked = { with: ['mailer'], without: ['web'] };
  const own = (more = {}) => record({ pullRequest: '', components: ['api', 'mailer'].map(componentName), ...more });

  test('what a person asks for', () => {
    const desired = present(ask({ ...by, asked: { ...asked, lifetime: 3 * day } }));
    expect(desired).toMatchObject({
      spec: { pullRequest: '', with: ['mailer'], without: ['web'] },
      expiresAt: later(3 * day),
    });
    expect(recordOf(desired).pullRequest).toBe('');
  });
  test('a sweep keeps what the record holds', () => {
    const desired = present(ask({ ...by, record: own() }));
    expect(desired.spec.with).toEqual(['api', 'mailer']);
    expect(desired.expiresAt).toEqual(later(6 * day));
  });
  test('its lifetime is over for the sweep, and begins anew when a person asks', () => {
    const overdue = own({ expiresAt: printTime(later(-day)) });
    expect(answer(ask({ ...by, record: overdue }))).toBe('absent Expired');
    expect(present(ask({ ...by, record: overdue, asked })).expiresAt).toEqual(later(7 * day));
  });
  test('limits, the platform’s rules and owners hold', () => {
    expect(answer(ask(by, config({ limits: { total: 0 } })))).toBe('ignored LimitReached');
    expect(answer(ask({ ...by, asked: { ...asked, lifetime: 15 * day } }))).toBe('rejected OverrideNotAllowed');
    expect(answer(ask({ ...by, record: record() }))).toBe('rejected OwnedByAnother');
    expect(answer(ask({ ...by, record: own({ repositoryId: repositoryId(5) }) }))).toBe('rejected OwnedByAnother');
  });
  test('an image by number has to come by flag', () => {
    const numbered = only({ images: { api: { template: 'r/api:{number}' } } });
    expect(answer(ask(by, numbered))).toBe('ignored WaitingForImages');
    expect(answer(ask({ ...by, images: { api: 'r/api:1' } }, numbered))).toBe('present');
  });
});
