/** `dirs` is a `**` with its slash: any number of whole segments, none included. */
type Token =
  { readonly kind: 'literal'; readonly character: string } | { readonly kind: 'one' | 'segment' | 'across' | 'dirs' };

/**
 * A matcher for any of the patterns: `*` within a segment, `**` across, `?` one character, all else itself.
 * Takes time proportional to pattern times text, whatever they hold: no backtracking.
 */
export const compileGlobs = (patterns: readonly string[]): ((text: string) => boolean) => {
  if (patterns.includes('**')) return () => true;
  const compiled = patterns.map(tokensOf);
  return (text) => {
    const characters = [...text];
    return compiled.some((tokens) => matches(tokens, characters));
  };
};

const tokensOf = (pattern: string): readonly Token[] =>
  [...pattern.matchAll(/(?<=^|\/)\*{2,}\/|\*{2,}|[^]/gu)].map(([part]): Token => {
    if (part === '*') return { kind: 'segment' };
    if (part === '?') return { kind: 'one' };
    if (!part.startsWith('*')) return { kind: 'literal', character: part };
    return { kind: part.endsWith('/') ? 'dirs' : 'across' };
  });

/** Every position that the text so far may have reached, as a set: two for each token, the odd one inside a segment of `dirs`. */
const matches = (tokens: readonly Token[], characters: readonly string[]): boolean => {
  let reached = new Set<number>();
  enter(0, tokens, reached);
  for (const character of characters) {
    const next = new Set<number>();
    for (const state of reached) step(state, character, { tokens, next });
    if (next.size === 0) return false;
    reached = next;
  }
  return reached.has(tokens.length * 2);
};

/** Stars and `dirs` may match nothing: being before one is being after it, too. */
const enter = (state: number, tokens: readonly Token[], reached: Set<number>): void => {
  for (let at = state; !reached.has(at); at += 2) {
    reached.add(at);
    const kind = tokens[at / 2]?.kind;
    if (kind === undefined || kind === 'literal' || kind === 'one') return;
  }
};

const step = (
  state: number,
  character: string,
  { tokens, next }: { readonly tokens: readonly Token[]; readonly next: Set<number> },
): void => {
  const before = state - (state % 2);
  const token = tokens[before / 2];
  const slash = character === '/';
  if (token === undefined) return;
  if (token.kind === 'literal' ? token.character === character : token.kind === 'one' && !slash)
    enter(before + 2, tokens, next);
  if (token.kind === 'across' || (token.kind === 'segment' && !slash)) enter(before, tokens, next);
  if (token.kind === 'dirs') {
    if (slash) enter(before, tokens, next);
    else next.add(before + 1);
  }
};
