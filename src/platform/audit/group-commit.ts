import type { AuditEntry } from './audit-record.js';
import type { AuditStore } from './audit-store.js';

/** Entries that wait for the batch in flight. Beyond it the store is too slow, and writes are refused. */
const LONGEST_QUEUE = 1_024;
const LARGEST_BATCH = 256;

interface Waiting {
  readonly entry: AuditEntry;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/**
 * Gathers whatever arrives while one batch is being made durable into the next one: many writers share one
 * flush, and a lone writer never waits.
 */
export class GroupCommit {
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;

  constructor(private readonly store: AuditStore) {}

  /** Resolves once the entry is durable. Rejects with `QueueFull` at once, or with the store's own error. */
  append(entry: AuditEntry): Promise<void> {
    if (this.waiting.length >= LONGEST_QUEUE) return Promise.reject(new QueueFull('the audit queue is full'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ entry, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Resolves once nothing waits any more. */
  async drained(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async run(): Promise<void> {
    // Whatever is appended in this turn of the event loop shares the first batch.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, LARGEST_BATCH);
      try {
        await this.store.append(batch.map(({ entry }) => entry));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    // In the same turn as the last look at the queue, or an entry could be left behind in it.
    this.running = undefined;
  }
}
