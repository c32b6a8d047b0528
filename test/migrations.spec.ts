import { generateKeyPairSync, randomUUIDv7 } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely';
import pg from 'pg';
import type * as CheckpointsModule from '../src/platform/audit/checkpoints.js';
import type * as QueriesModule from '../src/platform/audit/queries.js';
import type * as SqlStoreModule from '../src/platform/audit/sql-audit-store.js';
import type { WritesFilter } from '../src/platform/audit/audit-store.js';
import type * as SqlSessionStoreModule from '../src/platform/sessions/sql-session-store.js';
import type { SessionStore } from '../src/platform/sessions/session-store.js';
import type * as DatabaseModule from '../src/platform/storage/database.js';
import type * as MigrateModule from '../src/platform/storage/migrate.js';
import type * as PostgresModule from '../src/platform/storage/postgres.js';
import type * as SqliteModule from '../src/platform/storage/sqlite.js';
import type { Database, DatabaseKind } from '../src/platform/storage/database.js';
import type { NewWriteRow, Tables } from '../src/platform/storage/tables.js';
import { aDatabase } from './support/postgres.js';

async function built<Module>(path: string): Promise<Module> {
  return (await import(`../dist/platform/${path}.js`)) as Module;
}
const { migrate } = await built<typeof MigrateModule>('storage/migrate');
const { openSqlite } = await built<typeof SqliteModule>('storage/sqlite');
const { openPostgres } = await built<typeof PostgresModule>('storage/postgres');
const { SqlAuditStore } = await built<typeof SqlStoreModule>('audit/sql-audit-store');
const { SqlSessionStore } = await built<typeof SqlSessionStoreModule>('sessions/sql-session-store');
const { NOW } = await built<typeof DatabaseModule>('storage/database');
const { CheckpointSigner } = await built<typeof CheckpointsModule>('audit/checkpoints');
const { findRecords, findWrites, findUndecided } = await built<typeof QueriesModule>('audit/queries');

const directory = mkdtempSync(join(tmpdir(), 'surehand-schema-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const signer = new CheckpointSigner(generateKeyPairSync('ed25519').privateKey, 'replica-1');

interface Kind {
  readonly name: string;
  readonly kind: DatabaseKind;
  readonly place: () => Promise<string>;
  readonly raw: (place: string) => Kysely<Tables>;
  readonly open: (place: string) => Promise<Database>;
}

const KINDS: readonly Kind[] = [
  {
    name: 'SQLite',
    kind: 'sqlite',
    place: () => Promise.resolve(mkdtempSync(join(directory, 'data-'))),
    raw: (place) =>
      new Kysely({ dialect: new SqliteDialect({ database: new SQLite(join(place, 'surehand.db')) }) }),
    open: openSqlite,
  },
  {
    name: 'PostgreSQL',
    kind: 'postgres',
    place: aDatabase,
    raw: (place) =>
      new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: place }) }) }),
    open: openPostgres,
  },
];

function aWrite(seq: number, changes: Partial<NewWriteRow>): NewWriteRow {
  return {
    operation_id: randomUUIDv7(),
    seq,
    operation: 'deferred-action.modify',
    resource: `action-${seq}`,
    subject: 'clerk',
    client: null,
    request_id: randomUUIDv7(),
    idempotency_key: `key-${seq}`,
    at: '2026-01-02T03:04:05.678Z',
    dispatch_by: 1,
    outcome: 'pending',
    evidence: null,
    problem: null,
    upstream_status: null,
    ended_at: null,
    open_item: 0,
    ...changes,
  };
}

describe.each(KINDS)('the schema of an earlier version on $name', ({ kind, place, raw, open }) => {
  it('is brought up to date with every write, claim and key, and goes on from there', async () => {
    const where = await place();
    const before = raw(where);
    await migrate(before, kind, '0004-open-writes');
    const rows = [
      aWrite(101, { outcome: 'applied', evidence: 'observed' }),
      aWrite(102, { outcome: 'unknown', evidence: 'read-back', open_item: 1 }),
      aWrite(103, {}),
    ];
    const [, , inFlight] = rows;
    if (inFlight === undefined) throw new Error('no write in flight');
    const { operation_id: operationId, operation, resource } = inFlight;
    await before.insertInto('writes').values(rows).execute();
    await before
      .insertInto('claims')
      .values({ resource: `deferred-action:${resource}`, operation_id: operationId })
      .execute();
    await before
      .insertInto('idempotency_keys')
      .values({
        subject: 'clerk',
        key: 'key-103',
        operation_id: operationId,
        fingerprint: 'f',
        reply: null,
        expires_at: null,
      })
      .execute();
    await before.destroy();

    const database = await open(where);
    const store = new SqlAuditStore(database, signer);
    expect(await store.writes({ limit: 10 })).toEqual([...rows].reverse());
    const stamp = { at: new Date().toISOString(), replica: 'replica-1', requestId: null, address: null };
    const principal = { subject: 'clerk', client: null, method: 'bearer' };
    const another = {
      entry: {
        ...stamp,
        id: randomUUIDv7(),
        kind: 'intent',
        principal,
        operationId: randomUUIDv7(),
        operation,
        resource,
        dispatchBy: stamp.at,
        payload: {},
        payloadDigest: '',
        before: null,
        idempotencyKey: 'key-103',
      },
    } as const;
    const idempotency = { key: 'key-103', fingerprint: 'f' };
    expect((await store.commit([another])).settlements).toEqual([{ kind: 'resource-busy', operationId }]);
    await store.commit([
      {
        entry: {
          ...stamp,
          id: randomUUIDv7(),
          kind: 'outcome',
          principal,
          operationId,
          operation,
          resource,
          outcome: 'applied',
          evidence: 'observed',
          problem: null,
          upstreamStatus: 200,
          upstreamRequestId: null,
          durationMs: 1,
        },
        reply: '"done"',
      },
    ]);
    expect((await store.commit([{ ...another, idempotency }])).settlements).toEqual([
      expect.objectContaining({ kind: 'key-known', operationId, reply: '"done"' }),
    ]);
    expect((await store.commit([another])).settlements).toEqual([{ kind: 'committed' }]);
    await database.close();
  });

  it('is left as it was by migrations that do not come to their end', async () => {
    const where = await place();
    const before = raw(where);
    await migrate(before, kind, '0004-open-writes');
    const names = sql<{ name: string }>`select name from kysely_migration order by name`;
    const [known, tables] = [await names.execute(before), await before.introspection.getTables()];
    // The last thing to be made is there already.
    await sql`create table noted_ids (id text)`.execute(before);
    await expect(open(where)).rejects.toThrow('the database schema could not be brought up to date');
    await sql`drop table noted_ids`.execute(before);
    expect(await names.execute(before)).toEqual(known);
    expect(await before.introspection.getTables()).toEqual(tables);
    await before.destroy();

    const database = await open(where);
    expect(database.migrated).toEqual(['0005-fewer-pages', '0006-sessions']);
    await database.close();
  });
});

describe('a migration on PostgreSQL', () => {
  const [, { place, kind, raw, open }] = KINDS as readonly [Kind, Kind];
  const DUE = ['0005-fewer-pages', '0006-sessions'];

  async function anEarlierOne(): Promise<{ where: string; before: Kysely<Tables> }> {
    const where = await place();
    const before = raw(where);
    await migrate(before, kind, '0004-open-writes');
    return { where, before };
  }

  it('waits for the one of another replica, however long that takes', async () => {
    const { where, before } = await anEarlierOne();
    const opening = await before.connection().execute(async (other) => {
      // What Kysely has while it migrates.
      const lock = sql`3853314791062309107`;
      await sql`select pg_advisory_lock(${lock})`.execute(other);
      const waiting = open(where);
      // So long that a query of a gateway would have been given up.
      await Promise.race([waiting, sleep(3_500)]);
      expect(await other.introspection.getTables()).not.toContainEqual(
        expect.objectContaining({ name: 'sessions' }),
      );
      await sql`select pg_advisory_unlock(${lock})`.execute(other);
      return { waiting };
    });
    const database = await opening.waiting;
    expect(database.migrated).toEqual(DUE);
    await database.close();
    await before.destroy();
  });

  it('waits for a table that somebody reads, and nobody waits for long behind it', async () => {
    const { where, before } = await anEarlierOne();
    const opening = await before.transaction().execute(async (reader) => {
      await sql`select from writes`.execute(reader);
      const waiting = open(where);
      const waited: number[] = [];
      for (const until = performance.now() + 4_000; performance.now() < until;) {
        await sleep(20);
        const begun = performance.now();
        await before.insertInto('writes').values(aWrite(waited.length, {})).execute();
        waited.push(performance.now() - begun);
      }
      // It has been there, and gave way before a gateway would have given up.
      expect(Math.max(...waited)).toBeGreaterThan(200);
      expect(Math.max(...waited)).toBeLessThan(900);
      return { waiting };
    });
    const database = await opening.waiting;
    expect(database.migrated).toEqual(DUE);
    await database.close();
    await before.destroy();
  });
});

describe('the indexes on SQLite', () => {
  const queries: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];
  const sqlite = new SQLite(':memory:');
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: sqlite }),
    log: ({ query }) => {
      queries.push(query);
    },
  });
  beforeAll(() => migrate(db, 'sqlite'));
  afterAll(() => db.destroy());

  async function planOf(search: () => Promise<unknown>): Promise<string[]> {
    queries.length = 0;
    await search();
    if (queries.length === 0) throw new Error('nothing was asked');
    return queries.flatMap((query) => {
      const plan = sqlite.prepare<unknown[], { detail: string }>(`explain query plan ${query.sql}`);
      return plan.all(...query.parameters).map(({ detail }) => detail);
    });
  }

  const readsTheTable = (step: string): boolean => /^SCAN \w+$/.test(step);

  const SEARCHES: readonly [keyof WritesFilter, WritesFilter, string][] = [
    ['outcome', { outcome: 'rejected', limit: 9 }, 'writes_by_outcome'],
    ['operation', { operation: 'handoff.create', limit: 9 }, 'writes_by_operation'],
    ['resource', { resource: 'HO-1', limit: 9 }, 'writes_by_resource'],
    ['subject', { subject: 'clerk', limit: 9 }, 'writes_by_subject'],
    ['requestId', { requestId: 'r', limit: 9 }, 'audit_records_by_request'],
    ['idempotencyKey', { idempotencyKey: 'k', limit: 9 }, 'writes_by_idempotency_key'],
    ['open', { open: true, limit: 9 }, 'writes_open'],
    ['before', { before: 7, limit: 9 }, 'PRIMARY KEY'],
  ];
  it.each(SEARCHES)('find writes by %s', async (_name, filter, index) => {
    const plan = await planOf(() => findWrites(db, filter));
    expect(plan.join('\n')).toContain(index);
    expect(plan.filter(readsTheTable)).toEqual([]);
  });

  it('find undecided writes', async () => {
    const plan = await planOf(() => findUndecided(db, sql.lit(1), 9));
    expect(plan.join('\n')).toContain('writes_by_outcome');
  });

  it.each([
    ['kind', { kind: 'resolution' }, 'audit_records_by_kind'],
    ['operation', { operationId: 'o' }, 'audit_records_by_operation'],
    ['request', { requestId: 'r' }, 'audit_records_by_request'],
    ['subject', { subject: 'clerk' }, 'audit_records_by_subject'],
  ] as const)('find records by %s', async (_name, filter, index) => {
    const plan = await planOf(() => findRecords(db, { ...filter, limit: 9 }));
    expect(plan.join('\n')).toContain(index);
    expect(plan.filter(readsTheTable)).toEqual([]);
  });

  const sessions = new SqlSessionStore({
    db,
    migrated: [],
    now: NOW.sqlite,
    locksRows: false,
    appending: () => Promise.reject(new Error('nothing is appended')),
    close: () => Promise.resolve(),
  });
  const SESSION_QUERIES: readonly [string, (store: SessionStore) => Promise<unknown>, string[]][] = [
    ['a session by its cookie', (store) => store.find(['h'], 9), ['id_hash=?']],
    ['a session by its name', (store) => store.get('s'), ['session=?']],
    ['the sessions of a subject', (store) => store.list({ subject: 'clerk', limit: 9 }, 9), ['by_subject']],
    ['the sessions of a sid', (store) => store.list({ sid: 'sid', limit: 9 }, 9), ['by_sid']],
    ['the next sessions', (store) => store.list({ before: 's', limit: 9 }, 9), ['session<?']],
    ['a session to touch', (store) => store.touch('s'), ['session=?']],
    ['a session to refresh', (store) => store.lockRefresh('s', 1, 'a', 9), ['session=?']],
    ['a session to keep tokens in', (store) => store.keepTokens('s', 'a', 't', 9), ['session=?']],
    ['what is over', (store) => store.expired(9, 9), ['by_seen_at', 'by_ends_at']],
    ['what is owed', (store) => store.takeOwed(9, 9), ['by_due_at', 'session=?']],
    ['what is settled', (store) => store.settleOwed('s'), ['session=?']],
    ['what is to be forgotten', (store) => store.noteOnce('i', 9), ['by_expiry', 'id=?']],
  ];
  it.each(SESSION_QUERIES)('find %s, and sort nothing', async (_name, search, indexes) => {
    const plan = await planOf(() => search(sessions));
    for (const index of indexes) expect(plan.join('\n')).toContain(index);
    expect(plan.filter((step) => readsTheTable(step) || step.includes('TEMP B-TREE'))).toEqual([]);
  });
});
