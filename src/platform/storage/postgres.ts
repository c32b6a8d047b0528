import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { NOW, type Database } from './database.js';
import { migrate } from './migrations.js';
import type { Tables } from './tables.js';

/**
 * Settings of every session, milliseconds. A replica that freezes while it holds the chain's lock is cut off
 * by the server, and those who wait for the lock give up before their own deadline.
 */
const SESSION = {
  lock_timeout: 900,
  idle_in_transaction_session_timeout: 1_000,
  statement_timeout: 5_000,
  synchronous_commit: 'on',
} as const;

/** What the server itself must be set to for a commit to be on disk. */
const DURABLE: Readonly<Record<string, readonly string[]>> = {
  fsync: ['on'],
  full_page_writes: ['on'],
  synchronous_commit: ['on', 'remote_apply', 'remote_write'],
};

const CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 900;

/** Opens the PostgreSQL database at a URL. Throws if the server does not promise that a commit is on disk. */
export async function openPostgres(url: string): Promise<Database> {
  const types = new pg.TypeOverrides();
  // Sequence numbers and times stay far below 2^53.
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types,
    options: Object.entries(SESSION)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
  // An idle connection that breaks is replaced at the next query, which is the one to report it.
  pool.on('error', () => undefined);
  // A connection can also break between two statements of a transaction: the next statement reports it. Without
  // a listener of its own, it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await refuseWithoutDurability(db);
    await migrate(db, 'postgres');
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    db,
    now: NOW.postgres,
    exclusively: (work) =>
      db.transaction().execute(async (transaction) => {
        await transaction.selectFrom('chain_head').select('id').forUpdate().execute();
        return await work(transaction);
      }),
    close: () => db.destroy(),
  };
}

async function refuseWithoutDurability(db: Kysely<Tables>): Promise<void> {
  for (const [setting, accepted] of Object.entries(DURABLE)) {
    const { rows } = await sql<{ value: string }>`select current_setting(${setting}) as value`.execute(db);
    const value = rows[0]?.value ?? 'unknown';
    if (!accepted.includes(value))
      throw new Error(`PostgreSQL runs with ${setting}=${value}: a commit could be lost`);
  }
}
