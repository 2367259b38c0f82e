import type { Clock } from '../../src/model/clock.js';
import type { FileTree } from '../../src/model/manifest.js';
import { parseId } from '../../src/model/names.js';
import type { Change } from '../../src/gitops/port.js';
import { filesOf } from '../git/fixture.js';

/** Time that passes only by waiting; `waits` holds what was waited for, in milliseconds. */
export const fakeClock = (random: () => number = () => 0.5): Clock & { readonly waits: number[] } => {
  const waits: number[] = [];
  const start = Date.UTC(2026, 10, 23, 10, 4, 5);
  return {
    waits,
    now: () => new Date(start + waits.reduce((sum, each) => sum + each, 0)),
    wait: (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
    random,
  };
};

/** Real waiting, for races. */
export const realClock = (): Clock => ({
  now: () => new Date(),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: Math.random,
});

/** As a fixture environment of that name and version. */
export const tree = (name: string, version = '1'): FileTree => new Map(Object.entries(filesOf(name, version)));

export const change = (name: string, files: FileTree, flux?: string): Change => ({
  id: parseId(name),
  files,
  ...(flux !== undefined && { flux }),
  message: {
    subject: `${name}: ${files.size === 0 ? 'remove (closed)' : 'update to 1a2b3c4 (acme/shop#42)'}`,
    trailers: [['Bivouac-Environment', name]],
  },
});

export const nothing: FileTree = new Map();
