import type { HttpBindings } from '@hono/node-server';
import type { RepositoryState, Token } from './state.js';

/** What the handlers of a request find beside it. */
export type Bindings = { Bindings: HttpBindings; Variables: { token: Token; repository: RepositoryState } };
