// What rendering costs: whole processes in turn against `node -e 0`, and environments within one process. `npm run bench:render [rounds]`
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { bundle, compile } from '../../scripts/bundle.mjs';
import { address, makeHelmChart, makePlatform, output, root } from './platform.mjs';
import { median, pairedRatio, printTable } from './statistics.mjs';

process.chdir(root);
const rounds = Number(process.argv[2] ?? 21);
await bundle();
await compile();
const made = await makePlatform();
const before = loadavg();

console.log(`${describeMachine()}\n`);
console.log(printTable(wholeProcesses(made)));
console.log(`\n${printTable(inProcess(made))}`);
console.log(`\nload average ${print(before[0])} before, ${print(loadavg()[0])} after`);

function wholeProcesses({ platform, program, cold, baseline }) {
  const render = output('node', [program, 'render', ...address], platform);
  const { spec } = JSON.parse(output('node', [program, 'render', ...address, '-o', 'json'], platform));
  const plain = ['node', [baseline, JSON.stringify(spec)], root];
  assert.equal(output(...plain), render, 'plain cdk8s writes other bytes: nothing is timed');
  const commands = {
    'node -e 0': ['node', ['-e', '0'], platform],
    'bivouac render': ['node', [program, 'render', ...address], platform],
    'bivouac render, nothing kept compiled': ['node', [cold.program, 'render', ...address], cold.platform],
    'plain cdk8s, synthYaml': plain,
    ...helm(platform, render),
    'bivouac --help': ['node', [program, '--help'], platform],
    'bivouac list': ['node', [program, 'list'], platform],
  };
  const times = timeInTurn(commands);
  const floor = times['node -e 0'];
  return [
    ['whole process', 'median ms', 'least ms', 'n', '/ node -e 0', '/ plain cdk8s'],
    ...Object.entries(times).map(([name, values]) => [
      name,
      print(median(values)),
      print(Math.min(...values)),
      String(values.length),
      print(pairedRatio(values, floor), 2),
      print(pairedRatio(values, times['plain cdk8s, synthYaml']), 2),
    ]),
    ...(commands['helm template'] === undefined ? [['helm template', 'skipped: no helm', '', '', '', '']] : []),
  ];
}

/** A B C A B C, one warm-up round; milliseconds by command. */
function timeInTurn(commands) {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++)
    for (const [name, [command, args, cwd]] of Object.entries(commands)) {
      const start = process.hrtime.bigint();
      const { status } = spawnSync(command, args, { cwd, stdio: 'ignore' });
      const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
      if (status !== 0) throw new Error(`${name}: exit code ${status}`);
      if (round > 0) times[name].push(milliseconds);
    }
  return times;
}

function helm(platform, yaml) {
  if (spawnSync('helm', ['version']).status !== 0) return {};
  const chart = makeHelmChart(platform, yaml);
  const objects = (text) =>
    parseAllDocuments(text, { version: '1.1' })
      .map((document) => JSON.stringify(document.toJS()))
      .filter((text) => text !== 'null')
      .sort();
  assert.deepEqual(objects(output('helm', ['template', chart], platform)), objects(yaml), 'helm gives other objects');
  return { 'helm template': ['helm', ['template', chart], platform] };
}

function inProcess({ platform, inProcess: script }) {
  const runs = Array.from({ length: 5 }, () =>
    JSON.parse(output('node', [script, join(platform, 'bivouac.yaml'), root], platform)),
  );
  const of = (value) => median(runs.map(value));
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const row = (name, value) => [name, print(of(value), 3), print(Math.min(...runs.map(value)), 3), String(runs.length)];
  const stage = (key) => (run) => median(run.stages[key]);
  return [
    [`one process, ms an environment of ${runs[0].objects} objects`, 'median', 'least', 'n'],
    row('the first, charts loaded', (run) => run.first),
    row('mean of 100', (run) => mean(run.each.slice(0, 100))),
    row('mean of 1,000', (run) => mean(run.each)),
    row('median of 1,000', (run) => median(run.each)),
    row('mean of 1,000, as CPU time of all threads', ({ cpu }) => cpu),
    row('median of the last 200', (run) => median(run.each.slice(-200))),
    row('of it: synthesize', stage('synthesize')),
    row('of it: check', stage('check')),
    row('of it: files (frame, record, README, YAML)', stage('files')),
    row('for comparison: the components by cdk8s’s Yaml.stringify', stage('reference')),
    row('for comparison: the components by JSON.stringify', stage('json')),
  ];
}

function print(value, digits = value < 10 ? 1 : 0) {
  return value.toFixed(digits);
}

function describeMachine() {
  const versionOf = (name) =>
    JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
  const packages = ['cdk8s', 'cdk8s-plus-28', 'constructs', 'yaml', 'zod'].map((name) => `${name} ${versionOf(name)}`);
  return `node ${process.versions.node}, ${availableParallelism()} cores, ${packages.join(', ')}; ${rounds} rounds`;
}
