import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** Connections that fall idle while the process stops are closed this often, ms. */
const SWEEP_MS = 50;

/**
 * Stops at a signal: takes no new connection, answers what is in flight, appends what the trail still owes,
 * and exits with code 0. A second signal ends the process at once.
 */
export function stopOnSignals(app: NestFastifyApplication): void {
  const logger = new Logger('Stop');
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    logger.log(`Stopping after ${signal}`);
    // A kept-alive connection whose last reply is out would hold the server open until its client leaves.
    const sweep = setInterval(() => {
      app.getHttpServer().closeIdleConnections();
    }, SWEEP_MS);
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
