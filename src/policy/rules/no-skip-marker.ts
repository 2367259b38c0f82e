import type { Rule } from '../rule.js';

const marker = '+argocd:skip-file-rendering';

/** Refuses the text `+argocd:skip-file-rendering` anywhere: Argo CD drops the whole file in silence. */
export const noSkipMarker: Rule = {
  name: 'no-skip-marker',
  *object({ texts }) {
    for (const { text, field } of texts)
      if (text.includes(marker))
        yield {
          field,
          message: `the text ${marker} makes Argo CD drop the whole file in silence`,
          remedy: 'Write it in two parts, or leave it out.',
        };
  },
};
