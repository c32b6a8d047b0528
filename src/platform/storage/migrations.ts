import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Migration } from 'kysely/migration';
import { NOW, type DatabaseKind } from './database.js';

const EMPTY_HASH = '0'.repeat(64);

/** Every change of the schema, in the order of its name. A released one is never edited. */
export function migrations(kind: DatabaseKind): Record<string, Migration> {
  const integer = sql.raw(kind === 'postgres' ? 'bigint' : 'integer');
  return {
    '0001-trail': {
      async up(db: Kysely<unknown>) {
        await sql`
          create table audit_records (
            seq ${integer} primary key,
            id text not null unique,
            kind text not null,
            at text not null,
            operation_id text,
            request_id text,
            subject text,
            record text not null,
            hash text not null
          )`.execute(db);
        await sql`create index audit_records_by_operation on audit_records (operation_id, seq)`.execute(db);
        await sql`create index audit_records_by_request on audit_records (request_id, seq)`.execute(db);
        await sql`create index audit_records_by_kind on audit_records (kind, seq)`.execute(db);
        await sql`create index audit_records_by_subject on audit_records (subject, seq)`.execute(db);
        await sql`
          create table chain_head (
            id ${integer} primary key check (id = 1),
            seq ${integer} not null,
            hash text not null,
            checkpoint_seq ${integer} not null,
            checkpoint_at ${integer} not null
          )`.execute(db);
        await sql`insert into chain_head values (1, 0, ${sql.lit(EMPTY_HASH)}, 0, ${NOW[kind]})`.execute(db);
        await sql`
          create table sensitive_values (hmac text not null, seq ${integer} not null, primary key (hmac, seq))`.execute(
          db,
        );
        await appendOnly(db, kind);
      },
    },
    '0002-writes': {
      async up(db: Kysely<unknown>) {
        await sql`
          create table writes (
            operation_id text primary key,
            seq ${integer} not null unique,
            operation text not null,
            resource text not null,
            subject text,
            client text,
            request_id text,
            idempotency_key text,
            at text not null,
            dispatch_by ${integer} not null,
            outcome text not null,
            evidence text,
            problem text,
            upstream_status integer,
            ended_at text,
            open_item integer not null
          )`.execute(db);
        for (const column of [
          'outcome',
          'operation',
          'resource',
          'subject',
          'request_id',
          'idempotency_key',
          'at',
        ]) {
          await sql`create index ${sql.id(`writes_by_${column}`)} on writes (${sql.id(column)}, seq)`.execute(
            db,
          );
        }
        await sql`
          create index writes_undecided on writes (dispatch_by)
          where outcome in ('pending', 'unknown') and open_item = 0`.execute(db);
        await sql`create table claims (resource text primary key, operation_id text not null unique)`.execute(
          db,
        );
        await sql`
          create table idempotency_keys (
            subject text not null,
            key text not null,
            operation_id text not null unique,
            fingerprint text not null,
            reply text,
            expires_at ${integer},
            primary key (subject, key)
          )`.execute(db);
        await sql`create index idempotency_keys_by_expiry on idempotency_keys (expires_at)`.execute(db);
        await sql`
          create table leases (
            name text primary key,
            holder text not null,
            fence ${integer} not null,
            expires_at ${integer} not null
          )`.execute(db);
        await sql`create table accounts (resource text primary key, account_id text not null)`.execute(db);
      },
    },
    '0003-seen-accounts': {
      async up(db: Kysely<unknown>) {
        await sql`alter table accounts add column seen integer not null default 0`.execute(db);
      },
    },
    '0004-open-writes': {
      async up(db: Kysely<unknown>) {
        await sql`create index writes_open on writes (at) where open_item = 1`.execute(db);
      },
    },
    '0005-fewer-pages': {
      async up(db: Kysely<unknown>) {
        for (const index of REPLACED_INDEXES) await sql`drop index ${sql.id(index)}`.execute(db);
        if (kind === 'sqlite') await inOneTree(db);
        else await sql`alter table claims drop constraint claims_operation_id_key`.execute(db);
        await sql`
          create index audit_records_by_kind on audit_records (kind, seq)
          where kind not in ('intent', 'outcome')`.execute(db);
        await sql`
          create index writes_by_outcome on writes (outcome, seq) where outcome <> 'applied'`.execute(db);
        await sql`create index writes_open on writes (seq) where open_item = 1`.execute(db);
        await sql`
          create index writes_by_idempotency_key on writes (idempotency_key, seq)
          where idempotency_key is not null`.execute(db);
        await sql`
          create index idempotency_keys_by_expiry on idempotency_keys (expires_at)
          where expires_at is not null`.execute(db);
      },
    },
    '0006-sessions': {
      async up(db: Kysely<unknown>) {
        // The tokens come last: SQLite need not read so far, nor write so far when it notes that a session is used.
        await sql`
          create table sessions (
            id_hash text primary key,
            session text not null unique,
            subject text not null,
            sid text,
            started_at ${integer} not null,
            seen_at ${integer} not null,
            ends_at ${integer} not null,
            refresh_at ${integer},
            version ${integer} not null,
            refresh_by text,
            refresh_until ${integer},
            address text,
            user_agent text,
            tokens text not null
          )`.execute(db);
        await sql`create index sessions_by_subject on sessions (subject, session)`.execute(db);
        await sql`create index sessions_by_sid on sessions (sid, session) where sid is not null`.execute(db);
        await sql`create index sessions_by_seen_at on sessions (seen_at)`.execute(db);
        await sql`create index sessions_by_ends_at on sessions (ends_at)`.execute(db);
        await sql`
          create table owed_revocations (
            session text primary key,
            tokens text not null,
            attempts ${integer} not null,
            due_at ${integer} not null
          )`.execute(db);
        await sql`create index owed_revocations_by_due_at on owed_revocations (due_at)`.execute(db);
        const inOneTree = sql.raw(kind === 'sqlite' ? 'without rowid' : '');
        await sql`
          create table noted_ids (id text primary key, expires_at ${integer} not null) ${inOneTree}`.execute(
          db,
        );
        await sql`create index noted_ids_by_expiry on noted_ids (expires_at)`.execute(db);
      },
    },
  };
}

/**
 * Every index costs each write a page or two. These come again for rare rows only, or what they found is found
 * by another one.
 */
const REPLACED_INDEXES = [
  'audit_records_by_kind',
  'writes_by_outcome',
  'writes_by_request_id',
  'writes_by_idempotency_key',
  'writes_undecided',
  'writes_open',
  'idempotency_keys_by_expiry',
];

/** SQLite keeps a primary key that is no integer in a tree beside the rows. Here the rows stand in that tree. */
async function inOneTree(db: Kysely<unknown>): Promise<void> {
  await rebuilt(
    db,
    'writes',
    sql`(
      operation_id text not null unique,
      seq integer primary key,
      operation text not null,
      resource text not null,
      subject text,
      client text,
      request_id text,
      idempotency_key text,
      at text not null,
      dispatch_by integer not null,
      outcome text not null,
      evidence text,
      problem text,
      upstream_status integer,
      ended_at text,
      open_item integer not null
    )`,
  );
  for (const column of ['operation', 'resource', 'subject', 'at'])
    await sql`create index ${sql.id(`writes_by_${column}`)} on writes (${sql.id(column)})`.execute(db);
  await rebuilt(db, 'claims', sql`(resource text primary key, operation_id text not null) without rowid`);
  await rebuilt(
    db,
    'idempotency_keys',
    sql`(
      subject text not null,
      key text not null,
      operation_id text not null unique,
      fingerprint text not null,
      reply text,
      expires_at integer,
      primary key (subject, key)
    ) without rowid`,
  );
}

/** The same rows and columns in a table of another kind; its indexes are gone. */
async function rebuilt(db: Kysely<unknown>, table: string, definition: RawBuilder<unknown>): Promise<void> {
  const [old, next] = [sql.id(table), sql.id(`${table}_rebuilt`)];
  await sql`create table ${next} ${definition}`.execute(db);
  await sql`insert into ${next} select * from ${old}`.execute(db);
  await sql`drop table ${old}`.execute(db);
  await sql`alter table ${next} rename to ${old}`.execute(db);
}

/** No statement changes or removes a record, whoever issues it. */
async function appendOnly(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  if (kind === 'sqlite') {
    for (const change of ['update', 'delete']) {
      await sql`
        create trigger ${sql.id(`audit_records_no_${change}`)} before ${sql.raw(change)} on audit_records
        begin select raise(abort, 'the audit trail is append-only'); end`.execute(db);
    }
    // REPLACE removes a row without firing the trigger on delete (sqlite.org/lang_conflict.html).
    await sql`
      create trigger audit_records_no_replace before insert on audit_records
      when exists (select 1 from audit_records where seq = new.seq or id = new.id)
      begin select raise(abort, 'the audit trail is append-only'); end`.execute(db);
    return;
  }
  await sql`
    create function audit_records_append_only() returns trigger language plpgsql as $$
    begin raise exception 'the audit trail is append-only'; end $$`.execute(db);
  await sql`
    create trigger audit_records_append_only before update or delete or truncate on audit_records
    for each statement execute function audit_records_append_only()`.execute(db);
}
