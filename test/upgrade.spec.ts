import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { REQUIRED, refusedStart } from './support/gateway.js';
import { DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';
import { aDatabase, query } from './support/postgres.js';
import { json } from './support/scripted-upstream.js';
import { verifier } from './support/verifier.js';

/** What a later version would do to the schema, as this one's migrations do it: it only adds. */
const NEWER = [
  'alter table writes add column later_column text',
  "insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01T00:00:00.000Z')",
];
const dataDir = mkdtempSync(join(tmpdir(), 'surehand-upgrade-'));
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

/** Where a trail is, and how somebody else changes it. */
interface Store {
  readonly settings: Record<string, string>;
  readonly place: string;
  change(statement: string): Promise<unknown>;
}

function onSqlite(): Promise<Store> {
  const change = (statement: string): Promise<void> => {
    const database = new SQLite(join(dataDir, 'surehand.db'));
    database.exec(statement);
    database.close();
    return Promise.resolve();
  };
  return Promise.resolve({ settings: { DATA_DIR: dataDir }, place: dataDir, change });
}

async function onPostgres(): Promise<Store> {
  const url = await aDatabase();
  return { settings: { DATABASE_URL: url }, place: url, change: (statement) => query(url, statement) };
}

describe.each([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
])('a schema on %s that a later version has added to', (_name, aStore) => {
  let store: Store;
  let landscape: Landscape;
  beforeAll(async () => {
    store = await aStore();
    landscape = await Landscape.start(store.settings);
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    for (const statement of NEWER) await store.change(statement);
  });
  afterAll(() => landscape.end());

  it('is written on by a gateway that already runs', async () => {
    const reply = await landscape.call(actionPath(1), { body: { scheduledDate: '2021-02-14' } });
    expect(reply.status).toBe(200);
    expect((await verifier('--database', store.place)).output).toMatch(/^OK: 2 records/);
  });

  it('is refused by a gateway that starts', async () => {
    await landscape.gateway.stop();
    const { code, output } = await refusedStart({
      ...REQUIRED,
      DATA_DIR: dataDir,
      PORT: '0',
      ...store.settings,
    });
    expect(code).toBe(1);
    expect(output).toContain(
      'a later version has changed the database schema, and this one does not know 9999-later',
    );
  });

  it('is taken again by the old version once its name is off the list, whatever was added', async () => {
    await store.change("delete from kysely_migration where name = '9999-later'");
    landscape = await landscape.restart();
    const reply = await landscape.call(actionPath(2), { body: { scheduledDate: '2021-02-14' } });
    expect(reply.status).toBe(200);
  });
});
