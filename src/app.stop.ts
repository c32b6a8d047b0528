import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** Connections that fall idle while the process stops are closed this often, ms. */
const SWEEP_MS = 50;
/** What is still connected after this time is cut off, ms. Longer than any deadline of a write. */
const PATIENCE_MS = 25_000;

/**
 * Stops at a signal: takes no new connection, answers what is in flight, appends what the trail still owes,
 * and exits with code 0. A second signal ends the process at once.
 */
export function stopOnSignals(app: NestFastifyApplication): void {
  const logger = new Logger('Stop');
  const server = app.getHttpServer();
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    logger.log(`Stopping after ${signal}`);
    // A kept-alive connection whose last reply is out would hold the server open until its client leaves; so
    // would one that was opened ahead of need, which Node does not count as idle.
    const sweep = setInterval(() => {
      server.closeIdleConnections();
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    }, SWEEP_MS);
    setTimeout(() => {
      server.closeAllConnections();
    }, PATIENCE_MS).unref();
    try {
      await app.close();
      process.exit(0);
    } catch (error) {
      logger.error({ message: 'Stopping failed', cause: error });
      process.exit(1);
    } finally {
      clearInterval(sweep);
    }
  };
  for (const signal of SIGNALS) {
    // Once: the second time, the signal does what it does to any process.
    process.once(signal, () => void stop(signal));
  }
}
