import type { Config } from '../config/config.js';
import type { Candidate, DesiredEnvironment, Facts } from '../decide/facts.js';
import { foreignDirectory, nameTaken, newerRecord } from '../decide/refusals.js';
import type { Base, Change } from '../gitops/port.js';
import type { EnvironmentRecord, EnvironmentSpec } from '../model/environment.js';
import type { Component } from '../model/manifest.js';
import type { ComponentName } from '../model/names.js';
import { printId } from '../model/names.js';
import type { RejectedReason, Violation } from '../model/outcome.js';
import { check } from '../policy/check.js';
import { environmentFiles } from '../synth/environment.js';
import { parseRecord } from '../synth/record.js';
import type { Serializer } from '../synth/serialize.js';
import type { Synthesis } from '../synth/port.js';
import { type Leaving, type WayOut, wayOut } from './removal.js';
import type { Truth } from './truth.js';
import { isBivouacError } from '../model/errors.js';

/** What is to be done about one environment: a value, complete for the steps after it. */
export type Plan = PlanFacts &
  (
    | {
        readonly kind: 'write';
        readonly desired: Present;
        readonly rendering: Rendering;
        /** What it was decided from; absent: restated from what Git holds. */
        readonly facts?: Facts;
      }
    | ({ readonly kind: 'remove'; readonly desired: Extract<DesiredEnvironment, { kind: 'absent' }> } & WayOut)
    | { readonly kind: 'leave'; readonly desired: Extract<DesiredEnvironment, { kind: 'ignored' }> }
    | {
        readonly kind: 'refuse';
        readonly reason: RejectedReason;
        readonly message: string;
        readonly violations: readonly Violation[];
      }
  );

type Refused = Extract<Plan, { kind: 'refuse' }>;

/** With what Git holds, where it holds something. */
export interface PlanFacts extends Leaving {
  readonly candidate: Candidate;
}

export type Present = Extract<DesiredEnvironment, { kind: 'present' }>;

export interface Rendering {
  readonly components: readonly Component[];
  readonly files: Change['files'];
  readonly record: EnvironmentRecord;
  /** Names that were asked for and that this application doesn't have. */
  readonly unknown: readonly ComponentName[];
  readonly known: readonly ComponentName[];
  readonly warnings: readonly Violation[];
}

/** Makes components of a spec: a chart, or a bundle that was made elsewhere. A value instead of components refuses or ignores. */
export type Render = (spec: EnvironmentSpec) => Promise<Synthesis | Refusal>;
export type Refusal =
  | { readonly kind: 'rejected'; readonly reason: RejectedReason; readonly message: string }
  | { readonly kind: 'ignored'; readonly reason: 'Superseded' | 'ChartsChanged'; readonly message: string };

/** What Git holds, or why the directory must be left alone. */
export type Stored = PlanFacts | { readonly refused: Refused };

/** The record that Git holds, or why the directory must be left alone. */
export function readStored(candidate: Candidate, base: Base): Stored {
  const { id } = candidate;
  const stored = base.environments.get(printId(id));
  const facts: PlanFacts = { candidate, ...(stored !== undefined && { stored }) };
  const refused = ({ reason, message }: Pick<Refused, 'reason' | 'message'>) => ({
    refused: { ...facts, kind: 'refuse' as const, reason, message, violations: [] },
  });

  const taken = nameTaken(id, base.names);
  if (taken !== undefined) return refused(taken);
  if (stored === undefined) return facts;
  const text = stored.files.get('environment.json');
  if (text === undefined) return refused(foreignDirectory(id, 'it holds no environment.json'));
  const read = parseRecord(text);
  switch (read.kind) {
    case 'record':
      return { ...facts, record: read.record };
    case 'newer':
      return refused(newerRecord(id, read.schemaVersion));
    case 'unreadable':
      return refused(foreignDirectory(id, `its environment.json can’t be read: ${read.problem}`));
  }
}

export interface PlanContext {
  readonly config: Config;
  readonly render: Render;
  readonly decide: (facts: Facts, config: Config) => DesiredEnvironment;
  readonly refusal?: NonNullable<Truth['refusal']>;
  readonly serializer: Serializer;
}

/** Decide, synthesize, check, lay out: one environment. */
export async function planEnvironment(facts: Facts, of: PlanFacts, context: PlanContext): Promise<Plan> {
  const { config, render } = context;
  const desired = context.decide(facts, config);
  const refuse = (reason: RejectedReason, message: string, violations: readonly Violation[] = []): Plan => ({
    ...of,
    kind: 'refuse',
    reason,
    message,
    violations,
  });

  const removalOf = (absent: Extract<DesiredEnvironment, { kind: 'absent' }>): Plan => {
    const out = wayOut(of, { now: facts.now, forge: config.forge, serializer: context.serializer });
    if (typeof out !== 'string') return { ...of, ...out, kind: 'remove', desired: absent };
    return { ...of, kind: 'leave', desired: { kind: 'ignored', reason: 'TearingDown', message: out } };
  };

  switch (desired.kind) {
    case 'absent':
      // an override that can't be read proves nothing about the preset it may have asked for
      return context.refusal?.reason === 'OverrideNotAllowed' && desired.proof.kind === 'no-label'
        ? refuse(context.refusal.reason, context.refusal.message)
        : removalOf(desired);
    case 'ignored':
      return { ...of, kind: 'leave', desired };
    case 'rejected':
      return refuse(desired.reason, desired.message);
    case 'present':
      break;
  }
  if (context.refusal !== undefined) return refuse(context.refusal.reason, context.refusal.message);

  const synthesis = await synthesized(desired.spec, render);
  if ('kind' in synthesis) {
    if (synthesis.kind === 'rejected') return refuse(synthesis.reason, synthesis.message);
    return { ...of, kind: 'leave', desired: synthesis };
  }
  const { components, unknown, known } = synthesis;
  const violations = check(components, { spec: desired.spec, config });
  const errors = violations.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    return refuse(
      'PolicyViolation',
      `${errors.length} ${errors.length === 1 ? 'violation' : 'violations'}: ${of.stored === undefined ? 'nothing was deployed' : 'the last good version stays'}`,
      violations,
    );
  const { files, record } = environmentFiles({ desired, components, config, serializer: context.serializer });
  const warnings = violations.filter(({ severity }) => severity === 'warning');
  return { ...of, kind: 'write', desired, facts, rendering: { components, files, record, unknown, known, warnings } };
}

/** What the pull request's author asked for and can't have is an answer; anything else that a chart throws is a failure. */
async function synthesized(spec: EnvironmentSpec, render: Render): Promise<Synthesis | Refusal> {
  try {
    return await render(spec);
  } catch (error) {
    if (isBivouacError(error) && error.code === 'ComponentNeeded')
      return { kind: 'rejected', reason: 'OverrideNotAllowed', message: error.message };
    throw error;
  }
}
