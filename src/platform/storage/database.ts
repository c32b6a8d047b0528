import type { Kysely, RawBuilder } from 'kysely';
import type { Tables } from './tables.js';

/** A database that keeps the trail: what differs between SQLite and PostgreSQL, and nothing else. */
export interface Database {
  readonly db: Kysely<Tables>;
  /** Milliseconds since the epoch, by the database's own clock. */
  readonly now: RawBuilder<number>;
  /** Runs a transaction that holds the chain's lock from its start, so that no other one appends. */
  exclusively<T>(work: (transaction: Kysely<Tables>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
