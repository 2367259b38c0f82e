import { writeFileSync } from 'node:fs';
import { configJsonSchema, overrideJsonSchema } from '../src/config/published.js';
import { recordJsonSchema } from '../src/synth/record.js';

/** Writes the published JSON Schemas; a test keeps the committed ones true. Run by `npm run schema`. */
const write = (file: string, schema: unknown): void => {
  writeFileSync(new URL(`../${file}`, import.meta.url), `${JSON.stringify(schema, undefined, 2)}\n`);
};

write('schema.json', configJsonSchema());
write('override.schema.json', overrideJsonSchema());
write('record.schema.json', recordJsonSchema());
