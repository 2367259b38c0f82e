import { Command } from '@commander-js/extra-typings';
import type { Presentation } from '../output/presentation.js';
import type { Context, Run } from '../context.js';

export const demoCommand = (run: Run) =>
  new Command('demo')
    .description('play the main job in a throw-away folder: no token, no network, no cluster')
    .action((_options, command) => run(command, demo));

async function demo(context: Context): Promise<Presentation> {
  const { play } = await import('../../demo/play.js');
  const { steps, failed } = await play({
    packageDirectory: context.io.packageDirectory,
    environment: context.io.environment,
    show: (text) => context.io.stderr(`${text}\n`),
    color: context.io.color,
    runCommand: (argv, { cwd, environment, write }) =>
      context.run(argv, {
        ...context.io,
        cwd,
        environment,
        stdout: write,
        stderr: (text) => (text.startsWith('::') ? undefined : write(text)),
      }),
  });
  return {
    data: { schemaVersion: '1', steps },
    text: '',
    markdown: steps.map(({ title, exitCode }) => `- ${title}: exit ${exitCode}`).join('\n'),
    variables: { steps: String(steps.length) },
    exitCode: failed ? 1 : 0,
  };
}
