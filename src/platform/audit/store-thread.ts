import { Worker } from 'node:worker_threads';
import type { AuditStore } from './audit-store.js';
import type { WorkerAnswer, WorkerCall, WorkerSetup } from './audit-store.worker.js';

interface Asked {
  readonly resolve: (value: unknown) => void;
  readonly reject: (cause: unknown) => void;
}

/** A store in a thread of its own. Calls are answered in the order they were made. */
export class StoreThread {
  private readonly asked: Asked[] = [];
  private failure: Error | undefined;

  private constructor(private readonly worker: Worker) {
    worker.on('message', (answer: WorkerAnswer) => {
      const first = this.asked.shift();
      if ('error' in answer) first?.reject(answer.error);
      else first?.resolve(answer.value);
    });
    worker.on('error', (error) => {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', () => {
      this.fail(new Error('the audit store is closed'));
    });
  }

  /** Starts the thread, or rejects with why its store cannot be opened. */
  static async start(setup: WorkerSetup): Promise<StoreThread> {
    const thread = new StoreThread(
      new Worker(new URL('./audit-store.worker.js', import.meta.url), { workerData: setup }),
    );
    await thread.answer();
    return thread;
  }

  /** Calls a method of the store on the other side. */
  ask<Method extends WorkerCall['method']>(
    method: Method,
    ...args: Parameters<AuditStore[Method]>
  ): ReturnType<AuditStore[Method]> {
    return this.call({ method, args }) as ReturnType<AuditStore[Method]>;
  }

  private call(call: WorkerCall): Promise<unknown> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    try {
      this.worker.postMessage(call);
    } catch (error) {
      // It cannot be carried to the other side, so no answer will come.
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
    return this.answer();
  }

  private answer(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.asked.push({ resolve, reject });
    });
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.asked.splice(0)) reject(this.failure);
  }
}
