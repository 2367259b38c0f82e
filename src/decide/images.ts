import type { Application, ImageSource } from '../config/config.js';
import type { Images } from '../model/environment.js';
import { userError } from '../model/errors.js';
import { sameRepository } from './candidates.js';
import { isSameHead, type Question } from './question.js';
import { sortedByKey, sortedUnique } from './sorted.js';
import { didYouMean, quote } from './text.js';

/** `missing` are names without a reference yet, sorted. */
export interface ImagesFound {
  readonly images: Images;
  readonly missing: readonly string[];
}

/** Each of the application's images: from a flag, else the record of the same head, else the template. */
export const imagesOf = (question: Question): ImagesFound => {
  const sources = Object.entries(question.application.images);
  const found = sources.map(([name, source]) => [name, referenceOf(name, source, question)] as const);
  return {
    images: sortedByKey(Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined))),
    missing: sortedUnique(found.filter(([, reference]) => reference === undefined).map(([name]) => name)),
  };
};

const referenceOf = (name: string, source: ImageSource, question: Question): string | undefined =>
  own(question.facts.images, name) ??
  (isSameHead(question) ? own(question.record?.images ?? {}, name) : undefined) ??
  fill(templateFor(source, question), question);

/** An image may be called `constructor`. */
const own = (images: Images, name: string): string | undefined =>
  Object.hasOwn(images, name) ? images[name] : undefined;

/** With several repositories, only the one that builds an image has it at its head commit. */
const templateFor = ({ template, repository, otherwise }: ImageSource, question: Question): string | undefined =>
  repository === undefined || sameRepository(repository, question.repository) ? template : otherwise;

const fill = (template: string | undefined, { pullRequest, head }: Question): string | undefined => {
  if (template === undefined) return undefined;
  // Without a pull request there is no number: the reference has to come by flag.
  if (pullRequest === undefined && template.includes('{number}')) return undefined;
  return template.replaceAll('{headSha}', head).replaceAll('{number}', String(pullRequest?.number));
};

/** Whether flags bring images of a commit that isn't the head (any more): they mustn't run under another one. */
export const isSuperseded = ({ facts, head }: Question): boolean =>
  Object.keys(facts.images).length > 0 && facts.hint?.headSha !== undefined && facts.hint.headSha !== head;

/**
 * Every name behind `--image` must be an image of one of the applications.
 * @throws UserError UnknownImage, with the nearest name
 */
export const assertKnownImages = (images: Images, applications: readonly Application[]): void => {
  const known = sortedUnique(applications.flatMap((application) => Object.keys(application.images)));
  const unknown = Object.keys(images).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const texts = unknown.map((name) => `There is no image ${quote(name)}.${didYouMean(name, known)}`);
  throw userError('UnknownImage', texts.join(' '), {
    where: '--image',
    remedy: known.length === 0 ? 'No images are configured.' : `Images in bivouac.yaml: ${known.join(', ')}.`,
  });
};
