import { ownLines } from '../../model/comment-lines.js';
import { nearest } from '../../model/nearest.js';
import { type Command, commandHelp, type CommandReading } from './command.js';

const line = /^ {0,3}\/bivouac(?:[ \t]+(.*))?$/i;
const longest = 100;
/** What one comment may ask for; more is noise. */
const most = 10;

/** The commands of a comment, in order: each is a line of its own, not quoted and not in code. */
export const readCommands = (body: string): readonly CommandReading[] =>
  ownLines(body)
    .flatMap((text) => {
      const found = line.exec(text);
      return found === null ? [] : [readCommand(found[1] ?? '')];
    })
    .slice(0, most);

const readCommand = (text: string): CommandReading => {
  const [verb = '', ...words] = text.trim().split(/[ \t]+/);
  const command = commandOf(verb.toLowerCase(), words);
  if (command !== undefined) return { kind: 'command', command };
  return { kind: 'unknown', text: `/bivouac ${text.trim()}`.trim().slice(0, longest), nearest: meantBy(verb) };
};

const name = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const longestName = 22;
const isName = (word: string): boolean => word.length <= longestName && name.test(word);

const commandOf = (verb: string, [word, ...more]: readonly string[]): Command | undefined => {
  if (more.length > 0) return undefined;
  switch (verb) {
    case 'up':
    case 'down':
    case 'keep':
    case 'sleep':
    case 'wake':
    case 'help':
      return word === undefined ? { kind: verb } : undefined;
    case 'extend':
      return word === undefined ? undefined : { kind: 'extend', duration: word };
    case 'with':
    case 'without':
      return word === undefined || !isName(word) ? undefined : { kind: verb, component: word };
    case 'preset':
      return word === undefined || !isName(word) ? undefined : { kind: 'preset', preset: word };
    case 'approve':
      return word === undefined || !/^[0-9a-f]{1,64}$/i.test(word)
        ? undefined
        : { kind: 'approve', commit: word.toLowerCase() };
    default:
      return undefined;
  }
};

const examples = new Map(commandHelp.map(([example]) => [example.split(' ')[1] ?? '', example]));
const help = '/bivouac help';

/** The same verb as it is used, or the nearest one. */
const meantBy = (verb: string): string => {
  const meant = nearest(verb.toLowerCase(), [...examples.keys()]);
  return (meant === undefined ? undefined : examples.get(meant)) ?? help;
};
