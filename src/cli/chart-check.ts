import type { Config } from '../config/config.js';
import { candidates } from '../decide/candidates.js';
import type { Images } from '../model/environment.js';
import { commitSha, pullRequestNumber } from '../model/pull-request.js';
import type { ChartLoader } from '../synth/port.js';
import { imagined, uncounted } from './imagined.js';
import { presentOf } from './rendering.js';

/** Each chart loads, and renders a pull request: what fails here would fail for everybody. */
export async function checkCharts(config: Config, charts: ChartLoader): Promise<void> {
  const headSha = commitSha('0123456789abcdef0123456789abcdef01234567');
  for (const { name, repositories, images } of config.applications.values()) {
    const synthesize = await charts.load(name);
    const repository = repositories[0]?.name;
    if (repository === undefined) continue;
    const ref = { repository, number: pullRequestNumber(1), forge: config.forge.kind };
    const candidate = candidates(ref, config).find(({ id }) => id.application === name);
    if (candidate === undefined) continue;
    const references = Object.keys(images).map((image) => [image, `registry.example.com/${image}:1`]);
    const facts = {
      ...candidate,
      pullRequest: imagined(ref, headSha),
      approvals: [],
      images: Object.fromEntries(references) as Images,
    };
    await synthesize(presentOf({ ...facts, count: uncounted, now: new Date(0) }, config).spec);
  }
}
