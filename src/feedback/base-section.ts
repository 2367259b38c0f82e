import type { BaseDifference, Difference, FieldChange } from '../model/difference.js';
import type { Changes } from '../model/outcome.js';
import { shortSha } from '../model/pull-request.js';
import { code, count, fenced, fitLines, folded, plain, table } from './markdown.js';

const listLimit = 20;
const tableBudget = 12_000;
const valueLimit = 120;
/** Containers that say the same, and are named in one row. */
const placeLimit = 6;

/** `2 objects added, 1 changed`; `none`. */
export const countsOf = ({ added, changed, removed }: Changes): string => {
  const parts = [
    { number: added.length, verb: 'added' },
    { number: changed.length, verb: 'changed' },
    { number: removed.length, verb: 'removed' },
  ].filter(({ number }) => number > 0);
  return parts.length === 0
    ? 'none'
    : parts.map(({ number, verb }, index) => `${index === 0 ? count(number, 'object') : number} ${verb}`).join(', ');
};

/** `- added …`, one a line; empty: no object. */
export const namesOf = ({ added, changed, removed }: Changes): string =>
  [...listed('added', added), ...listed('changed', changed), ...listed('removed', removed)].join('\n');

const listed = (verb: string, objects: readonly string[]): readonly string[] => {
  const more = objects.length - listLimit;
  return [
    ...objects.slice(0, listLimit).map((object) => `- ${verb} ${code(object)}`),
    ...(more > 0 ? [`- … and ${more} more ${verb}`] : []),
  ];
};

/** How the environment differs from the one of the base branch: a table, the objects, and the diff, cut to the room there is. */
export const baseSection = (base: BaseDifference, budget: number): string => {
  const of = `${base.branch === '' ? 'the base branch' : code(base.branch, 100)} at ${code(shortSha(base.commit))}`;
  if ('failure' in base) return within(budget, `Not compared with ${of}: ${plain(base.failure, 300)}`);
  const { difference, diff = '' } = base;
  if (isNone(difference))
    return within(
      budget,
      `Nothing differs from ${of} but what every commit changes; both are rendered with the same charts.`,
    );
  const title = `Compared with ${titled(base.branch)} at ${shortSha(base.commit)}: ${countsOf(difference.objects)}`;
  const parts = [fieldsTable(difference, of), namesOf(difference.objects), sameCharts];
  const build = (text: string): string =>
    folded(title, [...parts, text === '' ? '' : fenced(text, 'diff')].filter((part) => part !== '').join('\n\n'));
  const room = budget - build(' ').length - 100;
  return within(
    budget,
    diff === '' || room < 0 ? build('') : build(fitLines(diff, room, 'bivouac diff --against base')),
    build(''),
    title,
  );
};

const sameCharts =
  'Both sides are rendered with the same charts: they differ by `.bivouac.yaml`, labels and images alone. What a change of the charts does shows in the GitOps repository’s commits.';

const isNone = ({ objects: { added, changed, removed } }: Difference): boolean =>
  added.length + changed.length + removed.length === 0;

/** The first text that has room; empty: none has. */
const within = (budget: number, ...texts: readonly string[]): string =>
  texts.find((text) => text.length <= budget) ?? '';

/** A folded section's title is HTML: a name that isn't plain letters stays out of it. */
const titled = (branch: string): string =>
  /^[\w./-]{1,60}$/.test(branch) && !/www\.|\bGH-/i.test(branch) ? branch : 'the base branch';

/** Images, variables and resources that differ, what says the same in one row; empty: none. `of`: the other side, as Markdown. */
export const fieldsTable = ({ fields }: Difference, of: string): string => {
  if (fields.length === 0) return '';
  return table({
    head: ['where', 'what', of, 'here'],
    rows: together(fields).map(({ places, field }) => [
      placesOf(places),
      field.kind === 'variable' ? code(field.name, 100) : plain(field.name, 100),
      ...(field.kind === 'image' ? shortened(field.before, field.after) : [field.before, field.after]).map(valueOf),
    ]),
    budget: tableBudget,
  });
};

interface Row {
  readonly places: readonly string[];
  readonly field: FieldChange;
}

/** Fields that changed alike, by all the places where they did. */
export const together = (fields: readonly FieldChange[]): readonly Row[] => {
  const rows = new Map<string, { places: string[]; field: FieldChange }>();
  for (const field of fields) {
    const key = JSON.stringify([field.kind, field.name, field.before, field.after]);
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { places: [field.where], field });
    else row.places.push(field.where);
  }
  return [...rows.values()];
};

const placesOf = (places: readonly string[]): string => {
  const more = places.length - placeLimit;
  return [
    ...places.slice(0, placeLimit).map((place) => code(place, 100)),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join(', ');
};

/** A comment is narrow: of two versions of one image the last part of its name, and a commit’s first letters. */
const shortened = (before: string | undefined, after: string | undefined): readonly (string | undefined)[] => {
  const [old, now] = [before, after].map((image) => /^(?:.*\/)?[^/:@]+(?=[:@])/.exec(image ?? '')?.[0]);
  if (old === undefined || old !== now) return [before, after];
  const start = old.lastIndexOf('/') + 1;
  return [before, after].map((image) => image?.slice(start).replace(/[0-9a-f]{40,64}/, (id) => `${id.slice(0, 12)}…`));
};

const valueOf = (value: string | undefined): string => (value === undefined ? '–' : code(value, valueLimit));
