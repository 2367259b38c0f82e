import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { candidates } from '../../src/decide/candidates.js';
import { pathsGate, needsChangedFiles } from '../../src/decide/gates/paths.js';
import { givenId } from '../../src/decide/given.js';
import { compileGlobs } from '../../src/model/glob.js';
import { assertKnownImages } from '../../src/decide/images.js';
import { presetLabel, readLabels, withLabel, withoutLabel } from '../../src/decide/labels.js';
import { countFor, limitReached } from '../../src/decide/limits.js';
import { reasonOf } from '../../src/decide/reason.js';
import { nameTaken, newerRecord } from '../../src/decide/refusals.js';
import { tooManyRemovals } from '../../src/decide/removals.js';
import {
  applicationName,
  componentName,
  joinedName,
  parseId,
  prefix,
  presetName,
  printId,
} from '../../src/model/names.js';
import { pullRequestNumber, repositoryName } from '../../src/model/pull-request.js';
import { parseRecord, printRecord } from '../../src/synth/record.js';
import { application, config, head, otherHead, preset, pullRequest, record, shop } from './builders.js';

const repository = repositoryName('acme/shop');
const ref = (number = 42, of = repository) =>
  ({ forge: 'github', repository: of, number: pullRequestNumber(number) }) as const;
const printed = (number?: number, of = config(), from = repository): readonly string[] =>
  candidates(ref(number, from), of).map(({ id, preset: name }) => `${printId(id)} ${name}`);

describe('candidates', () => {
  const twice = config({
    presets: [preset('e2e', 'e2e'), preset('pull-request', 'pr')],
    applications: [
      application({
        repositories: [{ name: repository }, { name: repositoryName('acme/shop-api'), prefix: prefix('api') }],
      }),
      application({ name: 'admin' }),
      application({ name: 'blog', repositories: [{ name: repositoryName('acme/blog') }] }),
    ],
  });

  test('every application and preset that the repository concerns, pull-request first', () => {
    const all = ['shop/pr-42 pull-request', 'shop/e2e-42 e2e', 'admin/pr-42 pull-request', 'admin/e2e-42 e2e'];
    expect(printed(42, twice)).toEqual(all);
    expect(printed(42, twice, repositoryName('Acme/SHOP'))).toEqual(all);
    expect(printed(7, twice, repositoryName('acme/shop-api'))).toEqual([
      'shop/api-pr-7 pull-request',
      'shop/api-e2e-7 e2e',
    ]);
    expect(printed(7, twice, repositoryName('acme/other'))).toEqual([]);
  });

  test('a preset whose prefix leaves no room for the number stands in nobody’s way', () => {
    const long = config({
      applications: [application({ name: 'a'.repeat(26) })],
      presets: [preset('pull-request', 'pr'), preset('training', 'training')],
    });
    expect(printed(7, long)).toHaveLength(2);
    expect(printed(2_147_483_647, long)).toEqual([`${'a'.repeat(26)}/pr-2147483647 pull-request`]);
  });

  test('names keep the number and stay within 40 characters, and two never meet', () => {
    const word = (maxLength: number) =>
      fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/).map((text) => text.slice(0, maxLength).replace(/-+$/, ''));
    fc.assert(
      fc.property(
        word(20),
        word(12),
        fc.uniqueArray(fc.integer({ min: 1, max: 2_147_483_647 }), { minLength: 2 }),
        (name, repo, numbers) => {
          fc.pre(!/^(?:kube-|openshift-|argocd)/.test(name));
          const of = config({
            applications: [
              application({
                name,
                repositories: [{ name: repositoryName('acme/first') }, { name: repository, prefix: prefix(repo) }],
              }),
            ],
          });
          const ids = numbers.flatMap((number) => candidates(ref(number), of).map(({ id }) => ({ id, number })));
          for (const { id, number } of ids) {
            expect(joinedName(id).length).toBeLessThanOrEqual(40);
            expect(`-${id.environment}-`).toContain(`-${number}-`);
          }
          expect(ids.length).toBeGreaterThanOrEqual(numbers.length);
          expect(new Set(ids.map(({ id }) => printId(id))).size).toBe(ids.length);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a repository’s name', () => {
  test.each(['acme/shop', 'a/b', 'Acme-2/.github', 'under_score/shop', 'j.doe/shop', 'a.b-c_d/x..y', 'octo_acme/shop'])(
    '%s',
    (name) => {
      expect(repositoryName(name)).toBe(name);
      const stored = parseRecord(
        printRecord(record({ repository: repositoryName(name), components: [componentName('api')] })),
      );
      expect(stored).toMatchObject({ kind: 'record', record: { repository: name } });
    },
  );

  test.each([
    ...['../shop', './shop', 'a..b/shop', '.acme/shop', 'acme./shop', '_acme/shop', '-acme/shop', 'acme_/shop'],
    ...['acme/..', 'acme/.', 'acme/', '/shop', 'acme', 'acme/shop/x', 'ac me/shop', 'acme/sh op', 'acme/shop\n'],
    ...['ac%2fme/shop', 'acme@x/shop', 'ac\\me/shop', `${'a'.repeat(101)}/shop`, `acme/${'a'.repeat(101)}`],
  ])('%j is none', (name) => {
    expect(() => repositoryName(name)).toThrow(expect.objectContaining({ code: 'InvalidRepository' }));
  });
});

describe('given names', () => {
  const demo = (given: string) => givenId({ application: shop, preset: presetName('demo'), given }, config());

  test('plain ones stay, others end in a hash of what was typed', () => {
    expect(printId(demo('acme'))).toBe('shop/demo-acme');
    expect(printId(demo('Acme GmbH & Co'))).toMatch(/^shop\/demo-acme-gmbh-and-co-[0-9a-f]{6}$/);
    expect(printId(demo('日本'))).toMatch(/^shop\/demo-[0-9a-f]{6}$/);
    expect(demo('Acme')).not.toEqual(demo('ACME'));
  });
  test.each(['', '42', '-a', '../acme', '$(id)', '{{ x }}', '\nacme', `a${'b'.repeat(300)}`])(
    '%j is refused',
    (given) => {
      expect(() => demo(given)).toThrow(expect.objectContaining({ code: 'InvalidName', class: 'UserError' }));
    },
  );
  test('whatever begins with a letter becomes a name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (rest) => {
        expect(joinedName(demo(`x${rest}`)).length).toBeLessThanOrEqual(40);
      }),
      { numRuns: 300 },
    );
  });
  test('unknown applications and presets are told with the nearest', () => {
    const of = (name: string, wanted: string) => () =>
      givenId({ application: applicationName(name), preset: presetName(wanted), given: 'acme' }, config());
    expect(of('shpo', 'demo')).toThrow(/no application "shpo"\. Did you mean "shop"\?/);
    expect(of('shop', 'dem')).toThrow(/no preset "dem"\. Did you mean "demo"\?/);
  });
});

describe('globs', () => {
  test.each([
    ['**', 'any/thing', true],
    ['main', 'main', true],
    ['main', 'mains', false],
    ['release/*', 'release/1', true],
    ['release/*', 'release/1/x', false],
    ['release/*', 'release/', true],
    ['shop/**', 'shop/a/b.ts', true],
    ['shop/**', 'shopping/a', false],
    ['shop/**', 'shop', false],
    ['**/*.ts', 'a.ts', true],
    ['**/*.ts', 'a/b/c.ts', true],
    ['**/*.ts', 'a/b/c.tsx', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**/b', 'a/xb', false],
    ['a**b', 'a/x/b', true],
    ['v?', 'v1', true],
    ['v?', 'v/', false],
    ['v?', 'v🦊', true],
    ['a.b', 'axb', false],
    ['[a]', 'a', false],
    ['(a+)+$', '(a+)+$', true],
    ['', '', true],
    ['', 'a', false],
  ])('%j on %j: %j', (pattern, text, expected) => {
    expect(compileGlobs([pattern])(text)).toBe(expected);
  });

  test('any of several; none of none', () => {
    expect(compileGlobs(['a', 'b*'])('bc')).toBe(true);
    expect(compileGlobs([])('a')).toBe(false);
  });

  test('hostile patterns end', () => {
    const text = 'a'.repeat(3000);
    expect(compileGlobs([`${'*a'.repeat(40)}b`])(text)).toBe(false);
    expect(compileGlobs([`${'**/'.repeat(40)}b`])(`${'a/'.repeat(1500)}c`)).toBe(false);
    expect(compileGlobs(['**a'.repeat(40)])(text)).toBe(true);
  });

  test('agree with a regular expression that says the same', () => {
    const pattern = fc
      .array(fc.constantFrom('a', 'b', '/', '?', '*', '**', '.'), { maxLength: 6 })
      .map((parts) => parts.join(''));
    const text = fc.array(fc.constantFrom('a', 'b', '/', '.'), { maxLength: 7 }).map((parts) => parts.join(''));
    const expression = (glob: string): RegExp =>
      new RegExp(
        `^${glob.replace(/(^|\/)\*{2,}\/|\*{2,}|\*|\?|\./g, (part, start: string | undefined) => {
          if (part.endsWith('/')) return `${start ?? ''}(?:[^/]*/)*`;
          if (part.startsWith('**')) return '.*';
          return part === '*' ? '[^/]*' : part === '?' ? '[^/]' : '\\.';
        })}$`,
      );
    fc.assert(
      fc.property(pattern, text, (glob, candidate) => {
        // Two `**/` in a row: a replacement can't see the slash that the one before took.
        fc.pre(!/\*\*\/\*\*+\//.test(glob));
        expect(compileGlobs([glob])(candidate)).toBe(expression(glob).test(candidate));
      }),
      { numRuns: 2000 },
    );
  });

  test('paths are asked for only where a rule needs them', () => {
    expect(needsChangedFiles(application().pullRequests)).toBe(false);
    expect(needsChangedFiles(application({ pullRequests: { paths: ['shop/**'] } }).pullRequests)).toBe(true);
    expect(pathsGate).toHaveLength(1);
  });
});

describe('labels', () => {
  test('are read whatever their case, each once, sorted', () => {
    const all = [
      withLabel('web'),
      'Bivouac:With-Web',
      withLabel('api'),
      withoutLabel('x'),
      presetLabel('e2e'),
      'BIVOUAC:ON',
      'bug',
    ];
    expect(readLabels(all)).toEqual({
      on: true,
      off: false,
      expired: false,
      keep: false,
      with: ['api', 'web'],
      without: ['x'],
      presets: ['e2e'],
    });
  });
  test('another script’s letters are no switch', () => {
    expect(readLabels(['bivouac:\u212aeep']).keep).toBe(false);
  });
});

describe('limits', () => {
  const limits = config({ limits: { total: 3, perRepository: 2, perAuthor: 1 } }).limits;
  test.each([
    [{ total: 2, perRepository: 1, perAuthor: 0 }, undefined],
    [{ total: 3, perRepository: 1, perAuthor: 0 }, 'limits.total is 3'],
    [{ total: 2, perRepository: 2, perAuthor: 0 }, 'limits.perRepository is 2'],
    [{ total: 3, perRepository: 2, perAuthor: 1 }, 'limits.perAuthor is 1'],
  ])('%j: %s', (count, expected) => {
    const reached = limitReached(count, limits);
    expect(expected === undefined ? reached : reached?.includes(expected)).toBe(
      expected === undefined ? undefined : true,
    );
  });

  test('counting: the tree, the repository’s names, the author’s other pull requests', () => {
    const of = config({
      applications: [
        application({
          repositories: [
            { name: repository },
            { name: repositoryName('acme/shop-api'), prefix: prefix('api') },
            { name: repositoryName('acme/v2'), prefix: prefix('api-v2') },
          ],
        }),
        application({ name: 'blog', repositories: [{ name: repositoryName('acme/blog') }] }),
      ],
    });
    const names = [
      'shop/pr-1',
      'shop/pr-2',
      'shop/e2e-2',
      'shop/api-pr-3',
      'shop/api-v2-pr-3',
      'shop/e2e-42',
      'blog/pr-1',
      'old/pr-9',
    ].map(parseId);
    const { author } = pullRequest();
    const stranger = { ...author, id: '7' };
    const open = (
      [
        [1, author],
        [2, author],
        [4, author],
        [42, author],
        [3, stranger],
      ] as const
    ).map(([number, by]) => ({
      number: pullRequestNumber(number),
      author: by,
    }));
    const count = (id: string, from = repository) =>
      countFor(parseId(id), { names, config: of, repository: from, open, author });
    expect(count('shop/pr-42')).toEqual({ total: 8, perRepository: 4, perAuthor: 2 });
    expect(count('shop/pr-1')).toEqual({ total: 7, perRepository: 3, perAuthor: 2 });
    expect(count('shop/api-pr-42', repositoryName('acme/shop-api'))).toMatchObject({ total: 8, perRepository: 1 });
    expect(countFor(parseId('shop/demo-x'), { names, config: of, repository, open }).perAuthor).toBe(0);
  });

  const removals = (count: number) => Array.from({ length: count }, (_, index) => parseId(`shop/pr-${index + 1}`));
  test.each([
    [3, 3, { percent: 20 }, false],
    [4, 10, { percent: 20 }, true],
    [20, 100, { percent: 20 }, false],
    [21, 100, { percent: 20 }, true],
    [3, 3, { count: 0 }, false],
    [5, 100, { count: 5 }, false],
    [6, 100, { count: 5 }, true],
  ] as const)('the breaker: %i of %i with %j: %j', (...[count, total, limit, trips]) => {
    const said = tooManyRemovals(removals(count), total, { ...limits, removals: limit });
    expect(said !== undefined).toBe(trips);
  });
  test('the breaker names what it spared', () => {
    expect(tooManyRemovals(removals(4), 5, limits)).toBe(
      'This run would remove 4 of 5 environments, more than the 3 that limits.removals allows, so it removes none: shop/pr-1, shop/pr-2, shop/pr-3, shop/pr-4.',
    );
  });
});

describe('reasons and refusals', () => {
  const before = record();
  test.each([
    ['Opened', undefined, before],
    ['HeadCommitChanged', before, record({ headSha: otherHead, state: 'asleep', expiresAt: '' })],
    ['Slept', before, record({ state: 'asleep' })],
    ['Woken', record({ state: 'asleep' }), before],
    ['SelectionChanged', before, record({ components: [componentName('web')], expiresAt: '' })],
    ['Extended', before, record({ expiresAt: '' })],
    ['ChartsChanged', before, record({ url: 'http://x' })],
  ])('%s', (reason, from, to) => {
    expect(reasonOf(from, to)).toBe(reason);
  });

  test('two environments never share a namespace', () => {
    const names = ['shop/pr-42', 'shop-demo/acme', 'blog/pr-1'].map(parseId);
    const taken = nameTaken(parseId('shop/demo-acme'), names);
    expect(taken?.reason).toBe('NameTaken');
    expect(taken?.message).toContain('shop/demo-acme and shop-demo/acme would share the namespace shop-demo-acme');
    expect(nameTaken(parseId('shop/pr-42'), names)).toBeUndefined();
  });
  test('a newer record is left alone', () => {
    expect(newerRecord(parseId('shop/pr-42'), '9\n').message).toContain(
      'environments/shop/pr-42/environment.json has schemaVersion "9\\n"',
    );
  });
  test('an unknown image is told with the nearest', () => {
    const apps = [application(), application({ name: 'blog', images: { web: {} } })];
    expect(() => assertKnownImages({ api: head, web: head }, apps)).not.toThrow();
    expect(() => assertKnownImages({ aip: head }, apps)).toThrow(/no image "aip"\. Did you mean "api"\?/);
  });
});
