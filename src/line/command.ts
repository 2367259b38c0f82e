import { labels, presetLabel, sameLabel, withLabel, withoutLabel } from '../decide/labels.js';
import type { Command } from '../events/commands/command.js';
import type { Outcome } from '../model/outcome.js';
import type { Label } from '../model/pull-request.js';
import type { Restatement } from '../synth/restate.js';

/** Labels are the state: what a command makes of them. */
export interface LabelChange {
  readonly add: readonly Label[];
  readonly remove: readonly Label[];
}

/** What a command does, before the pull request is reconciled. */
export type Effect =
  | { readonly kind: 'labels'; readonly change: LabelChange }
  | { readonly kind: 'restate'; readonly how: Restatement }
  /** Nothing but the reconcile: an approval is read from the comment itself. */
  | { readonly kind: 'approve'; readonly commit: string }
  | { readonly kind: 'help' };

/** @throws whatever `milliseconds` throws for what is no duration */
export const effectOf = (command: Command, milliseconds: (duration: string) => number): Effect => {
  const set = (add: readonly Label[], remove: readonly Label[] = []): Effect => ({
    kind: 'labels',
    change: { add, remove },
  });
  switch (command.kind) {
    case 'up':
      return set([], [labels.off, labels.expired]);
    case 'down':
      return set([labels.off]);
    case 'keep':
      return set([labels.keep]);
    case 'with':
      return set([withLabel(command.component)], [withoutLabel(command.component)]);
    case 'without':
      return set([withoutLabel(command.component)], [withLabel(command.component)]);
    case 'preset':
      return set([presetLabel(command.preset)]);
    case 'extend':
      return { kind: 'restate', how: { kind: 'extend', by: milliseconds(command.duration) } };
    case 'sleep':
    case 'wake':
      return { kind: 'restate', how: { kind: command.kind } };
    case 'approve':
      return { kind: 'approve', commit: command.commit };
    case 'help':
      return { kind: 'help' };
  }
};

/** Labels after a change. */
export const changedLabels = (before: readonly Label[], { add, remove }: LabelChange): readonly Label[] => {
  const kept = before.filter((label) => !isOneOf(remove, label));
  return [...kept, ...add.filter((label) => !isOneOf(kept, label))];
};

/** What of a change is left to do: none of it where the labels are so already. */
export const missingOf = (before: readonly Label[], { add, remove }: LabelChange): LabelChange => ({
  add: add.filter((label) => !isOneOf(before, label)),
  remove: before.filter((label) => isOneOf(remove, label)),
});

const isOneOf = (all: readonly Label[], label: Label): boolean => all.some((each) => sameLabel(each, label));

const opened: readonly Outcome['reason'][] = ['NotOn', 'Draft', 'Bot', 'Paths'];

/** Whether an environment that is wanted needs `bivouac:on`: none would be there without it, and it would open a gate. */
export const needsOn = (rehearsed: readonly Outcome[]): boolean =>
  rehearsed.some(({ reason }) => opened.includes(reason)) &&
  !rehearsed.some(({ outcome }) => outcome === 'Created' || outcome === 'Updated' || outcome === 'Unchanged');
