import * as z from 'zod';
import { durationField, mapOf, text, variablesField } from './fields.js';
import { exportRule, imageRule, prefixRule, presetRule, repositoryRule, variableRule } from './rules.js';
import { pullRequestShape } from './schema-pull-requests.js';

const repositoryField = text(repositoryRule).describe('owner/name');

const repository = z.union([
  repositoryField,
  z.strictObject({
    name: repositoryField,
    prefix: text(prefixRule).optional().describe('Of every repository but the first: api makes api-pr-42.'),
  }),
]);

const image = z.union([
  text(imageRule),
  z.strictObject({
    image: text(imageRule).optional().describe('Absent: arrives by --image alone.'),
    repository: text(repositoryRule).optional().describe('Whose pull requests build it.'),
    otherwise: text(imageRule).optional().describe('For the pull requests of the other repositories.'),
  }),
]);

const overrides = z.strictObject({
  components: z.boolean().default(true).describe('Whether components may be added and taken out.'),
  variables: z.array(text(variableRule)).max(200).default([]).describe('Variables that may be changed.'),
  lifetime: durationField.default('14d').describe('Longest that may be asked for.'),
  keep: z.boolean().default(true).describe('Whether bivouac:keep may lift the lifetime.'),
  presets: z.array(text(presetRule)).max(50).default(['pull-request']).describe('Presets that may be asked for.'),
});

export const applicationSchema = z.strictObject({
  chart: text(exportRule).describe('The file of its one exported EnvironmentChart; several: charts/shop.ts#Shop.'),
  repositories: z.array(repository).min(1).max(100).describe('Whose pull requests concern it. The first: pr-42.'),
  images: mapOf(image).default({}).describe('By the names that charts pass to this.image(). {headSha}, {number}.'),
  pullRequests: z.strictObject(pullRequestShape.optional).default({}).describe('Over the platform’s, for this one.'),
  variables: variablesField.default({}).describe('Handed to every component.'),
  overrides: overrides.prefault({}).describe('What .bivouac.yaml, labels and comments may change.'),
});

export type FilledApplication = z.output<typeof applicationSchema>;

/** A repository as written, in one form. */
export const repositoryOf = (
  written: FilledApplication['repositories'][number],
): { name: string; prefix?: string | undefined } => (typeof written === 'string' ? { name: written } : written);

/** An image as written, in one form. */
export const imageOf = (
  written: FilledApplication['images'][string],
): { image?: string | undefined; repository?: string | undefined; otherwise?: string | undefined } =>
  typeof written === 'string' ? { image: written } : written;
