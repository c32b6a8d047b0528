import { createPrivateKey } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { openSqlite, openSqliteReader } from '../storage/sqlite.js';
import type { AuditStore } from './audit-store.js';
import { CheckpointSigner } from './checkpoints.js';
import { SqlAuditStore } from './sql-audit-store.js';

/** What the worker is started with. */
export interface WorkerSetup {
  readonly directory: string;
  /** The writer owns the directory. The reader only looks, so that a long search delays no write. */
  readonly role: 'writer' | 'reader';
  /** PKCS #8, PEM. */
  readonly signingKey: string;
  readonly replica: string;
}

type Method = Exclude<keyof AuditStore, symbol>;
/** A call of one of the store's methods. Calls are answered in order. */
export interface WorkerCall {
  readonly method: Method;
  readonly args: readonly unknown[];
}
export type WorkerAnswer = { readonly value: unknown } | { readonly error: unknown };

const port = parentPort;
if (port !== null) {
  const { directory, role, signingKey, replica } = workerData as WorkerSetup;
  const signer = new CheckpointSigner(createPrivateKey(signingKey), replica);
  const store = new SqlAuditStore(
    role === 'writer' ? await openSqlite(directory) : openSqliteReader(directory),
    signer,
  );
  // One call at a time: they share one connection.
  let turn: Promise<void> = Promise.resolve();
  port.on('message', ({ method, args }: WorkerCall) => {
    turn = turn.then(async () => {
      const answer = await answerOf(store, method, args);
      port.postMessage(answer);
      if (method === 'close') port.close();
    });
  });
  port.postMessage({ value: null } satisfies WorkerAnswer);
}

async function answerOf(store: AuditStore, method: Method, args: readonly unknown[]): Promise<WorkerAnswer> {
  try {
    // The proxy on the other side is typed by the store itself.
    const callable = store as unknown as Record<Method, (...args: readonly unknown[]) => Promise<unknown>>;
    return { value: await callable[method](...args) };
  } catch (error) {
    return { error };
  }
}
