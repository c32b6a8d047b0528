import { Worker } from 'node:worker_threads';
import type { AuditEntry } from './audit-record.js';
import { AuditStore } from './audit-store.js';
import type { WorkerAnswer, WorkerRequest } from './sqlite-audit-worker.js';

interface Asked {
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/** The trail in an embedded SQLite database, in a thread of its own: a slow disk delays nobody else. */
export class SqliteAuditStore extends AuditStore {
  private readonly asked: Asked[] = [];
  private failure: Error | undefined;

  private constructor(private readonly worker: Worker) {
    super();
    worker.on('message', (answer: WorkerAnswer) => {
      const first = this.asked.shift();
      if (answer.ok) first?.resolve();
      else first?.reject(answer.error);
    });
    worker.on('error', (error) => {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', () => {
      this.fail(new Error('the audit store is closed'));
    });
  }

  /** Opens the data directory, or rejects with what is wrong with it. */
  static async open(directory: string): Promise<SqliteAuditStore> {
    const worker = new Worker(new URL('./sqlite-audit-worker.js', import.meta.url), {
      workerData: directory,
    });
    const store = new SqliteAuditStore(worker);
    await store.answer();
    return store;
  }

  append(entries: readonly AuditEntry[]): Promise<void> {
    return this.ask({ append: entries });
  }

  close(): Promise<void> {
    return this.ask('close');
  }

  private ask(request: WorkerRequest): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.worker.postMessage(request);
    return this.answer();
  }

  private answer(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.asked.push({ resolve, reject });
    });
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.asked.splice(0)) reject(this.failure);
  }
}
