import type { Socket } from 'node:net';
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
  statement_timeout: 2_000,
  synchronous_commit: 'on',
} as const;

/** What the server itself must be set to for a commit to be on disk. */
const DURABLE: Readonly<Record<string, readonly string[]>> = {
  fsync: ['on'],
  full_page_writes: ['on'],
  synchronous_commit: ['on', 'remote_apply', 'remote_write'],
};

/** Appends have connections of their own, so that no flood of searches keeps them waiting. */
const APPENDERS = 2;
const OTHERS = 8;
const CONNECT_TIMEOUT_MS = 900;
/**
 * A server that does not answer at all is given up, and its connection with it: the network may have lost it
 * without a word, while a new one would get through.
 */
const SILENCE_MS = 2_500;

/** Opens the PostgreSQL database at a URL. Throws if the server does not promise that a commit is on disk. */
export async function openPostgres(url: string): Promise<Database> {
  await prepare(url);
  const appenders = connect(url, APPENDERS, SESSION);
  const db = connect(url, OTHERS, SESSION);
  return {
    db,
    now: NOW.postgres,
    locksRows: true,
    appending: (work) => appenders.transaction().execute(work),
    close: async () => {
      await appenders.destroy();
      await db.destroy();
    },
  };
}

/** Replicas that start together wait for the one that migrates, however long that takes. */
async function prepare(url: string): Promise<void> {
  const db = connect(url, 1, { synchronous_commit: SESSION.synchronous_commit });
  try {
    await refuseWithoutDurability(db);
    await migrate(db, 'postgres');
  } finally {
    await db.destroy();
  }
}

function connect(
  url: string,
  connections: number,
  session: Readonly<Record<string, number | string>>,
): Kysely<Tables> {
  const types = new pg.TypeOverrides();
  // Sequence numbers and times stay far below 2^53.
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types,
    options: Object.entries(session)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
  // An idle connection that breaks is replaced at the next query, which is the one to report it.
  pool.on('error', () => undefined);
  // A connection can also break between two statements of a transaction: the next statement reports it. Without
  // a listener of its own, it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  if (Object.keys(session).length > 0) giveUpSilent(pool);
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** Breaks a connection on which nothing moves while somebody uses it; its query fails, the next one gets another. */
function giveUpSilent(pool: pg.Pool): void {
  pool.on('connect', (client) => {
    const stream = streamOf(client);
    stream.on('timeout', () => stream.destroy());
  });
  pool.on('acquire', (client) => streamOf(client).setTimeout(SILENCE_MS));
  pool.on('release', (_error, client) => streamOf(client).setTimeout(0));
}

function streamOf(client: pg.PoolClient): Socket {
  // pg's own types leave it out.
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

async function refuseWithoutDurability(db: Kysely<Tables>): Promise<void> {
  for (const [setting, accepted] of Object.entries(DURABLE)) {
    const { rows } = await sql<{ value: string }>`select current_setting(${setting}) as value`.execute(db);
    const value = rows[0]?.value ?? 'unknown';
    if (!accepted.includes(value))
      throw new Error(`PostgreSQL runs with ${setting}=${value}: a commit could be lost`);
  }
}
