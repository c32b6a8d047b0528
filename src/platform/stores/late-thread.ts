import { StoreThread } from './store-thread.js';
import type { WorkerCall, WorkerSetup } from './store.worker.js';

/**
 * A thread that is started by its first call: until then it costs no memory. If it cannot be started, whoever waited
 * for it is told why, and the next call tries again. One that ends later is not replaced.
 */
export class LateThread implements Pick<StoreThread, 'call'> {
  private thread: Promise<StoreThread> | undefined;
  private closed = false;

  constructor(private readonly setup: WorkerSetup) {}

  async call(call: WorkerCall): Promise<unknown> {
    if (this.closed) throw new Error('the stores are closed');
    this.thread ??= this.start();
    const thread = await this.thread;
    return await thread.call(call);
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
      return await StoreThread.start(this.setup);
    } catch (error) {
      this.thread = undefined;
      throw error;
    }
  }
}
