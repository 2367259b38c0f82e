import type { Cause } from '../model/deployment.js';

/** `Pod/api-7d9f (api): Back-off pulling image …` */
export const printCause = ({ object, component, message }: Cause): string =>
  `${object}${component === undefined ? '' : ` (${component})`}: ${message}`;
