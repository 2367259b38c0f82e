import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { flagVariable } from '../config/environment.js';
import { BivouacError, isBivouacError } from '../model/errors.js';

/** An error about a flag that nobody typed names the variable which it came from. */
export function fromVariable(error: unknown, command: CommandUnknownOpts): unknown {
  if (!isBivouacError(error)) return error;
  const option = command.options.find(({ long }) => long !== null && long !== undefined && long === error.where);
  if (option === undefined || command.getOptionValueSource(option.attributeName()) !== 'env') return error;
  const [flag, variable] = [option.long!, flagVariable(option.name())];
  const value = String(command.getOptionValue(option.attributeName()));
  const { class: kind, code, message, changed, remedy, data } = error;
  return new BivouacError({
    ...{ class: kind, code, changed, data, where: variable, cause: error },
    message: message.replaceAll(`${flag} ${value}`, `${variable}=${value}`).replaceAll(flag, variable),
    ...(remedy !== undefined && { remedy }),
  });
}
