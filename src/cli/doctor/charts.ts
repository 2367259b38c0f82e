import type { Application, Config } from '../../config/config.js';
import { commitSha, pullRequestNumber } from '../../model/pull-request.js';
import { candidates } from '../../decide/candidates.js';
import { check } from '../../policy/check.js';
import { checkRepeatable } from '../../policy/repeatable.js';
import type { ApplicationName, ComponentName } from '../../model/names.js';
import type { ChartLoader } from '../../synth/port.js';
import { withoutImageFlag } from '../image-remedy.js';
import { imagined, uncounted } from '../imagined.js';
import type { Context } from '../context.js';
import { presentOf } from '../rendering.js';
import { chartsOf } from '../wire.js';
import { type Finding, finding, ok, problem } from './finding.js';

/** Every chart loads, renders a pull request with all of its components, and keeps the rules; no two share a host. */
export async function examineCharts(config: Config, context: Context): Promise<readonly Finding[]> {
  const loaded = await finding('charts', async () => {
    await chartsOf(config, context);
    return ok('charts', 'can be loaded');
  });
  if (loaded.some(({ status }) => status === 'problem')) return loaded;
  const loader = await chartsOf(config, context);
  const components = new Map<ApplicationName, readonly ComponentName[]>();
  const findings: Finding[] = [];
  for (const application of config.applications.values())
    findings.push(
      ...(await finding(`chart ${application.name}`, async () => {
        const { known, found } = await examineChart(application, { config, loader }).catch((error: unknown) => {
          throw withoutImageFlag(error);
        });
        components.set(application.name, known);
        return found;
      })),
    );
  return [...findings, ...equalHosts(components)];
}

async function examineChart(
  { name, repositories, images }: Application,
  { config, loader }: { readonly config: Config; readonly loader: ChartLoader },
): Promise<{ readonly known: readonly ComponentName[]; readonly found: readonly Finding[] }> {
  const ref = { repository: repositories[0]!.name, number: pullRequestNumber(1), forge: config.forge.kind };
  const candidate = candidates(ref, config).find(({ id }) => id.application === name)!;
  const headSha = commitSha('0123456789abcdef0123456789abcdef01234567');
  const desired = presentOf(
    {
      ...candidate,
      pullRequest: imagined(ref, headSha),
      approvals: [],
      images: Object.fromEntries(Object.keys(images).map((image) => [image, `registry.example.com/${image}:1`])),
      count: uncounted,
      now: new Date(0),
    },
    config,
  );
  const synthesize = await loader.load(name);
  const { known } = await synthesize(desired.spec);
  const everything = { ...desired.spec, with: known };
  const [whole, again] = [await synthesize(everything), await synthesize(everything)];
  // the stand-in images are of no registry that anyone configured
  const violations = check(whole.components, {
    spec: desired.spec,
    config: { ...config, policy: withoutRegistries(config) },
  });
  const unsteady = checkRepeatable(whole.components, again.components);
  const found = [...violations, ...unsteady].map(({ rule, object, field, message, remedy }) =>
    problem(`chart ${name}`, `${rule}: ${object} ${field}: ${message}`, remedy),
  );
  return { known, found: found.length > 0 ? found : [ok(`chart ${name}`, `components ${known.join(', ')}`)] };
}

const withoutRegistries = ({ policy: { registries: _registries, ...policy } }: Config): Config['policy'] => ({
  ...policy,
  images: 'any',
});

/** `<application>` and `<component>-<application>` are the hosts' first words: no two may be equal. */
function equalHosts(components: ReadonlyMap<ApplicationName, readonly ComponentName[]>): readonly Finding[] {
  const words = [...components].flatMap(([application, names]) => [
    { word: application, of: `application ${application}` },
    ...names.map((name) => ({ word: `${name}-${application}`, of: `component ${name} of ${application}` })),
  ]);
  const equal = words.filter(({ word }, index) => words.findIndex((other) => other.word === word) !== index);
  if (equal.length === 0) return [ok('hosts', `${words.length} names, all different`)];
  return equal.map(({ word, of }) =>
    problem(
      'hosts',
      `${of} and ${words.find((other) => other.word === word)!.of} would have the same host ${word}-…`,
      'Rename one of them.',
    ),
  );
}
