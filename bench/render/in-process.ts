import { strict as assert } from 'node:assert';
import { loadConfig } from '../../src/config/load.js';
import type { Config } from '../../src/config/config.js';
import { applicationName } from '../../src/model/names.js';
import { check } from '../../src/policy/check.js';
import { environmentFiles } from '../../src/synth/environment.js';
import { chartLoader } from '../../src/synth/loader/loader.js';
import type { Synthesize } from '../../src/synth/port.js';
import { serialize } from '../../src/synth/serialize.js';
import { Yaml } from 'cdk8s';
import { desiredOf, specOf } from './corpus.js';

/** One fresh process: equal first, then timed. Milliseconds an environment, as JSON on stdout. */
const [file = '', packageDirectory = '', count = '1000'] = process.argv.slice(2);
const config = loadConfig(file);
const loader = chartLoader({ config, packageDirectory, note: (text) => process.stderr.write(`${text}\n`) });
const synthesize = await loader.load(applicationName('shop'));

const first = await time(() => environment(1_000_000, config, synthesize));
const objects = await assertEqual(config, synthesize);
const each: number[] = [];
const before = process.cpuUsage();
for (let number = 1; number <= Number(count); number++)
  each.push(await time(() => environment(number, config, synthesize)));
const { user, system } = process.cpuUsage(before);
const cpu = (user + system) / 1000 / Number(count);
const stages = await measureStages(config, synthesize);
process.stdout.write(JSON.stringify({ first, each, cpu, objects, stages }));

/** Everything from spec to files. */
async function environment(number: number, config: Config, synthesize: Synthesize): Promise<number> {
  const desired = desiredOf(number, config);
  const { components } = await synthesize(desired.spec);
  assert.equal(check(components, { spec: desired.spec, config }).length, 0);
  return environmentFiles({ desired, components, config }).files.size;
}

/** Our bytes are cdk8s's own, for values that the timed rounds don't see. */
async function assertEqual(config: Config, synthesize: Synthesize): Promise<number> {
  let objects = 0;
  for (let number = 2_000_001; number <= 2_000_020; number++) {
    const desired = desiredOf(number, config);
    const { components } = await synthesize(desired.spec);
    for (const { manifests } of components) assert.equal(serialize(manifests), Yaml.stringify(...manifests));
    const fast = environmentFiles({ desired, components, config }).files;
    const reference = environmentFiles({ desired, components, config, serializer: 'reference' }).files;
    assert.deepEqual([...fast], [...reference]);
    objects = [...fast].flatMap(([path, text]) => (path.endsWith('.yaml') ? text.split('\n---\n') : [])).length;
  }
  return objects;
}

/** Where a warm environment's time goes, and the floor under it: its objects as JSON. */
async function measureStages(config: Config, synthesize: Synthesize) {
  const times: Record<'synthesize' | 'check' | 'files' | 'json' | 'reference', number[]> = {
    synthesize: [],
    check: [],
    files: [],
    json: [],
    reference: [],
  };
  const rounds = 200;
  for (let number = 3_000_001; number <= 3_000_000 + rounds; number++) {
    const desired = desiredOf(number, config);
    const spec = specOf(number, config);
    let components: Awaited<ReturnType<Synthesize>>['components'] = [];
    times.synthesize.push(await time(async () => (components = (await synthesize(spec)).components)));
    times.check.push(await time(() => check(components, { spec, config })));
    times.files.push(await time(() => environmentFiles({ desired, components, config })));
    times.json.push(await time(() => JSON.stringify(components)));
    times.reference.push(await time(() => Yaml.stringify(...components.flatMap(({ manifests }) => manifests))));
  }
  return times;
}

async function time(work: () => unknown): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}
