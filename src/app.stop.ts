import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuditTrail } from './platform/audit/audit-trail.js';
import { Config } from './platform/config/config.js';
import { Readiness } from './platform/health/readiness.js';
import { Connections } from './platform/http/connections.js';
import { Stores } from './platform/stores/stores.js';
import { Tracing } from './platform/tracing/tracing.js';

/** Connections that fall idle while the process stops are closed this often, ms. */
const SWEEP_MS = 50;
/** What is still in flight so long after the signal is cut off, ms. */
const PATIENCE_MS = 24_000;
/** And then the trail gets this long to append what it still owes, ms. */
const FLUSH_WITHIN_MS = 900;

/**
 * Ends the process in order. It is unready at once, but serves on for a while, until no balancer gives it
 * anything new; then it stops listening, answers what is in flight, appends what the trail owes, and exits with
 * code 0, after 25 s at the latest. Code 1 says that the trail could not be finished.
 */
export class AppStop {
  private readonly logger = new Logger('Stop');
  private readonly connections: Connections;
  private readonly drainMs: number;
  private lettingGo: Promise<void> | undefined;

  constructor(private readonly app: NestFastifyApplication) {
    this.connections = new Connections(app.getHttpServer());
    this.drainMs = app.get(Config).server.drainMs;
  }

  async exit(signal: NodeJS.Signals): Promise<never> {
    this.logger.log(`Stopping after ${signal}`);
    setTimeout(() => void this.giveUp(), PATIENCE_MS);
    this.app.get(Readiness).drain();
    this.connections.leaveAfterReply();
    await pause(this.drainMs);
    return await this.finish();
  }

  private async finish(): Promise<never> {
    setInterval(() => {
      this.connections.closeIdle();
    }, SWEEP_MS);
    // At once: the first thing that Nest does is to wait for what runs in the background.
    this.app.getHttpServer().close();
    // Nest keeps to itself what fails in the hooks of a shutdown.
    const closed = this.app.close().then(() => this.letGo());
    // Last, when every span has ended, whatever became of the trail.
    return await this.exitAfter(closed.finally(() => this.app.get(Tracing).stop()));
  }

  /** A write that is cut off here has its intent in the trail: it is read back, by whichever replica is alive. */
  private async giveUp(): Promise<never> {
    this.logger.warn({ message: 'Cut off while stopping', requests: this.connections.inFlight });
    this.connections.cut();
    const late = pause(FLUSH_WITHIN_MS).then(() => {
      throw new Error(`the trail was not finished within ${FLUSH_WITHIN_MS} ms`);
    });
    return await this.exitAfter(Promise.race([this.letGo(), late]));
  }

  /** The trail appends what it owes; only then is the database let go of. Once. */
  private letGo(): Promise<void> {
    const stores = this.app.get(Stores);
    return (this.lettingGo ??= this.app
      .get(AuditTrail)
      .finish()
      .finally(() => stores.close()));
  }

  private async exitAfter(end: Promise<void>): Promise<never> {
    try {
      await end;
      process.exit(0);
    } catch (error) {
      this.logger.error({ message: 'Stopping failed', cause: error });
      process.exit(1);
    }
  }
}
