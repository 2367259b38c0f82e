import { afterAll, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BuiltCharts } from '../../src/synth/loader/build.js';
import type { Synthesis } from '../../src/synth/port.js';
import { packageDirectory } from './builders.js';
import type { Question } from './loader-server.js';

const made: string[] = [];
// by jiti as well: tsx would resolve bivouac/charts itself
const program = `const { createJiti } = await import('jiti'); await createJiti(${JSON.stringify(packageDirectory)}).import('./test/synth/loader-server.ts');`;
const server = spawn(process.execPath, ['--input-type=module', '--eval', program], {
  cwd: packageDirectory,
  stdio: ['pipe', 'pipe', 'inherit'],
});
const answers = createInterface({ input: server.stdout })[Symbol.asyncIterator]();

afterAll(() => {
  server.stdin.end();
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

type Platform = Pick<Question, 'directory' | 'charts'>;

/** A platform's directory with these charts, each file an application of that name. */
const platform = (sources: Readonly<Record<string, string>>, exportName?: string): Platform => {
  const directory = mkdtempSync(join(tmpdir(), 'bivouac-loader-'));
  made.push(directory);
  mkdirSync(join(directory, 'charts'));
  const charts = Object.entries(sources).map(([name, source]) => {
    const file = join(directory, `charts/${name}.ts`);
    writeFileSync(file, source);
    return [name, { file, ...(exportName !== undefined && { exportName }) }];
  });
  return { directory, charts: Object.fromEntries(charts) as Platform['charts'] };
};

const ask = async (question: Question): Promise<unknown> => {
  server.stdin.write(`${JSON.stringify(question)}\n`);
  const { value: line } = (await answers.next()) as { value: string };
  const reply = JSON.parse(line) as { value?: unknown; failure?: object };
  if (reply.failure !== undefined) throw Object.assign(new Error(), reply.failure);
  return reply.value;
};

const library = `import { type Construct, EnvironmentChart, type EnvironmentProps, WebService } from 'bivouac/charts';`;
const chart = (body: string, name = 'Shop'): string => `export class ${name} extends EnvironmentChart {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);
    ${body}
  }
}
`;
const web = `new WebService(this, 'web', { image: this.image('web'), port: 3456, primary: true });`;

interface Tried {
  readonly synthesis: Synthesis;
  readonly notes: readonly string[];
}

const synthesize = async (of: Platform, rest: Partial<Question> = {}): Promise<Tried> =>
  (await ask({ ...of, build: false, application: 'shop', deadlineMs: 10_000, ...rest })) as Tried;
const build = async (of: Platform): Promise<BuiltCharts> =>
  (await ask({ ...of, build: true, application: 'shop', deadlineMs: 10_000 })) as BuiltCharts;

/** In a process of its own: V8 remembers what it has compiled before. */
const runsCompiled = (file: string): boolean => {
  const source = `const { createJiti } = await import('jiti');
    const { loadScript } = await createJiti(${JSON.stringify(packageDirectory)}).import('./src/synth/loader/script.ts');
    process.stdout.write(String(loadScript(${JSON.stringify(file)}).compiled));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', source], { cwd: packageDirectory });
  return JSON.parse(stdout.toString()) as boolean;
};

const failure = (code: string, rest: object = {}): unknown => expect.objectContaining({ code, ...rest });

describe('charts from their sources', () => {
  test('are found by their mark, whatever else the module exports, and use this package’s library', async () => {
    const config = platform({
      shop: `${library}\nexport { EnvironmentChart };\nexport const other = 1;\n${chart(web)}`,
    });
    const { synthesis, notes } = await synthesize(config);
    expect(synthesis.components.map(({ name }) => name)).toEqual(['web']);
    expect(synthesis.components[0]?.manifests.map(({ kind }) => kind)).toContain('Deployment');
    expect(notes).toEqual([]);
  });

  test('are the named one of several', async () => {
    const source = `${library}\n${chart(web)}${chart(web.replaceAll(/'web'/g, "'api'").replace("image('api')", "image('web')"), 'Api')}`;
    const { synthesis } = await synthesize(platform({ shop: source }, 'Api'));
    expect(synthesis.components.map(({ name }) => name)).toEqual(['api']);
    await expect(synthesize(platform({ shop: source }))).rejects.toEqual(failure('SeveralCharts'));
    await expect(synthesize(platform({ shop: source }, 'Apii'))).rejects.toEqual(
      failure('ChartNotFound', { message: expect.stringContaining('did you mean "Api"?') }),
    );
  });

  test.each([
    ['exports no chart', 'ChartNotFound', 'export const shop = 1;'],
    ['is broken', 'ChartFailed', 'export class {'],
    ['throws when it is loaded', 'ChartFailed', `throw new Error('at the top');`],
    ['imports what isn’t there', 'ChartFailed', `import './missing.js';`],
    ['throws a text', 'ChartFailed', `${library}\n${chart(`throw 'words';`)}`],
    ['gives nothing', 'EmptyChart', `${library}\n${chart('')}`],
    ['asks for an image that isn’t there', 'UnknownImage', `${library}\n${chart(`this.image('nothing');`)}`],
  ])('fail clearly: a chart that %s', async (_, code, source) => {
    await expect(synthesize(platform({ shop: source }))).rejects.toEqual(
      failure(code, { class: 'UserError', changed: 'nothing' }),
    );
  });

  test('fail at their own line', async () => {
    const source = `${library}\n${chart(`const list: string[] = [];\n    list[0]!.trim();`)}`;
    await expect(synthesize(platform({ shop: source }))).rejects.toEqual(
      failure('ChartFailed', {
        message: expect.stringContaining('of "shop" failed: Cannot read properties of undefined'),
        where: expect.stringMatching(/^charts\/shop\.ts:6:\d+$/),
      }),
    );
  });

  test.each([
    ['while it is loaded', 'for (;;);'],
    ['while it builds', `${library}\n${chart('for (;;);')}`],
  ])('are ended at their deadline: a chart that never ends %s', async (_, source) => {
    await expect(synthesize(platform({ shop: source }), { deadlineMs: 1500 })).rejects.toEqual(failure('ChartTimeout'));
  });

  test('have to exist, and so does the application', async () => {
    const config = platform({ shop: '' });
    rmSync(join(config.directory, 'charts/shop.ts'));
    await expect(synthesize(config)).rejects.toEqual(failure('ChartNotFound'));
    await expect(synthesize(config, { application: 'shpo' })).rejects.toEqual(
      failure('UnknownApplication', { message: expect.stringContaining('did you mean "shop"?') }),
    );
  });
});

describe('the chart bundle', () => {
  const source = `${library}\nimport { port } from './port.js';\n${chart(web.replace('3456', 'port'))}`;
  const built = async (): Promise<{ config: Platform; file: string }> => {
    const config = platform({ shop: source });
    writeFileSync(join(config.directory, 'charts/port.ts'), 'export const port = 3456;\n');
    const { file } = await build(config);
    return { config, file };
  };

  test('gives what the sources give, without them being loaded', async () => {
    const { config, file } = await built();
    const fromSources = await synthesize(platform({ shop: `${library}\n${chart(web)}` }));
    expect((await synthesize(config)).synthesis).toEqual(fromSources.synthesis);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('3456', '3001'));
    expect(JSON.stringify((await synthesize(config)).synthesis)).toContain('3001');
  });

  test('says what it was built from, is the same each time, and brings no source maps', async () => {
    const { config, file } = await built();
    const text = readFileSync(file, 'utf8');
    const [digest, sources] = text.split('\n');
    expect(digest).toMatch(/^\/\/ bivouac-charts sha256:[0-9a-f]{64}$/);
    expect(JSON.parse(sources!.slice(3))).toMatchObject({
      charts: { shop: 'charts/shop.ts' },
      files: ['charts/port.ts', 'charts/shop.ts'],
    });
    expect(text).not.toContain('sourceMappingURL=data');
    await build(config);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('gives way to sources that changed, and says so', async () => {
    const { config } = await built();
    writeFileSync(join(config.directory, 'charts/port.ts'), 'export const port = 4000;\n');
    const { synthesis, notes } = await synthesize(config);
    expect(JSON.stringify(synthesis)).toContain('4000');
    expect(notes).toEqual([expect.stringContaining('bivouac build')]);
  });

  test('comes with its compiled form, which counts only for these very bytes', async () => {
    const { config, file } = await built();
    const compiled = readFileSync(`${file}.cache`);
    const expected = (await synthesize(config)).synthesis;
    expect(runsCompiled(file)).toBe(true);

    const other = readFileSync(file).toString().replaceAll('3456', '4567');
    writeFileSync(file, other); // as long as before, which is all that V8 compares
    expect(runsCompiled(file)).toBe(false);
    expect(JSON.stringify((await synthesize(config)).synthesis)).toContain('4567');

    await build(config);
    writeFileSync(`${file}.cache`, Buffer.alloc(compiled.length, compiled.subarray(0, 32))); // the digest, and nonsense
    expect(runsCompiled(file)).toBe(false);
    expect((await synthesize(config)).synthesis).toEqual(expected);
  });

  test('is never written for a chart that can’t be loaded', async () => {
    const config = platform({ shop: 'export const none = 1;' });
    await expect(build(config)).rejects.toEqual(failure('ChartNotFound'));
  });
});

test('a chart’s own project brings the library where it has one', async () => {
  const config = platform({ shop: `${library}\n${chart(web)}` });
  const modules = join(config.directory, 'node_modules');
  mkdirSync(join(modules, 'bivouac'), { recursive: true });
  for (const name of ['cdk8s', 'cdk8s-plus-28', 'constructs'])
    symlinkSync(join(packageDirectory, 'node_modules', name), join(modules, name));
  writeFileSync(
    join(modules, 'bivouac/package.json'),
    '{"name":"bivouac","version":"9.0.0","exports":{"./charts":"./charts.cjs"}}',
  );
  writeFileSync(
    join(modules, 'bivouac/charts.cjs'),
    `class EnvironmentChart { static synthesize() { throw new Error('the project’s own') } }
EnvironmentChart[Symbol.for('bivouac.chart')] = true;
exports.EnvironmentChart = EnvironmentChart; exports.WebService = class {};`,
  );
  await expect(synthesize(config)).rejects.toEqual(
    failure('ChartFailed', { message: expect.stringContaining('the project’s own') }),
  );
});

test('a program without packages of its own, as an action is, takes cdk8s from the chart’s project', async () => {
  const program = mkdtempSync(join(tmpdir(), 'bivouac-program-'));
  made.push(program);
  for (const part of ['package.json', 'charts/constructs', 'src/model'])
    cpSync(join(packageDirectory, part), join(program, part), { recursive: true });
  const config = platform({
    shop: `import { ApiObject } from 'cdk8s';\n${library}\n${chart(`${web} ApiObject.isApiObject(this);`)}`,
  });
  await expect(synthesize(config, { packageDirectory: program })).rejects.toEqual(
    failure('ChartFailed', {
      message: expect.stringMatching(/Cannot find module '(?:cdk8s|constructs)'/),
      remedy: expect.stringContaining('`npm ci`'),
    }),
  );
  const modules = join(config.directory, 'node_modules');
  mkdirSync(modules);
  for (const name of ['cdk8s', 'cdk8s-plus-28', 'constructs'])
    symlinkSync(join(packageDirectory, 'node_modules', name), join(modules, name));
  const { synthesis } = await synthesize(config, { packageDirectory: program });
  expect(synthesis.components.map(({ name }) => name)).toEqual(['web']);
});
