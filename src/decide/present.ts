import type { EnvironmentSpec, EnvironmentState } from '../model/environment.js';
import { joinedName } from '../model/names.js';
import type { DesiredEnvironment } from './facts.js';
import { imagesOf } from './images.js';
import { deployedAt, expiresAt } from './lifetime.js';
import { isSameHead, type Question } from './question.js';
import { selectionOf } from './selection.js';
import { sortedByKey } from './sorted.js';

/** The last row: the environment as it should be. */
export const present = (question: Question): DesiredEnvironment => {
  const end = expiresAt(question);
  return {
    kind: 'present',
    spec: specOf(question),
    repositoryId: question.repositoryId,
    deployedAt: deployedAt(question),
    ...(end === undefined ? {} : { expiresAt: end }),
    revives: question.labels.expired,
  };
};

/** A function of facts and configuration in which neither time nor the order of anything shows. */
const specOf = (question: Question): EnvironmentSpec => {
  const { facts, config, application, preset, override, pullRequest } = question;
  return {
    application: facts.id.application,
    environment: facts.id.environment,
    name: joinedName(facts.id),
    preset: facts.preset,
    cluster: config.cluster.name,
    domain: config.domain,
    exposure: { ...config.cluster.exposure, annotations: sortedByKey(config.cluster.exposure.annotations) },
    repository: question.repository,
    pullRequest: pullRequest === undefined ? '' : String(pullRequest.number),
    headSha: question.head,
    state: stateOf(question),
    ...selectionOf(question),
    images: imagesOf(question).images,
    variables: sortedByKey({ ...application.variables, ...preset?.variables, ...override?.variables }),
  };
};

/** A new head wakes a sleeping one; what was being torn down and is wanted again comes back. */
const stateOf = (question: Question): EnvironmentState =>
  question.record?.state === 'asleep' && isSameHead(question) ? 'asleep' : 'active';
