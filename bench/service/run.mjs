// npm run bench:service -- [--environments 1000] [--minutes 1] [--events 10000] [--pulls 1000]: `bivouac serve` as it ships against real git
// over HTTP and a GitHub on this machine. First 50 deliveries a minute, each timed from the delivery to the accepted push; then a burst.
import { execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { createRepository, git } from '../publish/fixture.mjs';

const { values } = parseArgs({
  options: {
    environments: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '1' },
    events: { type: 'string', default: '10000' },
    pulls: { type: 'string', default: '1000' },
  },
});
const [environments, minutes, events, pulls] = [values.environments, values.minutes, values.events, values.pulls].map(
  Number,
);
const perMinute = 50;
const secret = 'the-secret-of-the-bench';
const token = 'bench-token';
const project = fileURLToPath(new URL('../..', import.meta.url));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const shaOf = (...parts) => createHmac('sha1', 'bench').update(parts.join(' ')).digest('hex');

const startGit = async (root) => {
  const child = spawn(process.execPath, [join(project, 'bench/publish/server.mjs'), root], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = await new Promise((done) => child.stdout.once('data', (text) => done(String(text).split('\n'))));
  return { child, url: `http://127.0.0.1:${port}/gitops.git` };
};

const startGitHub = async (root) => {
  const outfile = join(root, 'github.mjs');
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  const entry = join(project, 'bench/service/github.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', banner });
  const { startFakeGitHub } = await import(pathToFileURL(outfile).href);
  return startFakeGitHub({
    tokens: {
      [token]: {
        account: { login: 'bivouac[bot]', id: 1, type: 'Bot' },
        kind: 'installation',
        permissions: {
          contents: 'read',
          pullRequests: 'write',
          issues: 'write',
          deployments: 'write',
          statuses: 'write',
        },
      },
    },
  });
};

const makePlatform = (root, url) => {
  const platform = join(root, 'platform');
  mkdirSync(join(platform, 'charts'), { recursive: true });
  cpSync(join(project, 'charts/shop.ts'), join(platform, 'charts/shop.ts'));
  const sample = readFileSync(join(project, 'bivouac.yaml'), 'utf8').replace('.bivouac/gitops.git', url);
  const limits = 'limits: { total: 100000, perRepository: 100000, perAuthor: 100000 }\n';
  writeFileSync(join(platform, 'bivouac.yaml'), `${sample.replace(/^limits:.*\n(?: .*\n)*/m, '')}\n${limits}`);
  execFileSync(process.execPath, [join(project, 'dist/cli/main.cjs'), 'build'], { cwd: platform, stdio: 'inherit' });
  return platform;
};

/** `bivouac serve`, its log, and how much memory it ever used. */
const startService = async (root, platform, github) => {
  const env = {
    PATH: process.env.PATH,
    TMPDIR: root,
    BIVOUAC_WEBHOOK_SECRET: secret,
    BIVOUAC_GITOPS_TOKEN: 'bench-git-token',
    GITHUB_TOKEN: token,
    GITHUB_API_URL: github.url,
  };
  const child = spawn(process.execPath, [join(project, 'dist/cli/main.cjs'), 'serve', '--port', '0'], {
    cwd: platform,
    env,
  });
  const entries = [];
  const failed = [];
  let rest = '';
  let listening;
  const port = new Promise((resolve) => (listening = resolve));
  child.stderr.pipe(process.stderr);
  child.stdout.on('data', (chunk) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const entry = JSON.parse(line);
      if (entry.event === 'listening') listening(entry.port);
      if (entry.event === 'reconciled') entries.push(entry);
      if (entry.level !== 'info') failed.push(line);
    }
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  return { child, port: await port, entries, failed, ended };
};

const memoryOf = (pid, key) => {
  try {
    return Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN; // not Linux
  }
};

const agent = new Agent({ keepAlive: true, maxSockets: 50 });
const deliver = (port, payload) =>
  new Promise((resolve) => {
    const body = JSON.stringify(payload);
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const headers = { 'x-github-event': 'pull_request', 'x-hub-signature-256': `sha256=${signature}` };
    const sent = request({ port, agent, method: 'POST', path: '/webhooks/github', headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    sent.on('error', () => resolve(503)); // cut: repeated like one that was turned away
    sent.end(body);
  });

const quantile = (numbers, share) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
};

/** A new pull request, then a push to it, and so on. */
const steady = async (service, github) => {
  const count = Math.round(minutes * perMinute);
  for (let index = 0; index < count; index += 1) {
    const number = 100_000 + (index >> 1);
    const action = index % 2 === 0 ? 'opened' : 'synchronize';
    if (action === 'opened') github.openPullRequest({ number, headSha: shaOf(number, 0), author: `a-${number}` });
    else github.push(number, shaOf(number, 1));
    await deliver(service.port, github.payload(number, action));
    await sleep(60_000 / perMinute);
  }
  const times = service.entries.flatMap(({ pushedMs }) => pushedMs ?? []);
  for (let wait = 0; times.length < count && wait < 50; wait += 1) {
    await sleep(200);
    times.splice(0, Infinity, ...service.entries.flatMap(({ pushedMs }) => pushedMs ?? []));
  }
  console.log(
    `${count} deliveries, ${perMinute} a minute, ${environments} environments: p50 ${quantile(times, 0.5)} ms, p95 ${quantile(times, 0.95)} ms, slowest ${Math.max(...times)} ms; memory ${memoryOf(service.child.pid, 'VmRSS').toFixed(0)} MB`,
  );
};

/** Everything at once: each pull request opened, pushed to many times, every tenth closed in the end. */
const burst = async (service, { github, directory }) => {
  const each = Math.ceil(events / pulls);
  const deliveries = [];
  for (let number = 1; number <= pulls; number += 1)
    github.openPullRequest({ number, headSha: shaOf(number, 0), author: `a-${number}` });
  for (let round = 0; round < each; round += 1)
    for (let number = 1; number <= pulls; number += 1) deliveries.push({ number, round });
  const start = Date.now();
  let busy = 0;
  let next = 0;
  const lane = async () => {
    while (next < deliveries.length) {
      const { number, round } = deliveries[next++];
      const isLast = round === each - 1;
      if (isLast && number % 10 === 0) github.close(number);
      else if (round > 0) github.push(number, shaOf(number, round));
      const action = isLast && number % 10 === 0 ? 'closed' : round === 0 ? 'opened' : 'synchronize';
      while ((await deliver(service.port, github.payload(number, action))) === 503) {
        busy += 1;
        await sleep(1_000);
      }
    }
  };
  await Promise.all(Array.from({ length: 50 }, lane));
  const accepted = Date.now();
  const wanted = (number) => (number % 10 === 0 ? undefined : shaOf(number, each - 1));
  const wrong = () => {
    const listed = git(directory, ['ls-tree', '-r', '--name-only', 'main', 'environments/shop/']).split('\n');
    const there = listed.filter((path) => /\/pr-\d{1,5}\/environment\.json$/.test(path));
    const texts =
      there.length === 0
        ? ''
        : git(directory, [
            'grep',
            '-h',
            '-e',
            '"headSha"',
            '-e',
            '"pullRequest"',
            'main',
            '--',
            'environments/shop/*/environment.json',
          ]);
    const heads = new Map(
      [...texts.matchAll(/"pullRequest": "(\d+)",\n\s+"headSha": "(\w+)"/g)].map(([, number, head]) => [
        Number(number),
        head,
      ]),
    );
    return Array.from({ length: pulls }, (_, index) => index + 1).filter(
      (number) => heads.get(number) !== wanted(number),
    );
  };
  let left = wrong();
  while (left.length > 0 && Date.now() - start < 1_200_000) {
    await sleep(1_000);
    left = wrong();
  }
  const seconds = (ms) => (ms / 1000).toFixed(1);
  console.log(
    `${deliveries.length} deliveries for ${pulls} pull requests: taken in ${seconds(accepted - start)} s (${busy} turned away and repeated), ${left.length === 0 ? `all converged after ${seconds(Date.now() - start)} s` : `${left.length} did NOT converge`}; peak memory ${memoryOf(service.child.pid, 'VmHWM').toFixed(0)} MB`,
  );
  const metrics = await (await fetch(`http://127.0.0.1:${service.port}/metrics`)).text();
  const figure = (name) => new RegExp(`^${name} (\\d+)`, 'm').exec(metrics)?.[1];
  console.log(
    `${figure('bivouac_pushes_total')} pushes for ${figure('bivouac_pushed_asks_total')} reconciles that published; ${service.failed.length} warnings`,
  );
  for (const line of service.failed.slice(0, 3)) console.log(line);
  if (left.length > 0) process.exitCode = 1;
};

const root = mkdtempSync(join(tmpdir(), 'bench-service-'));
const directory = join(root, 'gitops.git');
console.log(`${availableParallelism()} cores, Node ${process.versions.node}, load before ${loadavg()[0].toFixed(1)}`);
createRepository(directory, environments);
const server = await startGit(root);
const github = await startGitHub(root);
const service = await startService(root, makePlatform(root, server.url), github);
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    service.child.kill('SIGKILL');
    server.child.kill();
    rmSync(root, { recursive: true, force: true });
    process.exit(1);
  });
try {
  if (minutes > 0) await steady(service, github);
  if (events > 0) await burst(service, { github, directory });
} finally {
  service.child.kill('SIGTERM');
  console.log(`SIGTERM: ended with ${await service.ended}; load after ${loadavg()[0].toFixed(1)}`);
  server.child.kill();
  await github.stop();
  agent.destroy();
  rmSync(root, { recursive: true, force: true });
}
