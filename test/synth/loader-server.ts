import { createInterface } from 'node:readline';
import type { Application } from '../../src/config/config.js';
import { isBivouacError } from '../../src/model/errors.js';
import { applicationName } from '../../src/model/names.js';
import { buildCharts } from '../../src/synth/loader/build.js';
import { chartLoader } from '../../src/synth/loader/loader.js';
import { aConfig, aSpec, packageDirectory as ours } from './builders.js';

/** One question, a line of JSON. Charts are loaded in a process of their own: jest's realms split cdk8s in two. */
export interface Question {
  readonly build: boolean;
  readonly application: string;
  readonly directory: string;
  readonly charts: Readonly<Record<string, Application['chart']>>;
  readonly deadlineMs: number;
  /** Where the program is installed. @default here */
  readonly packageDirectory?: string;
}

const answer = async (question: Question): Promise<unknown> => {
  const { build, application, directory, charts, deadlineMs, packageDirectory = ours } = question;
  const shop = aConfig().applications.get(applicationName('shop')) as Application;
  const applications = new Map(
    Object.entries(charts).map(([name, chart]) => [
      applicationName(name),
      { ...shop, name: applicationName(name), chart },
    ]),
  );
  const config = { directory, applications };
  if (build) return buildCharts({ config, packageDirectory });
  const notes: string[] = [];
  const loader = chartLoader({ config, packageDirectory, note: (text) => notes.push(text), deadlineMs });
  const synthesize = await loader.load(applicationName(application));
  return { synthesis: await synthesize(aSpec()), notes };
};

const failureOf = (error: unknown): unknown => {
  if (!isBivouacError(error)) return { code: 'NotOurs', message: String(error) };
  const { code, message, where, changed, remedy } = error;
  return { code, class: error.class, message, where, changed, remedy };
};

for await (const line of createInterface({ input: process.stdin })) {
  const reply = await answer(JSON.parse(line) as Question).then(
    (value) => ({ value }),
    (error: unknown) => ({ failure: failureOf(error) }),
  );
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
