import type { Server } from 'node:http';

/** A server that listens; `url` is its origin (scheme, host and port, no trailing slash). */
export interface RunningServer {
  readonly url: string;
  /** Stops listening and cuts the open connections, also those left hanging on purpose. */
  close(): Promise<void>;
}

/** Another process already listens on the port that was asked for. */
export class PortTaken extends Error {
  constructor(
    readonly port: number,
    options?: ErrorOptions,
  ) {
    super(`Port ${port} is already in use.`, options);
  }
}

/**
 * Listens on `host`:`port` (0 takes any free port).
 * @throws PortTaken
 */
export async function listen(server: Server, host: string, port: number): Promise<RunningServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(cause.code === 'EADDRINUSE' ? new PortTaken(port, { cause }) : cause);
    });
    // A browser tries both addresses of localhost, so one of them is enough; the resolver's choice would vary.
    server.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port }, resolve);
  });
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server)}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('The server does not listen on a TCP port.');
  }
  return address.port;
}
