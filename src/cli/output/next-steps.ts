import type { RejectedReason } from '../../model/outcome.js';

/** What to do after a refusal, where people read it in a terminal; the message before it has the details. */
export const nextSteps: Readonly<Record<RejectedReason, string>> = {
  PolicyViolation: 'Correct what the rules name.',
  OverrideNotAllowed: 'Ask for what there is and what bivouac.yaml allows under overrides, or have it allow more.',
  OwnedByAnother: 'Remove the other one, or give this one another name: bivouac list shows both.',
  NewerRecord: 'Update this Bivouac.',
  NameTaken: 'Take another name.',
  BundleMismatch: 'Render it again, from the head commit and for the same environment.',
  UntrustedCharts: 'Check out the base branch or the platform repository, or render and publish in two jobs.',
  TooManyRemovals: 'Look whether all of them should go; sweep --allow-removals N removes so many.',
};
