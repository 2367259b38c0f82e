import { directoryOf } from '../model/names.js';
import { printPullRequest } from '../model/pull-request.js';
import { expired, gone, left } from './answers.js';
import { closedGate } from './gates/gates.js';
import { imagesOf, isSuperseded } from './images.js';
import { labels as names, presetLabel } from './labels.js';
import { isRenewed } from './lifetime.js';
import { limitReached } from './limits.js';
import { overrideProblems } from './overrides.js';
import { isWished } from './presets.js';
import { isSameHead, type Question, type Row } from './question.js';
import { goesOn } from './teardown.js';
import { listed, staysAt } from './text.js';

/** A directory that another owner holds is neither written nor removed. */
export const ownedByAnother: Row = ({ facts, record, repositoryId, pullRequest }) => {
  const number = pullRequest === undefined ? '' : String(pullRequest.number);
  if (record === undefined || (record.repositoryId === repositoryId && record.pullRequest === number)) return undefined;
  const owner = `${record.repository}${record.pullRequest === '' ? '' : `#${record.pullRequest}`} (repository id ${record.repositoryId})`;
  const asking = pullRequest === undefined ? 'an environment without a pull request' : printPullRequest(pullRequest);
  return {
    kind: 'rejected',
    reason: 'OwnedByAnother',
    message: `${directoryOf(facts.id)} belongs to ${owner}, not to ${asking} (repository id ${repositoryId}). Nothing was changed. Take that environment down first, or remove its directory by hand.`,
  };
};

/** Closed beats every label. */
export const closed: Row = (question) =>
  question.pullRequest?.state === 'closed'
    ? gone(question, {
        reason: 'Closed',
        proof: { kind: 'closed', merged: question.pullRequest.merged },
        message: `The pull request is ${question.pullRequest.merged ? 'merged' : 'closed'}.`,
      })
    : undefined;

/** The labels say so, or no label says otherwise. */
export const unwanted: Row = (question) => {
  const { pullRequest, labels, application, facts } = question;
  if (pullRequest === undefined) return undefined;
  if (labels.off)
    return gone(question, {
      reason: 'Off',
      proof: { kind: 'label', label: names.off },
      message: `The pull request is labelled ${names.off}. Take the label off to have an environment.`,
    });
  if (labels.expired && !isPushed(question))
    return gone(question, {
      reason: 'Expired',
      proof: { kind: 'label', label: names.expired },
      message: `The environment's lifetime is over. Push a commit, or take the label ${names.expired} off, to have it back.`,
    });
  if (application.pullRequests.label === 'required' && !labels.on)
    return gone(question, {
      reason: 'NotOn',
      proof: { kind: 'no-label', label: names.on },
      message: `Only pull requests labelled ${names.on} get an environment. Add the label to have one.`,
    });
  if (!isWished(question))
    return gone(question, {
      reason: 'NotOn',
      proof: { kind: 'no-label', label: presetLabel(facts.preset) },
      message: `Nobody asks for the preset ${facts.preset}. Label the pull request ${presetLabel(facts.preset)} to have it.`,
    });
  return undefined;
};

/** A push of what is still the head, which Git doesn't hold yet, takes `bivouac:expired` off; a repeated event doesn't. */
const isPushed = (question: Question): boolean =>
  question.facts.hint?.pushed === true && question.facts.hint.headSha === question.head && !isSameHead(question);

/** A gate that closes on a living environment leaves it as it is, as long as it lives. */
export const gated: Row = (question) => {
  const gate = closedGate(question);
  return gate && (goesOn(question) ?? expired(question) ?? left(question, gate));
};

export const lifetimeOver: Row = (question) => {
  const { pullRequest, facts } = question;
  if (pullRequest === undefined && facts.asked === undefined && goesOn(question) !== undefined) return goesOn(question);
  return isSameHead(question) && !isRenewed(question) ? expired(question) : undefined;
};

/** What isn't allowed keeps nothing alive beyond its lifetime either. */
export const notAllowed: Row = (question) => {
  const problems = overrideProblems(question);
  if (problems.length === 0) return undefined;
  const stays = question.record === undefined ? '' : ` ${staysAt(question.record.headSha)}`;
  return (
    goesOn(question) ??
    expired(question) ?? {
      kind: 'rejected',
      reason: 'OverrideNotAllowed',
      message: `What is asked for isn't allowed, or doesn't exist:${problems.map((problem) => `\n- ${problem}`).join('')}\nTake it out, or ask those who keep bivouac.yaml.${stays}`,
    }
  );
};

export const waitingForImages: Row = (question) => {
  if (isSuperseded(question))
    return left(question, {
      reason: 'Superseded',
      message: `The images are for ${question.facts.hint?.headSha?.slice(0, 7)}, and the head is ${question.head.slice(0, 7)} by now. The run for that commit brings its own.`,
    });
  const { missing } = imagesOf(question);
  if (missing.length === 0) return undefined;
  const [first] = missing;
  return left(question, {
    reason: 'WaitingForImages',
    message: `Waiting for ${missing.length === 1 ? 'the image' : 'the images'} ${listed(missing)} of ${question.head.slice(0, 7)}. The job that builds ${missing.length === 1 ? 'it' : 'them'} hands a reference over with --image ${first}=<reference>; or give applications.${question.application.name}.images.${first} a template in bivouac.yaml.`,
  });
};

/** Limits stop new environments only. */
export const overLimit: Row = (question) => {
  const limit = question.record === undefined ? limitReached(question.facts.count, question.config.limits) : undefined;
  return limit === undefined
    ? undefined
    : left(question, {
        reason: 'LimitReached',
        message: `${limit} This one comes with the next push or label once a place is free; closing a pull request, or labelling one ${names.off}, frees one.`,
      });
};
