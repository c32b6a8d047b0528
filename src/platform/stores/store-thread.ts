import { Worker } from 'node:worker_threads';
import type { WorkerAnswer, WorkerCall, WorkerSetup } from './store.worker.js';

interface Asked {
  readonly resolve: (value: unknown) => void;
  readonly reject: (cause: unknown) => void;
}

/** The stores in a thread of their own. Calls are answered in the order they were made. */
export class StoreThread {
  /** Resolves with why, once the thread has ended: none of its connections is open any more. */
  readonly ended: Promise<Error>;
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
    this.ended = new Promise((resolve) => {
      worker.on('exit', () => {
        resolve(this.fail(new Error('the thread of the stores has ended')));
      });
    });
  }

  /** Starts the thread, or rejects with why its database cannot be opened. */
  static async start(setup: WorkerSetup): Promise<StoreThread> {
    const thread = new StoreThread(
      new Worker(new URL('./store.worker.js', import.meta.url), {
        workerData: setup,
        // What `main.ts` turns on is for its own thread.
        execArgv: ['--enable-source-maps'],
      }),
    );
    await thread.answer();
    return thread;
  }

  /** Makes a call on the other side: the caller knows the type of what it resolves with. */
  call(call: WorkerCall): Promise<unknown> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    try {
      // As text: a structured clone of nested objects takes longer.
      this.worker.postMessage(JSON.stringify(call));
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

  /** Why nothing more can be asked: what it heard first. */
  private fail(error: Error): Error {
    this.failure ??= error;
    for (const { reject } of this.asked.splice(0)) reject(this.failure);
    return this.failure;
  }
}
