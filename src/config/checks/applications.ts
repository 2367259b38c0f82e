import { nearest } from '../../model/nearest.js';
import { allPresets, type Filled } from '../filled.js';
import { type Finding, quote } from '../issue.js';
import { builtInPresets } from '../presets.js';
import { hasPlaceholder } from '../rules.js';
import { type FilledApplication, imageOf, repositoryOf } from '../schema-application.js';

/** What must fit together within one application, and presets. */
export const checkApplications = (filled: Filled): readonly Finding[] => [
  ...Object.entries(filled.applications).flatMap(([name, application]) => [
    ...repositoryFindings(name, application),
    ...Object.keys(application.images).flatMap((image) =>
      imageFindings(['applications', name, 'images', image], application),
    ),
    ...presetFindings(name, application, filled),
  ]),
  ...ownPresets(filled),
];

const repositoryFindings = (name: string, application: FilledApplication): readonly Finding[] => {
  const repositories = application.repositories.map(repositoryOf);
  return repositories.flatMap((repository, i): readonly Finding[] => {
    const path = ['applications', name, 'repositories', i];
    const twin = repositories.findIndex((other) => other.name.toLowerCase() === repository.name.toLowerCase());
    if (twin < i)
      return [{ path, message: `${quote(repository.name)} is there twice.`, remedy: 'Remove one of them.' }];
    if (i === 0 && repository.prefix !== undefined)
      return [
        {
          path: [...path, 'prefix'],
          message: 'the first repository has no prefix.',
          remedy: 'Remove it: its environments are pr-42.',
        },
      ];
    if (i > 0 && repository.prefix === undefined)
      return [
        {
          path,
          message: 'every repository but the first needs a prefix.',
          remedy: `Write { name: ${repository.name}, prefix: … }.`,
        },
      ];
    return [];
  });
};

const imageFindings = (path: readonly string[], application: FilledApplication): readonly Finding[] => {
  const written = application.images[path.at(-1) ?? ''];
  if (written === undefined) return [];
  const { image, repository, otherwise } = imageOf(written);
  const repositories = application.repositories.map((one) => repositoryOf(one).name);
  const findings: Finding[] = [];
  if (repository !== undefined && !repositories.includes(repository))
    findings.push({
      path: [...path, 'repository'],
      message: `${quote(repository)} is none of this application’s repositories.`,
      remedy: `There are ${repositories.join(', ')}.`,
    });
  if (otherwise !== undefined && repository === undefined)
    findings.push({
      path,
      message: '"otherwise" needs "repository".',
      remedy: 'Say whose pull requests build the image.',
    });
  if (otherwise !== undefined && hasPlaceholder(otherwise))
    findings.push({
      path: [...path, 'otherwise'],
      message: 'the other repositories’ pull requests build no such image.',
      remedy: 'Write a reference without placeholders, e.g. with the tag of the main branch.',
    });
  const shared = repositories.length > 1 && image !== undefined && hasPlaceholder(image);
  if (shared && (repository === undefined || otherwise === undefined))
    findings.push({
      path,
      message: 'with several repositories a placeholder needs "repository" and "otherwise".',
      remedy: `Write { image: '${image}', repository: ${repositories[0] ?? ''}, otherwise: … }.`,
    });
  return findings;
};

const presetFindings = (name: string, application: FilledApplication, filled: Filled): readonly Finding[] => {
  const known = [...new Set([...Object.keys(builtInPresets), ...Object.keys(filled.presets)])];
  return application.overrides.presets.flatMap((preset, i) => {
    if (known.includes(preset)) return [];
    const near = nearest(preset, known);
    return [
      {
        path: ['applications', name, 'overrides', 'presets', i],
        message: `there is no preset ${quote(preset)}.`,
        remedy: near === undefined ? `There are ${known.join(', ')}.` : `Did you mean ${quote(near)}?`,
      },
    ];
  });
};

const ownPresets = (filled: Filled): readonly Finding[] => {
  const complete = allPresets(filled.presets);
  return Object.keys(filled.presets)
    .filter((name) => !complete.has(name))
    .map((name) => ({
      path: ['presets', name],
      message: 'a preset of your own needs a prefix.',
      remedy: 'Add one, e.g. `prefix: load`: environments are then load-42.',
    }));
};
