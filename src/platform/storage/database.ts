import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Tables } from './tables.js';

export type DatabaseKind = 'sqlite' | 'postgres';

/** Milliseconds since the epoch, by each database's own clock. */
export const NOW: Readonly<Record<DatabaseKind, RawBuilder<number>>> = {
  sqlite: sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
  postgres: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
};

/** A database that keeps the trail: what differs between SQLite and PostgreSQL, and nothing else. */
export interface Database {
  readonly db: Kysely<Tables>;
  /** The names of the migrations that ran when it was opened, in their order. */
  readonly migrated: readonly string[];
  /** Milliseconds since the epoch, by the database's own clock. */
  readonly now: RawBuilder<number>;
  /** Whether the row of the chain's head is to be locked; else a transaction of `appending` excludes all others. */
  readonly locksRows: boolean;
  /**
   * Runs a transaction that appends to the chain. What it reads first is the chain's head, and so its lock.
   * Statements run in the order in which they are made. If one fails nothing is kept. One that
   * is made later than a turn of the event loop after the end of the work may be refused.
   */
  appending<T>(work: (transaction: Kysely<Tables>) => Promise<Appended<T>>): Promise<T>;
  close(): Promise<void>;
}

/** What a transaction comes to, once `pending` has come to its end and is committed. */
export interface Appended<T> {
  readonly result: T;
  /** Statements that the work does not wait for: they travel to the database together with the commit. */
  readonly pending: Promise<unknown>;
}

/** So many milliseconds from now, by the database's own clock; or ago, if negative. */
export function fromNow({ now }: Pick<Database, 'now'>, ms: number): RawBuilder<number> {
  return sql<number>`${now} + ${sql.lit(Math.round(ms))}`;
}
