import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Case } from '../../publish/case.js';

const root = join(import.meta.dirname, '..', '..', '..');

export const cases: readonly Case[] = [
  {
    name: 'action/ is what the sources give',
    run: async () => {
      await promisify(execFile)(process.execPath, ['scripts/action.mjs', '--check'], { cwd: root });
      return undefined;
    },
  },
];
