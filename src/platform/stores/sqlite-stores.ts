import { OnDemandThread } from './on-demand-thread.js';
import { remoteStore, type Sides } from './remote-store.js';
import type { WorkerSetup } from './store.worker.js';
import { once, type Stores } from './stores.js';

// The reader answers what people look for: that may take long. All else takes a millisecond or few, however long the
// trail, and needs no reader. A read sees what was committed before it, whichever thread did so.
const AUDIT = {
  commit: 'writer',
  lease: 'writer',
  release: 'writer',
  rememberAccount: 'writer',
  accountOf: 'writer',
  writeWithKey: 'writer',
  undecided: 'writer',
  standing: 'writer',
  writes: 'reader',
  write: 'reader',
  records: 'reader',
  lines: 'reader',
} as const satisfies Sides<'audit'>;

const SESSIONS = {
  touch: 'writer',
  lockRefresh: 'writer',
  keepTokens: 'writer',
  releaseRefresh: 'writer',
  noteOnce: 'writer',
  forgetNoted: 'writer',
  takeOwed: 'writer',
  settleOwed: 'writer',
  find: 'writer',
  get: 'writer',
  expired: 'writer',
  list: 'reader',
} as const satisfies Sides<'sessions'>;

/**
 * Every store in an embedded SQLite database, in threads of its own: a slow disk or a long search delays nobody, and a
 * thread that ends is replaced.
 * Rejects with what is wrong with the data directory. Who searches first waits some 100 ms more, for the reader.
 */
export async function openSqliteStores(setup: Omit<WorkerSetup, 'role'>): Promise<Stores> {
  const writer = new OnDemandThread({ ...setup, role: 'writer' });
  const reader = new OnDemandThread({ ...setup, role: 'reader' });
  // Now, as it makes what the reader opens, and whoever starts the gateway is to hear what is wrong.
  await writer.running();
  const threads = { writer, reader };
  return {
    audit: remoteStore('audit', AUDIT, threads),
    sessions: remoteStore('sessions', SESSIONS, threads),
    close: once(async () => {
      await reader.close();
      await writer.close();
    }),
  };
}
