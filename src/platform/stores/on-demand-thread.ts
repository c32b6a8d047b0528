import { Logger } from '@nestjs/common';
import { StoreThread } from './store-thread.js';
import type { WorkerCall, WorkerSetup } from './store.worker.js';

/**
 * A thread that runs from the first call on, and again from the first call after it ended: whatever ends a thread, such
 * as a search that takes all of its memory, must not end what the next one asks for. If it cannot be started, whoever
 * waited for it is told why, and the next call tries again.
 */
export class OnDemandThread implements Pick<StoreThread, 'call'> {
  private readonly logger = new Logger('Stores');
  private thread: Promise<StoreThread> | undefined;
  private closed = false;

  constructor(private readonly setup: WorkerSetup) {}

  /** Rejects with what the thread could not do, or with why it ended before it answered. */
  async call(call: WorkerCall): Promise<unknown> {
    const thread = await this.running();
    return await thread.call(call);
  }

  /** Starts the thread unless it runs. */
  async running(): Promise<StoreThread> {
    if (this.closed) throw new Error('the stores are closed');
    return await (this.thread ??= this.start());
  }

  /** After what was called before; starts nothing. */
  async close(): Promise<void> {
    this.closed = true;
    // One that could not be started has nothing to close.
    const thread = await this.thread?.catch(() => undefined);
    await thread?.call('close');
  }

  private async start(): Promise<StoreThread> {
    try {
      const thread = await StoreThread.start(this.setup);
      void thread.ended.then((cause) => {
        this.lose(cause);
      });
      return thread;
    } catch (error) {
      this.thread = undefined;
      throw error;
    }
  }

  private lose(cause: Error): void {
    this.thread = undefined;
    if (this.closed) return;
    const { role } = this.setup;
    this.logger.error({
      message: 'A thread of the stores has ended, the next call starts another',
      role,
      cause,
    });
  }
}
