import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { SessionsConfig } from '../config/config.js';
import { Revocations } from './revocations.js';
import { Sessions } from './sessions.js';

const EVERY_MS = 30_000;

/** Ends sessions whose time is over, and revokes what is still owed. Every replica does, and each end is one of theirs. */
@Injectable()
export class Upkeep implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(Upkeep.name);
  private readonly everyMs: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    config: SessionsConfig,
    private readonly sessions: Sessions,
    private readonly revocations: Revocations,
  ) {
    this.everyMs = Math.min(EVERY_MS, config.idleMs / 2);
  }

  onModuleInit(): void {
    this.timer = setInterval(() => void this.round(), this.everyMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async round(): Promise<void> {
    try {
      await this.sessions.sweep();
    } catch (error) {
      this.logger.warn({ message: 'Sessions that are over could not be ended', cause: error });
    }
    await this.revocations.settle();
  }
}
