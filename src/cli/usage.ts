import type { CommanderError, CommandUnknownOpts } from '@commander-js/extra-typings';
import { type BivouacError, userError } from '../model/errors.js';
import { nearest } from '../model/nearest.js';

/** What is wrong with a command line, in our words: whoever mistyped doesn’t know what the parser calls it. */
export function usageError(error: Pick<CommanderError, 'code' | 'message'>, command: CommandUnknownOpts): BivouacError {
  const name = nameOf(command);
  const [text = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const meant = /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(suggestion ?? '')?.[1];
  const help = `${name} --help shows what it takes.`;
  const usage = (message: string, remedy: string, where?: string): BivouacError =>
    userError('Usage', message, { remedy, ...(where !== undefined && { where }) });
  const orMeant = (otherwise: string): string => (meant === undefined ? otherwise : `Did you mean ${meant}?`);

  switch (error.code) {
    case 'commander.help':
      return usage('no command was named', 'bivouac --help, or bivouac <command> --help');
    case 'commander.unknownCommand':
      return usage(
        `there is no command ${quoted(text)}`,
        orMeant(quoted(text) === 'version' ? 'Write bivouac --version.' : 'bivouac --help lists them.'),
      );
    case 'commander.unknownOption': {
      const flag = quoted(text);
      const begun = command.options.flatMap(({ long }) => (long?.startsWith(flag) === true ? [long] : []));
      return usage(
        `${name} has no flag ${flag}`,
        orMeant(begun.length === 1 ? `Did you mean ${begun[0]}?` : help),
        flag,
      );
    }
    case 'commander.optionMissingArgument': {
      const flags = quoted(text);
      return usage(`${flagOf(flags)} needs a value`, `Write ${flags.split(', ').at(-1)}. ${help}`, flagOf(flags));
    }
    case 'commander.excessArguments': {
      const { got, takes } = excess(text, command);
      return usage(
        `${name} takes ${takes}, and got ${got}`,
        `Leave the rest away; a text with spaces needs quotes. ${help}`,
      );
    }
    case 'commander.missingArgument': {
      const wanted = quoted(text);
      const argument = command.registeredArguments.find((each) => each.name() === wanted);
      const choices = argument?.argChoices;
      return usage(
        `${name} needs <${wanted}>${argument === undefined ? '' : `: ${argument.description}`}`,
        choices === undefined ? `Write ${name} <${wanted}>. ${help}` : `Write ${name} ${listed(choices)}.`,
      );
    }
    case 'commander.invalidArgument':
      return invalid(text, { name, help, usage });
    default:
      return usage(text, help);
  }
}

/** The parser would print the whole help instead. `words`: what follows `help`. @throws UserError Usage: there is no such command */
export function assertHelpable(words: readonly string[], { commands }: CommandUnknownOpts): void {
  const names = ['help', ...commands.map((each) => each.name())];
  const asked = words.find((word) => !word.startsWith('-'));
  if (asked === undefined || names.includes(asked)) return;
  const meant = nearest(asked, names);
  throw userError('Usage', `there is no command ${asked}`, {
    remedy: meant === undefined ? 'bivouac --help lists them.' : `Did you mean ${meant}?`,
  });
}

interface Wording {
  readonly name: string;
  readonly help: string;
  readonly usage: (message: string, remedy: string, where?: string) => BivouacError;
}

function invalid(text: string, { name, help, usage }: Wording): BivouacError {
  const choices = /Allowed choices are (.+)\.$/.exec(text)?.[1]?.split(', ');
  const remedy = choices === undefined ? help : `Use ${listed(choices)}.`;
  const flag = /^option '([^']+)' argument '([^]*?)' is invalid\./.exec(text);
  if (flag !== null)
    return usage(`${JSON.stringify(flag[2])} is no value of ${flagOf(flag[1]!)}`, remedy, flagOf(flag[1]!));
  const argument = /^command-argument value '([^]*?)' is invalid for argument '([^']+)'\./.exec(text);
  if (argument === null) return usage(text, remedy);
  return usage(`${name}: ${JSON.stringify(argument[1])} is no <${argument[2]}>`, remedy);
}

/** `bivouac list`; `bivouac` alone for what stands before a command. */
const nameOf = (command: CommandUnknownOpts): string =>
  command.parent === null ? command.name() : `${command.parent.name()} ${command.name()}`;

const quoted = (text: string): string => /'([^]*?)'/.exec(text)?.[1] ?? text;

/** `-o, --output <format>` is `--output`. */
const flagOf = (flags: string): string => /--[\w-]+/.exec(flags)?.[0] ?? flags;

const excess = (text: string, { registeredArguments }: CommandUnknownOpts) => {
  const names = registeredArguments.map((each) => (each.required ? `<${each.name()}>` : `[${each.name()}]`));
  return {
    takes: names.length === 0 ? 'no arguments' : `${names.join(' ')} and nothing else`,
    got: /but got (\d+)/.exec(text)?.[1] ?? 'more',
  };
};

const listed = (choices: readonly string[]): string =>
  choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
