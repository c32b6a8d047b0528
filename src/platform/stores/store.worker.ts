import { createPrivateKey } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { CheckpointSigner } from '../audit/checkpoints.js';
import { collectStartGarbage } from '../memory/start-garbage.js';
import { openSqlite, openSqliteReader } from '../storage/sqlite.js';
import { sqlStores } from './sql-stores.js';
import type { MethodOf, Part, Stores } from './stores.js';

/** What the worker is started with. */
export interface WorkerSetup {
  readonly directory: string;
  /** The writer owns the directory. The reader only looks, so that a long search delays no write. */
  readonly role: 'writer' | 'reader';
  /** PKCS #8, PEM. */
  readonly signingKey: string;
  readonly replica: string;
}

/** A call of one store's method, or the end; it comes as JSON text. Calls are answered in order. */
export type WorkerCall =
  { readonly part: Part; readonly method: MethodOf<Part>; readonly args: readonly unknown[] } | 'close';
export type WorkerAnswer = { readonly value: unknown } | { readonly error: unknown };

const port = parentPort;
if (port !== null) {
  const { directory, role, signingKey, replica } = workerData as WorkerSetup;
  const signer = new CheckpointSigner(createPrivateKey(signingKey), replica);
  const stores = sqlStores(
    role === 'writer' ? await openSqlite(directory) : openSqliteReader(directory),
    signer,
  );
  // One call at a time: they share one connection.
  let turn: Promise<void> = Promise.resolve();
  port.on('message', (text: string) => {
    const call = JSON.parse(text) as WorkerCall;
    turn = turn.then(async () => {
      const answer = await answerOf(stores, call);
      port.postMessage(answer);
      if (call === 'close') port.close();
    });
  });
  port.postMessage({ value: null } satisfies WorkerAnswer);
  // While the gateway starts. The reader's first caller waits already.
  if (role === 'writer') collectStartGarbage();
}

async function answerOf(stores: Stores, call: WorkerCall): Promise<WorkerAnswer> {
  try {
    return { value: call === 'close' ? await closed(stores) : await called(stores, call) };
  } catch (error) {
    return { error };
  }
}

async function closed(stores: Stores): Promise<null> {
  await stores.close();
  return null;
}

function called(stores: Stores, { part, method, args }: Exclude<WorkerCall, 'close'>): Promise<unknown> {
  // The proxy on the other side is typed by the store itself.
  const store = stores[part] as unknown as Record<typeof method, (...args: unknown[]) => Promise<unknown>>;
  return store[method](...args);
}
