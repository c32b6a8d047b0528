import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REQUIRED, commanded, type Commanded } from './support/gateway.js';
import { UPDATED_HANDOFF, aHandoffUpdate, handoffPath } from './support/landscape.js';
import { aDatabase, query } from './support/postgres.js';
import { json, reset } from './support/scripted-upstream.js';
import { SessionLandscape } from './support/session-landscape.js';
import { verifier } from './support/verifier.js';

const ROLES = readFileSync(join(import.meta.dirname, '../deploy/postgres/roles.sql'), 'utf8');

let database: string;
beforeAll(async () => {
  database = await aDatabase();
  await query(database, ROLES);
});

/** The URL of the database for one of its roles. */
function as(role: 'owner' | 'app' | 'auditor'): string {
  const url = new URL(database);
  url.username = `surehand_${role}`;
  return url.href;
}

function migrate(role: 'owner' | 'app'): Promise<Commanded> {
  return commanded({ ...REQUIRED, DATABASE_URL: as(role) }, ['--migrate']);
}

it('is made by its owner, and by nobody else', async () => {
  expect(await migrate('app')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('permission denied for schema public') as unknown,
  });
  expect(await migrate('owner')).toMatchObject({ code: 0, stderr: '' });
});

it('gives its tables to the gateway once the roles are set up again', async () => {
  expect((await migrate('app')).stderr).toContain('permission denied for table kysely_migration');
  await query(database, ROLES);
  expect(await migrate('app')).toEqual({ code: 0, stdout: '{\n  "migrated": []\n}\n', stderr: '' });
});

it('lets the gateway do all that it does', async () => {
  const landscape = await SessionLandscape.start({
    settings: { DATABASE_URL: as('app'), SESSION_KEY: Buffer.alloc(32, 1).toString('base64') },
    accessTokenSeconds: 60,
  });
  const { gateway, lending } = landscape;
  const clerk = await landscape.dueVisitor();
  const update = (reference: string) =>
    clerk.call(handoffPath(reference), {
      method: 'PUT',
      body: aHandoffUpdate({ handoffRefNumber: reference }),
      headers: { 'idempotency-key': `"key-${reference}"` },
    });
  lending.play(json(200, UPDATED_HANDOFF));
  expect([(await update('HO-1')).status, (await update('HO-1')).status]).toEqual([200, 200]);
  expect(lending.calls).toHaveLength(1);
  lending.play(reset);
  expect((await update('HO-2')).status).toBe(502);
  expect((await clerk.call('/writes')).status).toBe(200);
  const auditor = await landscape.signedIn('auditor');
  for (const path of ['/audit/records', '/audit/checkpoints', '/audit/export'])
    expect([path, (await auditor.call(path)).status]).toEqual([path, 200]);
  await clerk.signOut();
  expect((await clerk.call('/writes')).status).toBe(401);
  expect(await gateway.stop()).toBe(0);
  expect(gateway.log.join('\n')).not.toMatch(/permission denied|must be owner/);
  await landscape.end();
});

it('leaves no table without rights for the gateway', async () => {
  const rows = await query(
    database,
    `select relname from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r'
     and not has_table_privilege('surehand_app', oid, 'select')`,
  );
  expect(rows).toEqual([]);
});

it.each([
  'update audit_records set subject = null',
  'delete from audit_records',
  'truncate audit_records',
  'drop table audit_records',
  'alter table audit_records disable trigger all',
  'update sensitive_values set seq = 0',
  'delete from chain_head',
  'delete from writes',
  'delete from kysely_migration',
  'create table mine ()',
])('does not let the gateway %s', async (statement) => {
  await expect(query(as('app'), statement)).rejects.toThrow(/permission denied|must be owner/);
});

it('lets the auditor verify the trail, and see nothing else', async () => {
  expect(await verifier('--database', as('auditor'))).toMatchObject({ code: 0 });
  for (const statement of ['select from sessions', 'select from idempotency_keys', 'delete from chain_head'])
    await expect(query(as('auditor'), statement)).rejects.toThrow('permission denied');
});
