import * as z from 'zod';
import { overrideSchema } from './override.js';
import { configSchema } from './schema.js';

/** A JSON Schema as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const published = (schema: z.ZodType, title: string): JsonSchema => ({
  ...(z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }) as JsonSchema),
  title,
});

/** For editors: bivouac.yaml and bivouac.json. Draft 7, which all of them read. */
export const configJsonSchema = (): JsonSchema => published(configSchema, 'bivouac.yaml: the platform’s configuration');

/** For editors: .bivouac.yaml. */
export const overrideJsonSchema = (): JsonSchema => published(overrideSchema, '.bivouac.yaml: a pull request’s wishes');
