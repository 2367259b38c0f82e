import type { Quota } from './config.js';

/** A preset before its names are minted; lifetime as written, `none` for no end. */
export interface PresetDefaults {
  readonly prefix: string;
  readonly lifetime: string;
  readonly quota: Quota;
}

const small: Quota = { cpu: '1', memory: '2Gi', storage: '10Gi', pods: 20 };

/** What a preset of the platform's own starts from; its prefix is always given. */
export const presetDefaults: Omit<PresetDefaults, 'prefix'> = { lifetime: '7d', quota: small };

/** Lifetimes and sizes of the presets that are always there; bivouac.yaml changes them key by key. */
export const builtInPresets: Readonly<Record<string, PresetDefaults>> = {
  /** For every pull request; small, since there are many. */
  'pull-request': { prefix: 'pr', lifetime: '7d', quota: small },
  /** Measured, hence with room to breathe, and gone the next day. */
  benchmark: { prefix: 'bench', lifetime: '1d', quota: { cpu: '4', memory: '8Gi', storage: '20Gi', pods: 30 } },
  /** A run of tests with browsers and runners beside the application. */
  e2e: { prefix: 'e2e', lifetime: '1d', quota: { cpu: '2', memory: '4Gi', storage: '10Gi', pods: 30 } },
  /** A fix to look at before it goes out. */
  hotfix: { prefix: 'hotfix', lifetime: '3d', quota: small },
  /** A course: two weeks, data of its own. */
  training: { prefix: 'training', lifetime: '14d', quota: small },
  /** For a customer. */
  demo: { prefix: 'demo', lifetime: '30d', quota: small },
};
