import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import {
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  type DialectAdapter,
  type SqliteDatabase,
  type SqliteStatement,
} from 'kysely';
import { NOW, type Database } from './database.js';
import { Statements, directQueries, type Run } from './direct-queries.js';
import { migrate } from './migrate.js';
import type { Tables } from './tables.js';

/** How long a statement waits for another connection's lock before it fails, milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;
/** There is one for each number of rows that are inserted together, up to 256. */
const MOST_STATEMENTS = 2_000;
// sqlite.org/pragma.html#pragma_synchronous: FULL, the level at which WAL commits are flushed to disk.
const SYNCHRONOUS_FULL = 2;

/**
 * Opens the embedded database of a data directory for its one owner. Throws if another process has it, or if
 * SQLite does not promise that a commit is on disk.
 */
export async function openSqlite(directory: string): Promise<Database> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = ownDirectory(directory);
  const sqlite = new SQLite(join(directory, 'surehand.db'), { timeout: BUSY_TIMEOUT_MS });
  const close = (): void => {
    sqlite.close();
    lock.close();
  };
  try {
    makeDurable(sqlite);
    const database = preparingOnce(sqlite);
    const dialect = new TransactionalSqlite({ database });
    const db = new Kysely<Tables>({ dialect });
    return {
      db,
      migrated: await migrate(db, 'sqlite'),
      now: NOW.sqlite,
      locksRows: false,
      appending: writeTransactions(sqlite, db, directQueries(dialect), running(database)),
      async close() {
        await db.destroy();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Throws if SQLite does not promise that a commit is on disk. */
function makeDurable(sqlite: SQLite.Database): void {
  sqlite.pragma('journal_mode = WAL');
  // In WAL mode better-sqlite3 runs with NORMAL, which loses commits on a power cut.
  sqlite.pragma('synchronous = FULL');
  // What a statement needs to be undone. SQLite else makes a file of its own for it at most commits, in a
  // directory that may not be there to be written to.
  sqlite.pragma('temp_store = MEMORY');
  const mode: unknown = sqlite.pragma('journal_mode', { simple: true });
  const level: unknown = sqlite.pragma('synchronous', { simple: true });
  if (mode !== 'wal' || level !== SYNCHRONOUS_FULL) {
    throw new Error(
      `SQLite runs with journal_mode=${String(mode)} and synchronous=${String(level)}, not wal and FULL`,
    );
  }
}

/**
 * SQLite undoes a change of the schema like any other (sqlite.org/lang_transaction.html), and Kysely runs migrations in
 * one transaction if it is told so. Else a process that ends in the middle of one would leave a database that none can
 * open.
 */
class TransactionalSqlite extends SqliteDialect {
  override createAdapter(): DialectAdapter {
    return new (class extends SqliteAdapter {
      override get supportsTransactionalDdl(): boolean {
        return true;
      }
    })();
  }
}

/** Prepares each text once: Kysely does so at every query, which takes longer than most of them run. */
function preparingOnce(sqlite: SQLite.Database): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    prepare(text) {
      const known = prepared.get(text);
      if (known !== undefined) return known;
      if (prepared.size >= MOST_STATEMENTS) prepared.clear();
      const statement = sqlite.prepare(text);
      prepared.set(text, statement);
      return statement;
    },
    close: () => sqlite.close(),
  };
}

/** Runs statements on the one connection. What one throws, it throws at once. */
function running(database: SqliteDatabase): Run {
  return (text, values) => {
    const statement = database.prepare(text);
    if (statement.reader) return Promise.resolve({ rows: statement.all(values) });
    const { changes } = statement.run(values);
    return Promise.resolve({ rows: [], numAffectedRows: BigInt(changes) });
  };
}

/** Opens the same database to look only. */
export function openSqliteReader(directory: string): Database {
  const sqlite = new SQLite(join(directory, 'surehand.db'), { timeout: BUSY_TIMEOUT_MS, readonly: true });
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: preparingOnce(sqlite) }) });
  return {
    db,
    migrated: [],
    now: NOW.sqlite,
    locksRows: false,
    appending: () => Promise.reject(new Error('the reader does not write')),
    close: () => db.destroy(),
  };
}

/**
 * Runs transactions that have the write lock from their start: one that begins by reading is refused the lock
 * at once when another connection holds it, instead of waiting its turn.
 */
function writeTransactions(
  sqlite: SQLite.Database,
  db: Kysely<Tables>,
  queries: (run: Run) => Kysely<Tables>,
  run: Run,
): Database['appending'] {
  const begin = sqlite.prepare('begin immediate');
  const commit = sqlite.prepare('commit');
  const rollback = sqlite.prepare('rollback');
  return (work) =>
    // Nobody else has the connection meanwhile.
    db.connection().execute(async () => {
      begin.run();
      const statements = new Statements(run);
      try {
        const { result, pending } = await work(queries(statements.run));
        await pending;
        statements.end();
        commit.run();
        return result;
      } catch (error) {
        statements.end();
        // A full disk makes SQLite roll back by itself.
        if (sqlite.inTransaction) rollback.run();
        throw error;
      }
    });
}

/** Holds a database lock that the operating system gives back however the process ends. */
function ownDirectory(directory: string): SQLite.Database {
  const lock = new SQLite(join(directory, 'owner.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw new Error(`another process owns the data directory ${directory}`, { cause: error });
  }
}
