import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { userError } from '../model/errors.js';

export interface Listening {
  readonly port: number;
  /** Takes no new connection, lets answers that are being written go out, and cuts what is left. */
  stop(): Promise<void>;
}

export interface ListenOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** @default all addresses */
  readonly hostname?: string;
}

/** Against clients that send nothing, or little by little: seconds and not minutes, and a bound on how many there are. What their bodies hold together is bounded in `http.ts`. */
const bounds = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};
const connections = 500;
/** How long answers that are being written may take at the end; milliseconds. */
const lingerMs = 1_000;

/** @throws UserError PortUnavailable */
export const listen = async (app: Hono, { port, hostname }: ListenOptions): Promise<Listening> => {
  const server = serve({
    fetch: app.fetch,
    port,
    ...(hostname !== undefined && { hostname }),
    serverOptions: { ...bounds, maxHeaderSize: 16_384 },
  }) as Server;
  server.maxConnections = connections;
  await new Promise<void>((resolve, reject) => {
    if (server.listening) return resolve();
    server.once('listening', resolve);
    server.once('error', (error) =>
      reject(
        userError('PortUnavailable', `port ${port} can’t be listened on: ${error.message}`, {
          where: '--port',
          remedy: 'Stop what uses it, or give another one.',
          cause: error,
        }),
      ),
    );
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), lingerMs).unref();
      }),
  };
};
