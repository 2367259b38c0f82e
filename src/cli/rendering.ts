import type { Application, Config, PullRequestRules } from '../config/config.js';
import { decide } from '../decide/decide.js';
import type { Facts } from '../decide/facts.js';
import type { Present } from '../line/plan.js';
import { userError } from '../model/errors.js';
import type { Component } from '../model/manifest.js';
import { nearest } from '../model/nearest.js';
import type { ChartLoader, Synthesis } from '../synth/port.js';

/** What an environment would be, whatever gates stand before it: `render` and `diff` show, they don't decide whether. */
export function presentOf(facts: Facts, config: Config): Present {
  const desired = decide(facts, openGates(config));
  if (desired.kind === 'present') return desired;
  const message = 'message' in desired ? desired.message : desired.reason;
  const where = facts.id.application;
  if (desired.reason === 'WaitingForImages')
    throw userError('WaitingForImages', message, {
      where,
      remedy: 'Give it by --image, or a template for it in bivouac.yaml.',
    });
  throw userError(desired.reason, message, { where });
}

const open: Omit<PullRequestRules, 'forks' | 'charts'> = {
  label: 'optional',
  drafts: true,
  bots: true,
  baseBranches: ['**'],
  paths: ['**'],
};

const openGates = (config: Config): Config => ({
  ...config,
  applications: new Map(
    [...config.applications].map(([name, application]): [typeof name, Application] => [
      name,
      {
        ...application,
        overrides: { ...application.overrides, presets: [...config.presets.keys()] },
        pullRequests: { ...application.pullRequests, ...open },
      },
    ]),
  ),
  limits: { ...config.limits, total: Infinity, perRepository: Infinity, perAuthor: Infinity },
});

/** The components, or an error where somebody typed a name that the chart doesn't have. @throws UserError UnknownComponent */
export async function componentsOf({ spec }: Present, charts: ChartLoader): Promise<readonly Component[]> {
  const synthesis: Synthesis = await (await charts.load(spec.application))(spec);
  const [unknown] = synthesis.unknown;
  if (unknown === undefined) return synthesis.components;
  const meant = nearest(unknown, synthesis.known);
  throw userError('UnknownComponent', `${spec.application} has no component "${unknown}"`, {
    where: '--with, --without',
    remedy: meant === undefined ? `There are: ${synthesis.known.join(', ')}.` : `Did you mean ${meant}?`,
  });
}
