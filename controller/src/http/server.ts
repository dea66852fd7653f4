import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { AppError, errorCode, type Logger, type Part } from '@loa/kernel';
import { WebSocketServer } from 'ws';
import type { ControllerErrorCode } from '../errors.ts';

/** The listening socket of console, API and boxes. */
export interface HttpServer extends Part {
  /** Returns `http://host:port` with the real port; before the start, the one that was asked for. */
  url(): string;
}

/** What answers requests: an application of hono, or a test's function. */
export type Fetch = (request: Request, env: object) => Response | Promise<Response>;

// A client that sends its request by drops holds a socket, not a worker; these bound how long.
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 300_000; // a recording over a thin line
const KEEP_ALIVE_MS = 20_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_SOCKETS = 1_000;
/** Messages from a browser: 60 ms of Opus or a small JSON text. */
const MAX_WEBSOCKET_BYTES = 64 * 1024;
/** How long requests under way may finish when the controller stops. */
const DRAIN_MS = 1_000;

/** Creates the HTTP server, with WebSocket upgrades for routes that use `upgradeWebSocket`. `start` throws controller/port-taken. */
export function createHttpServer({
  host,
  port,
  fetch,
  log,
}: {
  readonly host: string;
  /** 0 asks for any free port. */
  readonly port: number;
  readonly fetch: Fetch;
  readonly log: Logger;
}): HttpServer {
  let live: { readonly server: Server; readonly sockets: WebSocketServer } | undefined;
  let realPort = port;
  return {
    name: 'http',
    async start() {
      if (live) return;
      const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_WEBSOCKET_BYTES });
      const created = createAdaptorServer({
        fetch,
        // ws types its options with `| undefined`; node-server's shape is narrower under exactOptionalPropertyTypes.
        websocket: { server: sockets as never },
        serverOptions: {
          headersTimeout: HEADERS_TIMEOUT_MS,
          requestTimeout: REQUEST_TIMEOUT_MS,
          keepAliveTimeout: KEEP_ALIVE_MS,
          maxHeaderSize: MAX_HEADER_BYTES,
        },
      }) as Server;
      created.maxConnections = MAX_SOCKETS;
      await listen(created, host, realPort);
      const address = created.address();
      if (typeof address === 'object' && address) realPort = address.port;
      created.on('error', (error) => log.error({ err: error }, 'the HTTP server has a fault'));
      live = { server: created, sockets };
    },
    async stop(signal) {
      if (!live) return;
      const { server, sockets } = live;
      live = undefined;
      for (const socket of sockets.clients) socket.terminate(); // upgraded: the server no longer knows them
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeIdleConnections();
      const force = () => server.closeAllConnections();
      AbortSignal.any([signal, AbortSignal.timeout(DRAIN_MS)]).addEventListener('abort', force, {
        once: true,
      });
      if (signal.aborted) force();
      await closed;
    },
    url: () => `http://${host.includes(':') ? `[${host}]` : host}:${realPort}`,
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(listenFault(cause, host, port)));
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function listenFault(cause: Error, host: string, port: number): AppError {
  const code = errorCode(cause);
  const where = `${host}:${port}`;
  const why: Record<string, string> = {
    EADDRINUSE: `${where} is already in use: stop the other program or set LOA_HTTP_PORT to another port`,
    EACCES: `this account may not listen on ${where}: choose a port above 1023 with LOA_HTTP_PORT`,
    EADDRNOTAVAIL: `this machine has no address ${host}: correct LOA_HTTP_HOST`,
  };
  return new AppError<ControllerErrorCode>(why[code ?? ''] ?? `cannot listen on ${where}: ${cause.message}`, {
    code: 'controller/port-taken',
    cause,
    details: { host, port },
  });
}
