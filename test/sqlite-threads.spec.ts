import { readdirSync, readlinkSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { RefusalEntry } from '../src/platform/audit/audit-record.js';
import type { Stores } from '../src/platform/stores/stores.js';
import { stamp } from './support/entries.js';
import { STORE_KINDS, aDirectory, removeDirectories } from './support/stores.js';

const HOUR = 3_600_000;
const REFUSAL: RefusalEntry = {
  ...stamp(),
  kind: 'refusal',
  problem: 'not-found',
  status: 404,
  method: 'GET',
  path: '/nowhere',
  operation: null,
  resource: null,
};

/** How many threads have the database open. */
function openings(directory: string): number {
  const database = join(directory, 'surehand.db');
  return readdirSync('/proc/self/fd').filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`) === database;
    } catch {
      // Closed since.
      return false;
    }
  }).length;
}

/** Lets end the thread that is asked next, whatever it does then. */
function aThreadToEnd(): () => Promise<unknown> {
  const posted = jest.spyOn(Worker.prototype, 'postMessage');
  return () => {
    const [thread]: readonly unknown[] = posted.mock.contexts;
    if (!(thread instanceof Worker)) throw new Error('no thread was asked');
    return thread.terminate();
  };
}

describe('the stores on SQLite', () => {
  let directory: string;
  let stores: Stores;

  beforeEach(async () => {
    const [sqlite] = STORE_KINDS;
    if (sqlite === undefined) throw new Error('no store');
    directory = aDirectory();
    stores = await sqlite.open(directory);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await stores.close();
  });
  afterAll(removeDirectories);

  it('have one thread as long as nobody searches', async () => {
    await stores.audit.standing();
    await stores.audit.undecided(HOUR, 100);
    await stores.audit.accountOf('action');
    await stores.audit.writeWithKey('clerk', 'key');
    await stores.sessions.expired(HOUR, 100);
    expect(openings(directory)).toBe(1);
    await stores.close();
    await expect(stores.audit.records({ limit: 1 })).rejects.toThrow('the stores are closed');
    expect(openings(directory)).toBe(0);
  });

  it('start one reader for two first searches, which see what was committed before', async () => {
    await stores.audit.commit([{ entry: REFUSAL }]);
    const [found, also] = await Promise.all([
      stores.audit.records({ kind: 'refusal', limit: 10 }),
      stores.audit.records({ kind: 'refusal', limit: 10 }),
      stores.audit.writes({ limit: 10 }),
    ]);
    expect(openings(directory)).toBe(2);
    expect([found.length, also.length]).toEqual([1, 1]);
  });

  it('reject a search whose reader cannot be opened, and try again at the next', async () => {
    const database = join(directory, 'surehand.db');
    renameSync(database, `${database}.away`);
    await expect(stores.audit.records({ limit: 1 })).rejects.toThrow(/unable to open/);
    renameSync(`${database}.away`, database);
    await expect(stores.audit.records({ limit: 1 })).resolves.toHaveLength(0);
  });

  it('answer the searches that were asked before they close, though the reader was still to start', async () => {
    const search = stores.audit.records({ limit: 1 });
    await stores.close();
    await expect(search).resolves.toHaveLength(0);
    await expect(stores.audit.records({ limit: 1 })).rejects.toThrow('the stores are closed');
    expect(openings(directory)).toBe(0);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['takes writes', () => stores.audit.standing()],
    ['searches', () => stores.audit.records({ limit: 1 })],
  ])('replace the thread that %s when it ends, and say so', async (_which, ask) => {
    await stores.audit.commit([{ entry: REFUSAL }]);
    const logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
    const endThread = aThreadToEnd();
    await ask();
    // More than it can answer before it ends.
    const asked = Promise.allSettled(Array.from({ length: 500 }, ask));
    await endThread();
    expect((await asked).at(-1)).toMatchObject({
      reason: { message: 'the thread of the stores has ended' },
    });
    await ask();
    expect(logged).toHaveBeenCalledTimes(1);
    await stores.audit.commit([{ entry: { ...REFUSAL, ...stamp() } }]);
    expect(await stores.audit.records({ kind: 'refusal', limit: 10 })).toHaveLength(2);
  });

  it('know after the end of a thread whether it had committed', async () => {
    const endThread = aThreadToEnd();
    const entry = { ...REFUSAL, ...stamp() };
    const commit = stores.audit.commit([{ entry }]);
    await turnOfTheLoop();
    await endThread();
    await commit.catch(() => undefined);
    await stores.audit.commit([{ entry, again: true }]);
    expect(await stores.audit.records({ kind: 'refusal', limit: 10 })).toHaveLength(1);
  });
});
