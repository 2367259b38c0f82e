import type { Config } from '../../config/config.js';
import type { Manifest } from '../../model/manifest.js';
import { listAt, type Loose, notice, type Notice, type Reading, textAt, valueAt } from '../notice.js';
import { fluxObjects } from './objects.js';

/** Flux's two objects as they are installed. */
export interface InstalledFlux {
  readonly source: Reading<Loose>;
  readonly kustomization: Reading<Loose>;
}

const fields = {
  source: [
    { at: ['spec', 'url'], means: 'reads another repository' },
    { at: ['spec', 'ref'], means: 'reads another branch' },
  ],
  kustomization: [
    { at: ['spec', 'path'], means: 'applies another path' },
    { at: ['spec', 'prune'], means: 'leaves environments behind' },
    { at: ['spec', 'sourceRef', 'name'], means: 'reads another source' },
  ],
} as const;

/** Flux's two objects against what this version expects, and their own words when they aren't ready. */
export const compareFlux = (config: Pick<Config, 'gitops'>, installed: InstalledFlux): readonly Notice[] => {
  const [source, kustomization] = fluxObjects(config);
  return [
    ...compare('source', source!, installed.source),
    ...compare('kustomization', kustomization!, installed.kustomization),
  ];
};

const compare = (which: keyof typeof fields, expected: Manifest, read: Reading<Loose>): readonly Notice[] => {
  const { kind } = expected;
  const { name } = expected.metadata;
  const remedy = 'As an administrator: bivouac init gitops --controller flux | kubectl apply -f -';
  if ('unread' in read) return [notice.skipped(kind, `${name}: not looked at, ${read.unread}`)];
  if (read.value === undefined) return [notice.problem(kind, `${name} isn’t installed`, remedy)];
  const { value } = read;
  const different = fields[which].filter(({ at }) => shown(valueAt(expected, at)) !== shown(valueAt(value, at)));
  const ready = listAt(value, ['status', 'conditions']).find((each) => textAt(each, ['type']) === 'Ready');
  const found = [
    ...different.map(({ at, means }) =>
      notice.problem(
        kind,
        `${name} ${means}: ${at.join('.')} is ${shown(valueAt(value, at))}, expected ${shown(valueAt(expected, at))}`,
        remedy,
      ),
    ),
    ...(textAt(ready, ['status']) === 'False'
      ? [
          notice.problem(
            kind,
            `${name} isn’t ready: ${textAt(ready, ['message'])}`,
            'Act on the message: repository, branch, credentials.',
          ),
        ]
      : []),
  ];
  return found.length > 0 ? found : [notice.ok(kind, `${name} is as it should be`)];
};

const shown = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value));
