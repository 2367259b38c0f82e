import type { Config } from '../config/config.js';
import { type BivouacError, userError } from '../model/errors.js';
import type { ApplicationName } from '../model/names.js';
import { didYouMean, quote } from './text.js';

/** UserError UnknownApplication, with the nearest name. */
export const unknownApplication = (application: ApplicationName, config: Config): BivouacError =>
  userError(
    'UnknownApplication',
    `There is no application ${quote(application)}.${didYouMean(application, config.applications.keys())}`,
    { remedy: 'Name one of the applications in bivouac.yaml.' },
  );
