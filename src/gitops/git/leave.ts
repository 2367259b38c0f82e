import { sameId } from '../../model/names.js';
import { entryTrailers } from '../queue/entry.js';
import type { CommittedChange, Leaving } from '../port.js';
import { committer, data, printMessage, type Identity } from './fast-import.js';

/** One commit without parents for each change, whose root is the environment's directory; its objects are here already. */
export const entryStream = (
  committed: readonly CommittedChange[],
  { changes, at }: Leaving,
  identity: Identity,
): string => {
  const commits = committed.map(({ id, before, after }, index) => {
    const change = changes.find((each) => sameId(each.id, id));
    const { subject, trailers } = change?.message ?? { subject: 'unknown', trailers: [] };
    const own = entryTrailers({
      ...(before !== undefined && { replaces: before }),
      ...(change?.flux !== undefined && { flux: change.flux }),
    });
    return [
      `commit refs/heads/entry-${index + 1}\n`,
      `mark :${index + 1}\n`,
      committer({ identity, at }),
      data(printMessage({ subject, trailers: [...trailers, ...own] })),
      ...(after === undefined ? [] : [`M 040000 ${after} ""\n`]),
      `\nget-mark :${index + 1}\n`,
    ].join('');
  });
  return `${commits.join('')}done\n`;
};
