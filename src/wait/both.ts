import type { Controller } from '../controllers/port.js';
import type { RemainingPart, Remains } from '../model/deployment.js';

/** Two ways to look: the first shows the status, the second what of the remains the first can't see. */
export const lookingBothWays = (first: Controller, second: Controller): Controller => ({
  ...first,
  remains: async (id) => {
    const [mine, rest] = await Promise.all([first.remains(id), second.remains(id)]);
    return joined(mine, rest);
  },
});

const joined = (first: Remains, second: Remains): Remains => {
  const isBlind = (kind: RemainingPart['kind']): boolean =>
    first.parts.every((part) => part.kind !== kind || part.presence === 'unread');
  const kinds = new Set([...first.parts, ...second.parts].map(({ kind }) => kind));
  const parts = [...kinds].flatMap((kind) => {
    const seen = second.parts.filter((part) => part.kind === kind);
    return isBlind(kind) && seen.length > 0 ? seen : first.parts.filter((part) => part.kind === kind);
  });
  const known = new Set(first.causes.map(({ kind, object }) => `${kind} ${object}`));
  return {
    parts,
    causes: [...first.causes, ...second.causes.filter(({ kind, object }) => !known.has(`${kind} ${object}`))],
  };
};
