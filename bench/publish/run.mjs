// npm run bench:publish -- [--sizes 10,1000,10000] [--rounds 7] [--ways clone,limit,create]: every way of publishing one change, paired and
// interleaved, each in a fresh process, against real git over smart HTTP on a RAM disk. Ratios are taken inside a round.
import { execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { createRepository, git } from './fixture.mjs';
import { takeLog } from './log.mjs';

const allWays = ['clone', 'sparse', 'push', 'limit', 'create', 'update', 'remove', 'unchanged'];
const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10,1000,10000' },
    rounds: { type: 'string', default: '7' },
    ways: { type: 'string', default: allWays.join(',') },
  },
});
const sizes = values.sizes.split(',').map(Number);
const rounds = Number(values.rounds);
const ways = allWays.filter((way) => values.ways.split(',').includes(way));
/** A clone of 10,000 environments takes seconds. */
const cloneRounds = 3;

const here = fileURLToPath(new URL('.', import.meta.url));
const ramDisk = () => {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return undefined;
  }
};

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

const startServer = async (root) => {
  const child = spawn(process.execPath, [join(here, 'server.mjs'), root], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = await new Promise((done) => child.stdout.once('data', (text) => done(String(text).split('\n'))));
  return { child, origin: `http://127.0.0.1:${port}` };
};

/** Brings the branch and the objects back to what they were. */
const restorer = (directory, tip) => {
  const list = () =>
    readdirSync(join(directory, 'objects'), { recursive: true }).filter((path) => /[0-9a-f]{38}/.test(path));
  const before = new Set(list());
  return () => {
    git(directory, ['update-ref', 'refs/heads/main', tip]);
    list()
      .filter((path) => !before.has(path))
      .forEach((path) => rmSync(join(directory, 'objects', path), { force: true }));
  };
};

const measure = async (stage, way) => {
  const { origin, root, size, tip, restore, salt } = stage;
  const source = join(root, `${size}.git`);
  const work = mkdtempSync(join(root, 'work-'));
  const call = {
    way,
    salt,
    source,
    url: `${origin}/${size}.git`,
    directory: join(work, 'clone'),
    ours: join(root, 'ours.mjs'),
  };
  await takeLog(origin);
  const output = execFileSync(process.execPath, [join(here, 'worker.mjs'), JSON.stringify(call)], {
    cwd: work,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: work },
  });
  const { log, connections } = await takeLog(origin);
  const moved = git(source, ['rev-parse', 'main']) !== tip;
  if (moved === (way === 'unchanged')) throw new Error(`${way}: the branch ${moved ? 'moved' : 'did not move'}`);
  restore();
  rmSync(work, { recursive: true, force: true });
  const sum = (key) => log.reduce((total, each) => total + each[key], 0);
  return { ms: Number(output), requests: log.length, connections, up: sum('up'), down: sum('down') };
};

const prepare = (root, size) => {
  const directory = join(root, `${size}.git`);
  const tip = createRepository(directory, size);
  return { size, tip, restore: restorer(directory, tip) };
};

/** One round: every size, every way, in the same order. */
const measureRound = async ({ origin, root }, repositories, round) => {
  const sets = [];
  for (const repository of repositories) {
    const set = {};
    for (const way of ways) {
      const isLong = (way === 'clone' || way === 'sparse') && repository.size >= 10_000;
      if (isLong && round >= cloneRounds) continue;
      set[way] = await measure({ ...repository, origin, root, salt: `round ${round}` }, way);
    }
    sets.push(set);
  }
  return sets;
};

const ratio = (sets, above, below) => {
  const both = sets.filter((set) => set[above] !== undefined && set[below] !== undefined);
  return both.length === 0 ? '-' : median(both.map((set) => set[above].ms / set[below].ms)).toFixed(1);
};

const kilobytes = (bytes) => (bytes / 1000).toFixed(1);

const print = (size, sets) => {
  console.log(`\n${size} environments`);
  console.log('| way | n | median ms | minimum | x limit | clone / it | requests / connections | KB up | KB down |');
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const way of ways) {
    const found = sets.flatMap((set) => (set[way] === undefined ? [] : [set[way]]));
    const times = found.map(({ ms }) => ms);
    const [{ requests, connections, up, down }] = found;
    const cells = [
      way,
      found.length,
      median(times).toFixed(0),
      Math.min(...times).toFixed(0),
      ratio(sets, way, 'limit'),
    ];
    const rest = [ratio(sets, 'clone', way), `${requests} / ${connections}`, kilobytes(up), kilobytes(down)];
    console.log(`| ${[...cells, ...rest].join(' | ')} |`);
  }
};

const main = async () => {
  const disk = ramDisk();
  const root = mkdtempSync(join(disk ?? tmpdir(), 'bench-publish-'));
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      rmSync(root, { recursive: true, force: true });
      process.exit(1);
    });
  const server = await startServer(root);
  try {
    const entry = join(here, 'ours.ts');
    const common = { bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning' };
    const banner = {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    };
    await build({ ...common, entryPoints: [entry], outfile: join(root, 'ours.mjs'), banner });
    const version = git('.', ['version']).replace('git version ', '');
    console.log(
      `${availableParallelism()} cores, Node ${process.versions.node}, git ${version}, on ${disk ? 'a RAM disk' : 'a real disk: no /dev/shm here'}; ${rounds} rounds; load before ${loadavg()[0].toFixed(1)}`,
    );
    const repositories = sizes.map((size) => prepare(root, size));
    const all = [];
    for (let round = 0; round < rounds; round += 1)
      all.push(await measureRound({ origin: server.origin, root }, repositories, round));
    const results = new Map(sizes.map((size, index) => [size, all.map((sets) => sets[index])]));
    for (const [size, sets] of results) print(size, sets);
    summary(results);
    console.log(`load after ${loadavg()[0].toFixed(1)}`);
  } finally {
    server.child.kill();
    rmSync(root, { recursive: true, force: true });
  }
};

const summary = (results) => {
  for (const [size, sets] of results)
    if (ways.includes('create') && ways.includes('update'))
      console.log(`\n${size}: update / create ${ratio(sets, 'update', 'create')}`);
  const [ten, thousand] = [results.get(10), results.get(1000)];
  if (ten === undefined || thousand === undefined || !ways.includes('create')) return;
  const growth = median(ten.map((set, round) => thousand[round].create.ms / set.create.ms));
  console.log(`\ncreate, 10 to 1,000 environments: ${growth.toFixed(2)} times`);
};

await main();
