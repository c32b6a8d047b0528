import type { Socket } from 'node:net';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { preparedName } from './compiled-queries.js';
import { NOW, type Database } from './database.js';
import { Statements, directQueries, type Run } from './direct-queries.js';
import { migrate } from './migrate.js';
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

/**
 * A plan may be kept from when a table was empty, and going through it was as good as an index. What appends looks
 * rows up by their keys and nothing else; to compile its plans, which then seem to cost a lot, would not pay. The other
 * connections prepare a look-up by primary key and one by a unique name only.
 */
const BY_INDEX = { enable_seqscan: 'off', jit: 'off' } as const;

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
  const migrated = await prepare(url);
  const appenders = givingUpSilent(connect(url, APPENDERS, { ...SESSION, ...BY_INDEX }));
  const others = givingUpSilent(connect(url, OTHERS, SESSION));
  const queries = directQueries(new PostgresDialect({ pool: others }));
  return {
    db: queries(onAny(others)),
    migrated,
    now: NOW.postgres,
    locksRows: true,
    appending: transactions(appenders, queries),
    close: async () => {
      await appenders.end();
      await others.end();
    },
  };
}

/**
 * Runs the migrations that the database has not seen, and returns their names. A large table takes its time, and
 * replicas that start together wait for the one that migrates, however long that takes.
 */
async function prepare(url: string): Promise<readonly string[]> {
  const pool = connect(url, 1, { synchronous_commit: SESSION.synchronous_commit });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await refuseWithoutDurability(db);
    await endWithTheClient(db);
    return await migrate(db, 'postgres');
  } finally {
    await db.destroy();
  }
}

function connect(
  url: string,
  connections: number,
  session: Readonly<Record<string, number | string>>,
): pg.Pool {
  const types = new pg.TypeOverrides();
  // Sequence numbers and times stay far below 2^53.
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const address = new URL(url);
  // What a URL brings along would replace ours; of two values of one setting, the later one holds.
  const own = address.searchParams.get('options') ?? '';
  address.searchParams.delete('options');
  const pool = new pg.Pool({
    connectionString: address.href,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types,
    pipeline: true,
    options: [own, ...Object.entries(session).map(([name, value]) => `-c ${name}=${value}`)].join(' '),
  });
  // An idle connection that breaks is replaced at the next query, which is the one to report it.
  pool.on('error', () => undefined);
  // A connection can also break between two statements of a transaction: the next statement reports it. Without
  // a listener of its own, it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/**
 * Runs statements on connections that are free. One on which a statement failed is not used again: what it has prepared
 * may be what failed, and would again.
 */
function onAny(pool: pg.Pool): Run {
  return async (text, values) => {
    const client = await pool.connect();
    try {
      const answer = await on(client)(text, values);
      client.release();
      return answer;
    } catch (error) {
      client.release(true);
      throw error;
    }
  };
}

/** Sends what is written to a connection in one turn in one go. */
function gather(stream: Socket): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => {
    stream.uncork();
  });
}

/** Runs statements on a connection, which keeps those that come again: they are parsed once, and planned a few times. */
function on(client: pg.PoolClient): Run {
  return async (text, values) => {
    gather(streamOf(client));
    const query = { name: preparedName(text), text, values: [...values] };
    const { rows, rowCount } = await client.query<object>(query);
    return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
  };
}

/**
 * Statements are sent without a wait for the answers to those before them, and the commit behind the last of them. A
 * connection of which a transaction failed is not used again, as above.
 */
function transactions(pool: pg.Pool, queries: (run: Run) => Kysely<Tables>): Database['appending'] {
  return async (work) => {
    const client = await pool.connect();
    const statements = new Statements(on(client));
    try {
      const begun = statements.run('begin', []);
      // It is waited for with the rest; what `work` reads first fails with it.
      begun.catch(() => undefined);
      const { result, pending } = await work(queries(statements.run));
      // What cannot be sent at all has failed by then. Of any other failure PostgreSQL knows, and takes no commit.
      await Promise.race([pending, turnOfTheLoop()]);
      statements.end();
      const [{ command }] = await Promise.all([client.query('commit'), begun, pending]);
      // What PostgreSQL makes of a commit after a failure.
      if (command === 'ROLLBACK') throw new Error('PostgreSQL has rolled the transaction back');
      client.release();
      return result;
    } catch (error) {
      statements.end();
      // At once, so that nobody waits for the chain's lock until the connection is closed.
      await client.query('rollback').catch(() => undefined);
      client.release(true);
      throw error;
    }
  };
}

/** Breaks a connection on which nothing moves while somebody uses it; its query fails, the next one gets another. */
function givingUpSilent(pool: pg.Pool): pg.Pool {
  pool.on('connect', (client) => {
    const stream = streamOf(client);
    stream.on('timeout', () => stream.destroy());
  });
  pool.on('acquire', (client) => streamOf(client).setTimeout(SILENCE_MS));
  pool.on('release', (_error, client) => streamOf(client).setTimeout(0));
  return pool;
}

function streamOf(client: pg.PoolClient): Socket {
  // pg's own types leave it out.
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

/** A migration whose process is gone would else go on to wait for a table, and everybody else behind it. */
async function endWithTheClient(db: Kysely<Tables>): Promise<void> {
  // Not every server can tell: before PostgreSQL 14 none, and later some systems.
  await sql`set client_connection_check_interval = 1000`.execute(db).catch(() => undefined);
}

async function refuseWithoutDurability(db: Kysely<Tables>): Promise<void> {
  for (const [setting, accepted] of Object.entries(DURABLE)) {
    const { rows } = await sql<{ value: string }>`select current_setting(${setting}) as value`.execute(db);
    const value = rows[0]?.value ?? 'unknown';
    if (!accepted.includes(value))
      throw new Error(`PostgreSQL runs with ${setting}=${value}: a commit could be lost`);
  }
}
