import { sql, type Kysely } from 'kysely';
import type * as CheckpointsModule from '../src/platform/audit/checkpoints.js';
import type * as SqlStoreModule from '../src/platform/audit/sql-audit-store.js';
import type * as SqliteModule from '../src/platform/storage/sqlite.js';
import type { AuditStore } from '../src/platform/audit/audit-store.js';
import type { Database } from '../src/platform/storage/database.js';
import type { Tables } from '../src/platform/storage/tables.js';
import { anIntent, anOutcome } from './support/entries.js';
import { aDatabase, query } from './support/postgres.js';
import { aDirectory, built, openPostgres, privateKey, removeDirectories } from './support/stores.js';

const { openSqlite } = await built<typeof SqliteModule>('storage/sqlite');
const { SqlAuditStore } = await built<typeof SqlStoreModule>('audit/sql-audit-store');
const { CheckpointSigner } = await built<typeof CheckpointsModule>('audit/checkpoints');
afterAll(removeDirectories);

type Statement = (db: Kysely<Tables>) => Promise<unknown>;
const add =
  (resource: string): Statement =>
  (db) =>
    db.insertInto('accounts').values({ resource, account_id: 'a', seen: 1 }).execute();

const KINDS = [
  { name: 'SQLite', open: () => openSqlite(aDirectory()) },
  { name: 'PostgreSQL', open: async () => openPostgres(await aDatabase()) },
];

describe.each(KINDS)('a transaction that appends on $name', ({ name, open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  const resources = async (): Promise<string[]> =>
    (await database.db.selectFrom('accounts').select('resource').orderBy('resource').execute()).map(
      ({ resource }) => resource,
    );
  const append = (statements: readonly Statement[]): Promise<string> =>
    database.appending((transaction) =>
      Promise.resolve({
        result: 'done',
        pending: Promise.all(statements.map((statement) => statement(transaction))),
      }),
    );

  beforeEach(() => database.db.deleteFrom('accounts').execute());

  it('keeps what it does not wait for', async () => {
    expect(await append([add('one'), add('two')])).toBe('done');
    expect(await resources()).toEqual(['one', 'two']);
  });

  const failures: [string, Statement][] = [
    ['a statement that fails', add('one')],
    // As a full disk does on SQLite.
    [
      'a statement that fails and ends the transaction',
      (db) =>
        name === 'SQLite'
          ? sql`insert or rollback into accounts values ('one', 'a', 1)`.execute(db)
          : sql`select pg_terminate_backend(pg_backend_pid())`.execute(db),
    ],
  ];
  it.each(failures)('keeps nothing of what stands before or behind %s', async (_what, fails) => {
    await expect(append([add('one'), fails, add('two')])).rejects.toThrow();
    expect(await resources()).toEqual([]);
    expect(await append([add('three')])).toBe('done');
    expect(await resources()).toEqual(['three']);
  });

  const UNSENDABLE = {
    toJSON: () => {
      throw new Error('no text');
    },
  };
  it('keeps nothing of what stands before a statement that cannot be sent', async () => {
    const fails: Statement = (db) => sql`select ${UNSENDABLE}`.execute(db);
    await expect(append([add('one'), fails])).rejects.toThrow();
    expect(await resources()).toEqual([]);
    expect(await append([add('three')])).toBe('done');
  });

  it('keeps nothing if its work fails', async () => {
    const work = async (transaction: Kysely<Tables>): Promise<never> => {
      await add('one')(transaction);
      throw new Error('not this');
    };
    await expect(database.appending(work)).rejects.toThrow('not this');
    expect(await resources()).toEqual([]);
  });
});

describe('the statements of PostgreSQL', () => {
  let url: string;
  let database: Database;
  let store: AuditStore;
  beforeAll(async () => {
    url = await aDatabase();
    database = await openPostgres(url);
    store = new SqlAuditStore(database, new CheckpointSigner(privateKey, 'replica-1'));
  });
  afterAll(() => database.close());

  async function write(count: number): Promise<void> {
    const intents = Array.from({ length: count }, () => anIntent());
    await store.commit(
      intents.map((entry) => ({ entry, idempotency: { key: entry.operationId, fingerprint: 'f' } })),
    );
    await store.commit(intents.map((intent) => ({ entry: anOutcome(intent, 'applied'), reply: '"done"' })));
  }
  /** What one connection keeps: when nothing else is going on, it is always the same that appends. */
  const prepared = (): Promise<Prepared[]> =>
    database.appending(async (transaction) => {
      const { rows } = await sql<Prepared>`
        select name, statement, cardinality(parameter_types) as parameters from pg_prepared_statements`.execute(
        transaction,
      );
      return { result: rows, pending: Promise.resolve() };
    });

  it('are prepared once each', async () => {
    for (let time = 0; time < 3; time++) await write(2);
    const once = await prepared();
    expect(once.length).toBeGreaterThan(5);
    expect(new Set(once.map(({ statement }) => statement)).size).toBe(once.length);
    await write(2);
    expect(await prepared()).toEqual(once);
  });

  it('are not kept of batches larger than 32', async () => {
    await write(33);
    const sizes = (await prepared()).flatMap(({ statement, parameters }) =>
      statement.startsWith('insert into "audit_records"') ? [parameters / 9] : [],
    );
    expect(Math.max(...sizes)).toBeLessThan(33);
  });

  it('look rows up by an index, although the tables were small when their plans were made', async () => {
    await write(8);
    const statements = await prepared();
    const plans = await database.appending(async (transaction) => {
      await sql`set local plan_cache_mode = force_generic_plan`.execute(transaction);
      const lines: string[] = [];
      for (const { name, parameters } of statements) {
        const nothing = parameters === 0 ? '' : `(${Array(parameters).fill('null').join()})`;
        const { rows } = await sql
          .raw<{ 'QUERY PLAN': string }>(`explain execute ${name}${nothing}`)
          .execute(transaction);
        lines.push(...rows.map((row) => row['QUERY PLAN']));
      }
      return { result: lines, pending: Promise.resolve() };
    });
    expect(plans.filter((line) => line.includes('Index')).length).toBeGreaterThan(3);
    // It has one row.
    expect(plans.filter((line) => line.includes('Seq Scan') && !line.includes('chain_head'))).toEqual([]);
  });

  it('that are made behind the commit are refused', async () => {
    const late = database.appending((transaction) => {
      const pending = new Promise((resolve) => setTimeout(resolve, 20)).then(() => add('late')(transaction));
      return Promise.resolve({ result: 'done', pending });
    });
    await expect(late).rejects.toThrow('has ended');
    expect(await query(url, "select * from accounts where resource = 'late'")).toEqual([]);
  });

  it('go on when a newer version adds columns while they run', async () => {
    await write(2);
    for (const table of ['chain_head', 'audit_records', 'writes', 'claims', 'idempotency_keys'])
      await query(url, `alter table ${table} add column later text`);
    await write(2);
    expect(await store.writes({ limit: 100 })).not.toEqual([]);
  });

  it('fail once when a column becomes of another type while they run', async () => {
    await write(2);
    await query(url, 'alter table chain_head alter column checkpoint_at type numeric');
    await expect(write(2)).rejects.toThrow('cached plan');
    await write(2);
  });
});

interface Prepared {
  readonly name: string;
  readonly statement: string;
  readonly parameters: number;
}
