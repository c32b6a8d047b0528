import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import pg from 'pg';
import { Gateway, REQUIRED, commanded } from './support/gateway.js';
import { aDatabase, query } from './support/postgres.js';

const directory = mkdtempSync(join(tmpdir(), 'surehand-migrate-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

async function migrated(settings: Record<string, string>): Promise<unknown> {
  const { code, stdout, stderr } = await commanded({ ...REQUIRED, ...settings }, ['--migrate']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe.each([
  ['SQLite', () => Promise.resolve({ DATA_DIR: join(directory, 'data') })],
  ['PostgreSQL', async () => ({ DATABASE_URL: await aDatabase(), DATA_DIR: join(directory, 'none') })],
])('--migrate on %s', (name, place) => {
  it('makes the tables, says which migrations ran, and serves nobody', async () => {
    const settings = await place();
    expect(await migrated(settings)).toEqual({
      migrated: [
        '0001-trail',
        '0002-writes',
        '0003-seen-accounts',
        '0004-open-writes',
        '0005-fewer-pages',
        '0006-sessions',
      ],
    });
    expect(await migrated(settings)).toEqual({ migrated: [] });
    // No gateway has been here, which would have made its keys.
    expect(existsSync(join(directory, 'none'))).toBe(false);
    if (name === 'SQLite') {
      const database = new SQLite(join(settings.DATA_DIR, 'surehand.db'), { readonly: true });
      expect(database.prepare('select seq from chain_head').all()).toEqual([{ seq: 0 }]);
      database.close();
    }
  });
});

describe('--migrate', () => {
  it('is refused a data directory that a gateway owns, which goes on', async () => {
    const gateway = await Gateway.start(REQUIRED);
    const refused = await commanded({ ...REQUIRED, DATA_DIR: gateway.dataDir }, ['--migrate']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^another process owns the data directory .*\n$/);
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
    await gateway.discard();
  });

  it('is no success when it is stopped, and leaves nothing behind', async () => {
    const url = await aDatabase();
    const holder = new pg.Client({ connectionString: url });
    await holder.connect();
    // As another one that migrates.
    await holder.query('select pg_advisory_lock(3853314791062309107)');
    const stopped = await commanded({ ...REQUIRED, DATABASE_URL: url }, ['--migrate'], async (child) => {
      while ((await query(url, waiting)).length === 0) await sleep(50);
      child.kill('SIGTERM');
    });
    expect(stopped).toEqual({ code: 128 + 15, stdout: '', stderr: '' });
    // Else others would go on to wait behind it.
    const sent = performance.now();
    while ((await query(url, waiting)).length > 0) await sleep(50);
    expect(performance.now() - sent).toBeLessThan(5_000);
    await holder.end();
    expect(await migrated({ DATABASE_URL: url })).toEqual({ migrated: expect.any(Array) as unknown });
  });
});

const waiting = `
  select from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock' and query like '%pg_advisory_lock%'`;
