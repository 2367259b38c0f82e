import { Command } from '@commander-js/extra-typings';

/** A command about one environment: named by its address, or by the flags that find the one of a pull request. */
export const environmentCommand = (name: string, description: string) =>
  new Command(name)
    .description(description)
    .argument('[environment]', 'such as shop/pr-42; left away with --pull-request')
    .option('--pull-request <number>', 'the environment of this pull request')
    .option('--repository <owner/name>', 'the application repository of the pull request')
    .option('--application <name>', 'where the pull request concerns several');
