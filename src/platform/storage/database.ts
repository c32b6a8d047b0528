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
  /** Milliseconds since the epoch, by the database's own clock. */
  readonly now: RawBuilder<number>;
  /** Runs a transaction that holds the chain's lock from its start, so that no other one appends. */
  exclusively<T>(work: (transaction: Kysely<Tables>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
