import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import type { DatabaseKind } from './database.js';
import { migrations } from './migrations.js';
import type { Tables } from './tables.js';

/** Whoever comes after a migration that waits for a table waits behind it: so long at once, so long apart. */
const WAITS_MS = 500;
const PAUSES_MS = 3_000;
/** What PostgreSQL says of a wait that was too long (postgresql.org/docs/current/errcodes-appendix.html). */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Brings the schema up to date, or up to a migration by its name, or leaves it as it was; replicas that start together
 * take turns. Returns the names of the migrations that ran.
 */
export async function migrate(
  db: Kysely<Tables>,
  kind: DatabaseKind,
  upTo?: string,
): Promise<readonly string[]> {
  const known = migrations(kind);
  const due = kind === 'postgres' ? giveWay(known) : known;
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(due) } });
  const run = () => (upTo === undefined ? migrator.migrateToLatest() : migrator.migrateTo(upTo));
  let { error, results = [] } = await run();
  while (isLockNotAvailable(error)) {
    await sleep(PAUSES_MS);
    ({ error, results = [] } = await run());
  }
  if (error === undefined) return results.map(({ migrationName }) => migrationName);
  const later = await unknownOnes(db, known).catch(() => []);
  const why =
    later.length === 0
      ? 'the database schema could not be brought up to date'
      : `a later version has changed the database schema, and this one does not know ${later.join(', ')}`;
  throw new Error(why, { cause: error });
}

/** The same, each of which gives up instead of holding up everybody else who wants its tables. */
function giveWay(all: Record<string, Migration>): Record<string, Migration> {
  const giving = (migration: Migration): Migration => ({
    async up(db) {
      await sql`set local lock_timeout = ${sql.lit(WAITS_MS)}`.execute(db);
      await migration.up(db);
    },
  });
  return Object.fromEntries(Object.entries(all).map(([name, migration]) => [name, giving(migration)]));
}

function isLockNotAvailable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
}

async function unknownOnes(db: Kysely<Tables>, known: Record<string, Migration>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name).filter((name) => !(name in known));
}
