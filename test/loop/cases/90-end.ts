// The service had nothing to complain of, showed no secret, and ends when it is told to; then the times, and everything is taken down.
import { writeFileSync } from 'node:fs';
import type { Case } from '../../publish/case.js';
import { demand } from '../../publish/faults/proof.js';
import { madeLoop } from '../loop.js';
import { printTimes } from '../times.js';

export const cases: readonly Case[] = [
  {
    name: 'the service had nothing to complain of, showed no secret, and ends when told to',
    run: async () => {
      const loop = await madeLoop();
      if (loop === undefined) throw new Error('there is none');
      const { service, bot, publisher } = loop;
      const code = await service.stop();
      demand(code === 0, `it ended with ${code}`);
      for (const { token } of [bot, publisher]) demand(!service.printed().includes(token), 'a token shows in its log');
      demand(service.complaints().length === 0, service.complaints().join('\n'));
      return undefined;
    },
  },
];

export const end = async (): Promise<void> => {
  const loop = await madeLoop();
  if (loop === undefined) return;
  await loop.service.stop();
  const log = process.env['LOOP_LOG'] ?? '';
  if (log !== '') writeFileSync(log, loop.service.printed());
  await loop.end().catch((error: unknown) => console.log(`left behind: ${String(error)}`));
  const times = printTimes();
  if (times !== '') console.log(`\n${times}`);
};
