import SQLite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { overRow, overRows } from './compiled-queries.js';
import type { AccountsTable, Tables } from './tables.js';

function aDatabase(): Kysely<Tables> {
  const sqlite = new SQLite(':memory:');
  sqlite.exec('create table accounts (resource text, account_id text, seen integer)');
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) });
}

const row = (number: number): AccountsTable => ({
  resource: `action-${number}`,
  account_id: `account-${number}`,
  seen: number,
});
const rows = (count: number): AccountsTable[] => Array.from({ length: count }, (_, number) => row(number));

describe('a query over rows', () => {
  let built = 0;
  let db: Kysely<Tables>;
  const add = overRows<AccountsTable, AccountsTable>((database, accounts) => {
    built++;
    return database.insertInto('accounts').values(accounts).returningAll();
  });
  beforeEach(() => {
    built = 0;
    db = aDatabase();
  });
  afterEach(() => db.destroy());

  it.each([
    ['one', [1, 1, 1], 1],
    ['as many as are kept', [32, 32], 1],
    ['more than are kept', [33, 33], 2],
    ['other numbers in between', [1, 2, 1, 3, 2], 3],
    ['none', [0], 0],
  ])(
    'is built once for each number of them, and takes the values of each time: %s',
    async (_, counts, times) => {
      for (const count of counts) expect(await add(db, rows(count))).toEqual(rows(count));
      expect(built).toBe(times);
    },
  );

  it('takes each value by its name, in whatever order the members of a row are, and takes null', async () => {
    await add(db, [row(1)]);
    const turned = { seen: 2, resource: 'action-2', account_id: null as unknown as string };
    expect(await add(db, [turned])).toEqual([turned]);
  });

  it('is built anew for another database', async () => {
    const other = aDatabase();
    await add(db, rows(1));
    await add(other, rows(1));
    expect(built).toBe(2);
    await other.destroy();
  });
});

it('a query over one row keeps what is no value of the row', async () => {
  const db = aDatabase();
  const seen = overRow<Pick<AccountsTable, 'resource'>, { account_id: string }>((database, { resource }) =>
    database
      .selectFrom('accounts')
      .select('account_id')
      .where('seen', '=', 7)
      .where('resource', '=', resource),
  );
  await db.insertInto('accounts').values(rows(9)).execute();
  expect(await seen(db, { resource: 'action-7' })).toEqual([{ account_id: 'account-7' }]);
  expect(await seen(db, { resource: 'action-8' })).toEqual([]);
  await db.destroy();
});
