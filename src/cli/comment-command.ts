import { parseDuration } from '../config/duration.js';
import { candidates } from '../decide/candidates.js';
import { mayWrite } from '../decide/fork.js';
import { labels } from '../decide/labels.js';
import { commandHelp, type CommandReading } from '../events/commands/command.js';
import { readCommands } from '../events/commands/parse.js';
import { code, plain } from '../feedback/markdown.js';
import type { Conversation } from '../forges/port.js';
import { effectOf, type LabelChange, needsOn } from '../line/command.js';
import { restateEnvironments } from '../line/restate.js';
import { isBivouacError } from '../model/errors.js';
import { printId } from '../model/names.js';
import type { Outcome } from '../model/outcome.js';
import type { PullRequest, PullRequestRef } from '../model/pull-request.js';
import { reconcile } from '../reconcile.js';
import type { Restatement } from '../synth/restate.js';
import { labelledAs, setLabels } from './labelling.js';
import { pullRequestSubject, type Session } from './session.js';

/** What became of one command: what its author is told, and what Git holds now. */
interface Done {
  /** Absent: an earlier run has said it. */
  readonly ok?: boolean;
  /** Markdown; absent: the reaction says it all. */
  readonly answer?: string;
  readonly outcomes?: readonly Outcome[];
}

/**
 * Does what a comment asks for, up to the reconcile, which the caller does after it: labels are set, and what has another end or state
 * is written. Comments by programs are none of ours, those by people who may not write change nothing. Repeated, it changes nothing more.
 * @throws whatever reading, labelling and publishing throw; an answer that is lost is no failure
 */
export async function runComment(
  ref: PullRequestRef,
  commentId: number,
  session: Session,
): Promise<readonly Outcome[]> {
  const { host, conversation } = session.forge;
  const comment = await conversation?.comment(ref, commentId);
  if (conversation === undefined || comment === undefined || comment.author.bot) return [];
  const readings = readCommands(comment.body);
  if (readings.length === 0) return [];

  const permission = await host.permission(ref.repository, comment.author.login);
  const talk: Talk = { ref, commentId, conversation, claim: claimOnce({ ref, commentId, conversation }) };
  if (!mayWrite(permission)) {
    const answer = 'Commands need write permission on this repository.';
    await acknowledge([{ ok: false, ...(permission === 'triage' && { answer }) }], talk); // strangers get no texts out of us
    return [];
  }
  if (comment.edited) {
    const answer = 'A command counts as it was first written, and this comment was edited. Write a new one.';
    await acknowledge([{ ok: false, answer }], talk);
    return [];
  }
  const pullRequest = await host.read(ref);
  const done: Done[] = [];
  for (const reading of readings) done.push(await runReading(reading, { ref, pullRequest, session, talk }));
  await acknowledge(done, talk);
  return done.flatMap(({ outcomes = [] }) => outcomes);
}

interface Thread {
  readonly ref: PullRequestRef;
  readonly commentId: number;
  readonly conversation: Conversation;
}
type Claim = 'claimed' | 'claimed-before' | 'mute';
interface Talk extends Thread {
  readonly claim: () => Promise<Claim>;
}

interface Asked {
  readonly ref: PullRequestRef;
  readonly pullRequest: PullRequest;
  readonly session: Session;
  readonly talk: Talk;
}

/** What the author can mend is an answer; anything else is a failure. */
async function runReading(reading: CommandReading, asked: Asked): Promise<Done> {
  if (reading.kind === 'unknown')
    return no(`${code(reading.text)} is no command. Did you mean ${code(reading.nearest)}?`);
  try {
    const effect = effectOf(reading.command, parseDuration);
    if (effect.kind === 'help') return { ok: true, answer: help };
    if (asked.pullRequest.state === 'closed') return no('The pull request is closed: reopen it first.');
    switch (effect.kind) {
      case 'labels':
        return await relabel(effect.change, reading.command.kind, asked);
      case 'restate':
        return await restated(effect.how, asked);
      case 'approve':
        return await approved(effect.commit, asked);
    }
  } catch (error) {
    if (!isBivouacError(error) || error.class !== 'UserError') throw error;
    return no([error.message, error.remedy ?? ''].map((text) => plain(text)).join(' '));
  }
}

const no = (answer: string): Done => ({ ok: false, answer });

/** Tried out first: a label that can't be granted would refuse every later run, too. */
async function relabel(change: LabelChange, command: string, asked: Asked): Promise<Done> {
  const { ref, session } = asked;
  if (command === 'down') {
    await setLabels(ref, change, session);
    return { ok: true };
  }
  const outcomes = await rehearsed(change, asked);
  const problems = outcomes.filter(({ reason }) => reason === 'OverrideNotAllowed').map(({ message }) => message);
  if (problems.length > 0) return no([...new Set(problems)].map((text) => plain(text)).join('\n\n'));
  const isOn = command === 'up' && needsOn(outcomes);
  await setLabels(ref, isOn ? { ...change, add: [...change.add, labels.on] } : change, session);
  return { ok: true, ...leftTo(outcomes) };
}

async function rehearsed(change: LabelChange, { ref, session }: Asked): Promise<readonly Outcome[]> {
  const { config, line } = session;
  const subject = pullRequestSubject(ref, session, { candidates: candidates(ref, config), images: {} });
  const results = await reconcile(labelledAs(subject, change), { ...line, mode: 'dry-run' });
  return results.map(({ outcome }) => outcome);
}

/** A reaction alone would promise what another job has to do: this one hasn't the pull request's charts. */
const leftTo = (outcomes: readonly Outcome[]): Pick<Done, 'answer'> => {
  const left = outcomes.find(({ outcome, reason }) => outcome === 'Ignored' && reason === 'ChartsChanged');
  if (left === undefined) return {};
  return { answer: `Noted, and ${plain(left.message)}. To see it, push, or run that job again.` };
};

/**
 * Posts the reply before what may be done only once, since the reply is what keeps another run from doing it again: it is rather not
 * done than done twice. Several commands of a comment have the one. @throws TemporaryError: nothing is done yet, and another run may
 */
const claimOnce = ({ ref, commentId, conversation }: Thread): (() => Promise<Claim>) => {
  const ask = async (): Promise<Claim> => {
    if (await conversation.answered(ref, commentId)) return 'claimed-before';
    try {
      await conversation.answer(ref, { to: commentId, body: claimed });
      return 'claimed';
    } catch (error) {
      if (isBivouacError(error) && error.class === 'RefusedError') return 'mute';
      throw error;
    }
  };
  let claim: Promise<Claim> | undefined;
  return () => (claim ??= ask());
};

const claimed =
  'The end is being moved. If this doesn’t become the new end within a few minutes, something failed: look at the end that the environment has, and write the command in a new comment.';

async function restated(how: Restatement, { ref, pullRequest, session, talk }: Asked): Promise<Done> {
  // an extension counts from the end before it
  const claim = how.kind === 'extend' ? await talk.claim() : 'claimed';
  if (claim === 'claimed-before') return {};
  if (claim === 'mute')
    return no('The end wasn’t moved: Bivouac may not answer here, and so couldn’t tell that it was.');
  const subject = { candidates: candidates(ref, session.config), how, owner: pullRequest };
  const results = await restateEnvironments(subject, session.line);
  if (results.length === 0) return no('There is no environment. `/bivouac up` asks for one.');
  const outcomes = results.map(({ outcome }) => outcome);
  const refused = outcomes.filter(({ outcome }) => outcome === 'Rejected' || outcome === 'Ignored');
  const told = how.kind === 'extend' ? outcomes : refused;
  return {
    ok: refused.length === 0,
    outcomes: outcomes.filter(({ outcome }) => outcome === 'Updated'),
    ...(told.length > 0 && { answer: told.map(inWords).join('\n') }),
  };
}

const inWords = ({ id, message }: Outcome): string => {
  const name = id === undefined ? '' : printId(id);
  return message.startsWith(name) ? `${plain(message)}.` : `${code(name)}: ${plain(message)}.`;
};

/** The reconcile reads approvals by itself; here it is only said what an approval of another commit, or of a part of its id, is worth. */
const approved = async (commit: string, asked: Asked): Promise<Done> => {
  const { headSha } = asked.pullRequest;
  if (headSha === commit) return { ok: true, ...leftTo(await rehearsed({ add: [], remove: [] }, asked)) };
  return no(
    `${headSha.startsWith(commit) ? 'An approval names the whole commit, since another one can be made that begins alike' : `${code(commit.slice(0, 12))} isn’t the head commit`}. The head commit is ${code(headSha)} by now. Look at that one, then write ${code(`/bivouac approve ${headSha}`)}.`,
  );
};

const help = [
  'Each command is a line of its own in a new comment:',
  '',
  ...commandHelp.map(([example, does]) => `- ${code(example)}: ${does}`),
].join('\n');

/** Best effort: what was done is done. */
async function acknowledge(done: readonly Done[], { ref, commentId, conversation }: Thread): Promise<void> {
  const answers = done.flatMap(({ answer }) => answer ?? []);
  const quietly = async (saying: Promise<void>): Promise<void> => {
    await saying.catch((error: unknown) => {
      if (!isBivouacError(error)) throw error;
    });
  };
  if (answers.length > 0) await quietly(conversation.answer(ref, { to: commentId, body: answers.join('\n\n') }));
  const verdicts = done.flatMap(({ ok }) => ok ?? []);
  if (verdicts.length > 0)
    await quietly(conversation.react(ref, commentId, verdicts.every(Boolean) ? '+1' : 'confused'));
}
