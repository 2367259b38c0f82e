// One way of publishing, once, in a process and a directory of its own; prints milliseconds from the first call to the accepted push.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { dirname, join } from 'node:path';
import { filesOf, git } from './fixture.mjs';
import { takeLog } from './log.mjs';

const { way, url, source, directory, ours, salt } = JSON.parse(process.argv[2]);

const run = (cwd, args, input) =>
  new Promise((done, fail) => {
    const child = spawn('git', args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    const out = [];
    let text = '';
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => (text += chunk));
    child.on('close', (code) =>
      code === 0 ? done(Buffer.concat(out)) : fail(new Error(`git ${args.join(' ')}: ${text}`)),
    );
    child.stdin.on('error', () => undefined); // it may end without reading
    child.stdin.end(input ?? '');
  });

const name = { create: 'app-1/pr-900', update: 'app-1/pr-2', remove: 'app-1/pr-2', unchanged: 'app-1/pr-2' };
const updated = filesOf(name.update, salt);
const home = join(directory, 'environments', name.update);

const writeAll = () => {
  for (const [path, text] of Object.entries(updated)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
};

const commitAndPush = async () => {
  writeAll();
  await run(directory, ['add', '-A', '--', `environments/${name.update}`]);
  await run(directory, ['commit', '--quiet', '-m', 'bench']);
  await run(directory, ['push', '--quiet', 'origin', 'main']);
};

/** A commit as ours would be, made beforehand in the source's objects, and a pack of it. */
const ready = async () => {
  const parent = git(source, ['rev-parse', 'main']);
  const lines = Object.entries(updated).map(
    ([path, text]) => `M 100644 inline environments/${name.update}/${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
  );
  const head = `commit refs/heads/w\ncommitter B <b@example.com> 1800000000 +0000\ndata 5\nbench\nfrom ${parent}\n`;
  await run('.', ['init', '--quiet', '--bare', directory]);
  writeFileSync(join(directory, 'objects', 'info', 'alternates'), `${join(source, 'objects')}\n`);
  await run(directory, ['fast-import', '--quiet', '--done'], `${head}${lines.join('')}\ndone\n`);
  return { parent, commit: git(directory, ['rev-parse', 'refs/heads/w']) };
};

const call = (agent, { path, ...options }, body) =>
  new Promise((done, fail) => {
    const sent = request(`${url}${path}`, { agent, ...options }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => done(Buffer.concat(chunks).toString('latin1')));
    });
    sent.on('error', fail);
    sent.end(body);
  });

const ways = {
  clone: async () => [
    async () => {
      await run('.', ['clone', '--quiet', url, directory]);
      await commitAndPush();
    },
  ],
  sparse: async () => [
    async () => {
      await run('.', ['clone', '--quiet', '--depth=1', '--filter=blob:none', '--sparse', url, directory]);
      await run(directory, ['sparse-checkout', 'set', `environments/${name.update}`]);
      await commitAndPush();
    },
  ],
  push: async () => {
    const { commit } = await ready();
    return [() => run(directory, ['push', '--quiet', url, `${commit}:refs/heads/main`])];
  },
  limit: async () => {
    const { parent, commit } = await ready();
    const pack = await run(
      directory,
      ['pack-objects', '--revs', '--thin', '--stdout', '-q'],
      `${commit}\n^${parent}\n`,
    );
    const line = `${parent} ${commit} refs/heads/main\0report-status agent=bench`;
    const body = Buffer.concat([Buffer.from(`${(line.length + 4).toString(16).padStart(4, '0')}${line}0000`), pack]);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await call(agent, { path: '/info/refs?service=git-receive-pack' });
    const headers = { 'content-type': 'application/x-git-receive-pack-request', 'content-length': body.length };
    return [
      async () => {
        const text = await call(agent, { path: '/git-receive-pack', method: 'POST', headers }, body);
        if (!text.includes('ok refs/heads/main')) throw new Error(text);
      },
    ];
  },
};

const oursAs = async (deed) => {
  const { publishOne } = await import(ours);
  const files = {
    create: filesOf(name.create, salt),
    update: updated,
    remove: {},
    unchanged: filesOf(name.update, '1'),
  }[deed];
  return [() => publishOne(url, name[deed], new Map(Object.entries(files)))];
};

process.env.GIT_CONFIG_GLOBAL = '/dev/null';
Object.assign(process.env, { GIT_AUTHOR_NAME: 'B', GIT_AUTHOR_EMAIL: 'b@example.com' });
Object.assign(process.env, { GIT_COMMITTER_NAME: 'B', GIT_COMMITTER_EMAIL: 'b@example.com' });
const [timed] = await (ways[way] === undefined ? oursAs(way) : ways[way]());
if (way === 'limit' || way === 'push') await takeLog(url); // what the preparation asked doesn't count
const start = performance.now();
await timed();
console.log(performance.now() - start);
process.exit();
