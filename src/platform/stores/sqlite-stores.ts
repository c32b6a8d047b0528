import { remoteStore, type Sides } from './remote-store.js';
import { StoreThread } from './store-thread.js';
import type { WorkerSetup } from './store.worker.js';
import { once, type Stores } from './stores.js';

const AUDIT = {
  commit: 'writer',
  lease: 'writer',
  release: 'writer',
  rememberAccount: 'writer',
  writes: 'reader',
  write: 'reader',
  records: 'reader',
  lines: 'reader',
  undecided: 'reader',
  standing: 'reader',
  accountOf: 'reader',
} as const satisfies Sides<'audit'>;

// A read sees what was committed before it, whichever thread did so.
const SESSIONS = {
  touch: 'writer',
  lockRefresh: 'writer',
  keepTokens: 'writer',
  releaseRefresh: 'writer',
  noteOnce: 'writer',
  forgetNoted: 'writer',
  takeOwed: 'writer',
  settleOwed: 'writer',
  // On the way of each request with a session: they shall not wait for somebody's long search.
  find: 'writer',
  get: 'writer',
  list: 'reader',
  expired: 'reader',
} as const satisfies Sides<'sessions'>;

/**
 * Every store in an embedded SQLite database, in threads of its own: a slow disk or a long search delays nobody.
 * Rejects with what is wrong with the data directory.
 */
export async function openSqliteStores(setup: Omit<WorkerSetup, 'role'>): Promise<Stores> {
  // The writer first: it makes what the reader opens.
  const writer = await StoreThread.start({ ...setup, role: 'writer' });
  const reader = await StoreThread.start({ ...setup, role: 'reader' });
  const threads = { writer, reader };
  return {
    audit: remoteStore('audit', AUDIT, threads),
    sessions: remoteStore('sessions', SESSIONS, threads),
    close: once(async () => {
      await reader.call('close');
      await writer.call('close');
    }),
  };
}
