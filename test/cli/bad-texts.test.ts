import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { runGit } from '../git/run.js';
import { type Case, expectAnswer, runCases } from './cases.js';
import { createWorld, type Ended, head, nextHead, type World } from './harness.js';

const bomb = `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n`;
const hostileYaml: Readonly<Record<string, readonly [text: string, says: RegExp]>> = {
  'an alias bomb': [bomb, /alias|anchor/],
  'a tag': ['a: !!js/function x\n', /tag/],
  '100,000 brackets': ['['.repeat(100_000), /nested deeper|at most/],
  '20,000 maps': ['{a: '.repeat(20_000), /nested deeper|at most/],
  '20,000 dashes': ['- '.repeat(20_000), /nested deeper|at most/],
  'two documents': ['a: 1\n---\nb: 2\n', /document/],
  __proto__: ['__proto__: { polluted: true }\n', /__proto__/],
  'a key twice': ['lifetime: 3d\nlifetime: 4d\n', /lifetime/],
  'a control character': ['a: "\u0007"\n', /U\+0007/],
  'half a string': ['a: "x\n', /quote|string|missing/i],
  'too much': [`# ${'x'.repeat(300_000)}\n`, /larger|at most/],
  'a list': ['- a\n', /list|mapping/],
  'a word': ['hello\n', /mapping|text/],
};
const configs: readonly Case[] = [
  ...Object.entries({
    ...hostileYaml,
    nothing: ['', /mapping|empty/] as const,
    null: ['null\n', /mapping|nothing|null/] as const,
  }).map(([title, [text, says]]): Case => ({
    title: `bivouac.yaml: ${title}`,
    args: ['list'],
    prepare: async (world) => ['--config', await world.configure(() => text)],
    code: 2,
    as: 'InvalidConfig',
    says,
  })),
  ...(
    [
      [
        'an unknown key',
        (yaml: string) => yaml.replace('domain:', 'domian:'),
        /bivouac-\d+\.yaml:\d+:\d+.*Did you mean \\"domain/,
      ],
      [
        'a chart that isn’t there',
        (yaml: string) => yaml.replace('charts/shop.ts', 'charts/shp.ts'),
        /charts\/shp\.ts/,
      ],
      ['applications that join to one name', (yaml: string) => `${second(yaml, 'shop-demo')}`, /shop-demo-/],
      [
        'a loop',
        (yaml: string) => yaml.replace(/repository: \S+/, 'repository: https://github.com/acme/shop.git'),
        /acme\/shop|loop/,
      ],
      [
        'credentials in an address',
        (yaml: string) => yaml.replace(/repository: \S+/, 'repository: https://x:y@example.com/a.git'),
        /gitops\.repository/,
      ],
      [
        'a transport that runs commands',
        (yaml: string) => yaml.replace(/repository: \S+/, "repository: 'ext::sh -c touch% canary'"),
        /gitops\.repository/,
      ],
    ] as const
  ).map(([title, edit, says]): Case => ({
    title: `bivouac.yaml: ${title}`,
    args: ['render', '--application', 'shop', '--pull-request', '42', '--head-sha', head],
    prepare: async (world) => ['--config', await world.configure(edit)],
    code: 2,
    as: title.startsWith('a chart') ? 'ChartNotFound' : 'InvalidConfig',
    says,
  })),
  {
    title: 'bivouac.yaml: an application and a component of one host',
    args: ['reconcile', '--pull-request', '300', '--repository', 'acme/shop'],
    prepare: (world) => {
      world.github.openPullRequest({ number: 300, headSha: head });
      return world.configure((yaml) => second(yaml, 'api-shop')).then((name) => ['--config', name]);
    },
    code: 3,
    as: 'PolicyViolation',
    says: /api-shop/,
  },
];

/** A second application of another repository, with the same chart. */
const second = (yaml: string, name: string): string =>
  yaml.replace(
    'applications:\n',
    `applications:\n  ${name}:\n    chart: charts/shop.ts\n    repositories: [acme/${name}]\n    images: { api: 'ghcr.io/acme/a:1', web: 'ghcr.io/acme/a:1', seed: 'ghcr.io/acme/a:1' }\n`,
  );

const overrides: readonly Case[] = [
  ...Object.entries(hostileYaml).map(([title, [text, says]]) => ({ title, text, says })),
  { title: 'an unknown key', text: 'lifetme: 3d\n', says: /Did you mean \\"lifetime/ },
  { title: 'more than is allowed', text: 'variables: { SECRET: x }\nlifetime: 80d\n', says: /SECRET.*lifetime/s },
  { title: 'an unknown component', text: 'components: { with: [maler] }\n', says: /did you mean \\"mailer/ },
].map(({ title, text, says }, index): Case => ({
  title: `.bivouac.yaml: ${title}`,
  args: ['reconcile', '--pull-request', String(100 + index)],
  prepare: ({ github }) => {
    const sha = (0xabc000 + index).toString(16).padStart(40, '0');
    github.openPullRequest({ number: 100 + index, headSha: sha });
    github.putFile(sha, '.bivouac.yaml', text);
    return Promise.resolve([]);
  },
  code: 3,
  as: 'OverrideNotAllowed',
  says,
}));

const chart = (body: string): string =>
  `import { EnvironmentChart, WebService, type Construct, type EnvironmentProps } from 'bivouac/charts';
export class Chart extends EnvironmentChart {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);
    ${body}
  }
}
`;
const web = `new WebService(this, 'web', { image: this.image('web'), port: 3000, primary: true });`;
const charts: readonly Case[] = (
  [
    [
      'throws',
      chart(`throw new Error('no $(touch canary)\\n::error::x');`),
      'ChartFailed',
      /charts\/chart-\d+\.ts:5:\d+/,
    ],
    ['throws when it is loaded', `throw new Error('early');\n${chart(web)}`, 'ChartFailed', /early/],
    ['holds nothing', chart(''), 'EmptyChart', /no components/],
    ['exports nothing', 'export const x = 1;\n', 'ChartNotFound', /EnvironmentChart/],
    ['is no TypeScript', 'export class {', 'ChartFailed', /chart-\d+\.ts/],
    ['imports what isn’t there', `import 'no-such-package';\n${chart(web)}`, 'ChartFailed', /no-such-package/],
    ['never ends', chart('for (;;);'), 'ChartTimeout', /loop/],
    [
      'reads an unknown image',
      chart(`new WebService(this, 'web', { image: this.image('webb'), port: 1 });`),
      'UnknownImage',
      /webb.*web/,
    ],
    ['reads an unknown variable', chart(`this.variable('LOG_LEVL'); ${web}`), 'UnknownVariable', /LOG_LEVL.*LOG_LEVEL/],
    [
      'names an unknown component',
      chart(`${web.replace('port', "variables: { URL: this.publicUrl('wbe') }, port")}`),
      'UnknownReference',
      /wbe/,
    ],
  ] as const
).map(([title, source, as, says]): Case => ({
  title: `a chart that ${title}`,
  args: ['render', '--application', 'shop', '--pull-request', '42', '--head-sha', head],
  prepare: async (world) => {
    const path = await world.writeChart(source);
    return ['--config', await world.configure((yaml) => yaml.replace('charts/shop.ts', path))];
  },
  code: 2,
  as,
  says,
}));

describe('texts that mean harm', () => {
  let world: World;
  let ended: ReadonlyMap<string, Ended>;
  beforeAll(async () => {
    world = await createWorld();
    ended = await runCases(world, [...charts, ...configs, ...overrides]);
  }, 120_000);
  afterAll(() => world.end());

  test.each(configs)('$title', (each) => expectAnswer(ended.get(each.title), each));
  test.each(overrides)('$title', (each) => expectAnswer(ended.get(each.title), each));
  test.each(charts)('$title', (each) => expectAnswer(ended.get(each.title), each));
  test('nothing was committed by any of them', async () => {
    expect(await world.tree()).toBe('');
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  test('what a chart prints stays off stdout', async () => {
    const path = await world.writeChart(chart(`console.log('noise'); console.info('more'); ${web}`));
    const config = await world.configure((yaml) => yaml.replace('charts/shop.ts', path));
    const { code, stdout, stderr } = await world.run([
      ...['render', '--application', 'shop', '--pull-request', '42', '--head-sha', head],
      ...['--config', config, '-o', 'json'],
    ]);
    expect({ code, components: Object.keys((JSON.parse(stdout) as { components: object }).components) }).toEqual({
      code: 0,
      components: ['web'],
    });
    expect(stderr).toContain('noise');
  });

  test('doctor names the object and field of a chart that renders differently each time', async () => {
    const path = await world.writeChart(
      chart(web.replace('port: 3000', 'port: 3000, variables: { AT: String(process.hrtime.bigint()) }')),
    );
    const config = await world.configure((yaml) => yaml.replace('charts/shop.ts', path));
    const { code, stdout } = await world.run(['doctor', '--config', config]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/require-repeatable-output: Deployment\/web \/spec\/template\/spec\/containers\/0\/env/);
  });

  test('titles, branches, logins and labels are text: none reaches Git, a file name, a log line or a second comment', async () => {
    const evil = [
      'q";touch${IFS}canary;#',
      'a$(touch canary)`touch canary`',
      '{{ .Values.x }} ${{ github.token }}',
      'x|y&z\r\n::add-mask::x\n::error::y',
      '<!-- bivouac:env:shop-pr-42 --> @org/all [x](javascript:alert(1)) \u202e \u001b[31m',
      '標題'.repeat(2000),
    ];
    for (const [index, text] of evil.entries()) {
      const number = 200 + index;
      const sha = (0xdef000 + index).toString(16).padStart(40, '0');
      world.github.openPullRequest({
        number,
        author: `x-${number}`,
        headSha: sha,
        title: text,
        headBranch: text,
        labels: [text, `bivouac:${text}`],
      });
      const { code, stdout, stderr } = await world.run(
        ['reconcile', '-o', 'markdown'],
        await world.event(number, 'opened'),
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const comments = world.github.comments(number).map(({ body }) => body ?? '');
      expect(comments).toHaveLength(1);
      const log = await runGit(world.git.directory(), ['log', '-p', 'main']);
      for (const shown of [stdout, comments.join('\n'), log])
        expect(shown).not.toMatch(/touch|::add-mask|Values|@org|javascript:|標/);
    }
    expect((await readdir(world.platform)).filter((name) => /canary$/.test(name))).toEqual([]);
  });

  test('labels that ask for what can’t be: every one named, exit 3, nothing lost of what was there', async () => {
    world.github.openPullRequest({ number: 42, headSha: head });
    await world.run(['reconcile', '--pull-request', '42']);
    const before = await world.tree();
    const labels = [
      'with-../x',
      'with-$(touch canary)',
      'without-{{ .x }}',
      `with-${'x'.repeat(300)}`,
      'preset-nope',
      'with-магазин',
    ];
    for (const label of labels) world.github.addLabel(42, `bivouac:${label}`);
    world.github.push(42, nextHead);
    const { code, stdout } = await world.run(['reconcile', '-o', 'json'], await world.event(42, 'synchronize'));
    const { outcomes } = JSON.parse(stdout) as { outcomes: { reason: string; message: string }[] };
    expect({ code, reasons: outcomes.map(({ reason }) => reason) }).toEqual({
      code: 3,
      reasons: ['OverrideNotAllowed'],
    });
    for (const part of ['with-../x', 'touch canary', '{{ .x }}', 'preset-nope', 'магазин'])
      expect(outcomes[0]?.message).toContain(part);
    expect(await world.tree()).toBe(before);
  });
});
