import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { CheckpointEntry } from './audit-record.js';
import type { AuditStore, Commit, Settlement } from './audit-store.js';

/** Entries that wait for a batch. Beyond it the store is too slow, and writes are refused. */
const LONGEST_QUEUE = 1_024;
const LARGEST_BATCH = 256;

interface Waiting {
  readonly commit: Commit;
  /** By the clock that never goes back, ms. */
  readonly since: number;
  readonly resolve: (settlement: Settlement) => void;
  readonly reject: (cause: unknown) => void;
}

export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/**
 * Gathers whatever arrives while one batch is being made durable into the next one: many writers share one
 * flush, and a lone writer waits for no more than the turn of the event loop to end.
 */
export class GroupCommit {
  private readonly waiting: Waiting[] = [];
  private running: Promise<void> | undefined;

  constructor(
    private readonly store: AuditStore,
    private readonly onCheckpoint: (checkpoint: CheckpointEntry) => void,
    /** Hears how long the first entry of a batch had to wait until the store had taken or refused it. */
    private readonly onBatch: (result: 'taken' | 'failed', durationMs: number) => void = () => undefined,
  ) {}

  /** Resolves once the entry is durable or refused. Rejects with `QueueFull` at once, or with the store's error. */
  append(commit: Commit): Promise<Settlement> {
    if (this.waiting.length >= LONGEST_QUEUE) return Promise.reject(new QueueFull('the audit queue is full'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ commit, since: performance.now(), resolve, reject });
      this.running ??= this.run();
    });
  }

  /** How many entries wait for a batch. */
  get depth(): number {
    return this.waiting.length;
  }

  /** Resolves once nothing waits any more. */
  async drained(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async run(): Promise<void> {
    // Whatever is appended in one turn of the event loop, by all requests that it reads, shares a batch.
    await turnOfTheLoop();
    while (this.waiting.length > 0) {
      await this.commitBatch(this.waiting.splice(0, LARGEST_BATCH));
      await turnOfTheLoop();
    }
    // Right after the last look at the queue, or an entry could be left behind in it.
    this.running = undefined;
  }

  private async commitBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const { settlements, checkpoint } = await this.store.commit(batch.map(({ commit }) => commit));
      this.tell('taken', batch);
      batch.forEach(({ resolve }, index) => {
        resolve(settlements[index] ?? { kind: 'committed' });
      });
      if (checkpoint !== null) this.onCheckpoint(checkpoint);
    } catch (error) {
      this.tell('failed', batch);
      for (const { reject } of batch) reject(error);
    }
  }

  private tell(result: 'taken' | 'failed', [first]: readonly Waiting[]): void {
    if (first !== undefined) this.onBatch(result, performance.now() - first.since);
  }
}
