import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import type { Tables } from './tables.js';

/** Every change of the schema, in the order of its name. A released one is never edited. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-audit-records': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table audit_records (
          seq integer primary key,
          id text not null unique,
          kind text not null,
          at text not null,
          operation_id text,
          request_id text not null,
          record text not null,
          hash text not null
        ) strict`.execute(db);
      await sql`create index audit_records_by_operation on audit_records (operation_id, seq)`.execute(db);
      await sql`create index audit_records_by_request on audit_records (request_id, seq)`.execute(db);
      for (const change of ['update', 'delete']) {
        await sql`
          create trigger ${sql.raw(`audit_records_no_${change}`)} before ${sql.raw(change)} on audit_records
          begin select raise(abort, 'the audit trail is append-only'); end`.execute(db);
      }
    },
  },
};

/** Brings the schema up to date. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined)
    throw new Error('the database schema could not be brought up to date', { cause: error });
}
