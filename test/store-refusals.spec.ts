import { setTimeout as sleep } from 'node:timers/promises';
import { postgresRecords, type StoredRecord } from './support/audit-records.js';
import { DOCUMENTED_REPLY, Landscape } from './support/landscape.js';
import { PostgresServer } from './support/postgres.js';
import { json } from './support/scripted-upstream.js';
import { SmallDisk } from './support/small-disk.js';
import { expectOutcomeSpooled, expectPromisesKept, write, type StoreFault } from './support/store-fault.js';

describe('PostgreSQL that is there, and does not take a record:', () => {
  let server: PostgresServer;
  let database: string;
  let landscape: Landscape;
  const trail = (): Promise<StoredRecord[]> => postgresRecords(database);
  const administer = (statement: string): Promise<void> => server.run(statement, database);
  beforeAll(async () => {
    server = await PostgresServer.start();
    database = await server.createDatabase();
    // Not even a superuser is above its own triggers, but one is above its grants.
    await administer('create role gateway login');
    await administer('alter schema public owner to gateway');
    const url = new URL(database);
    url.username = 'gateway';
    landscape = await Landscape.start({ DATABASE_URL: url.href, LOG_LEVEL: 'error' });
  });
  afterAll(async () => {
    await landscape.end();
    await server.discard();
  });

  const faults: StoreFault[] = [
    {
      name: 'may not be inserted into',
      lasts: 700,
      begin: () => administer('revoke insert on audit_records from gateway'),
      end: () => administer('grant insert on audit_records to gateway'),
    },
    {
      name: 'has lost its table',
      lasts: 700,
      begin: () => administer('alter table audit_records rename to lost'),
      end: () => administer('alter table lost rename to audit_records'),
    },
  ];

  it.each(faults)('$name, under load', async (fault) => {
    await expectPromisesKept(landscape, trail, fault);
  });

  it.each(faults)('$name, while a write is at the upstream', async (fault) => {
    await expectOutcomeSpooled(landscape, trail, fault);
  });

  it('refuses every write after its table was dropped for good, and lives on', async () => {
    await administer('drop table audit_records cascade');
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const token = await landscape.issuer.token();
    for (let count = 0; count < 5; count++) {
      const { status, problem } = await write(landscape, token);
      expect({ status, code: problem?.['code'] }).toEqual({ status: 503, code: 'audit-unavailable' });
    }
    expect(landscape.billing.calls).toEqual([]);
    expect((await fetch(`${landscape.gateway.url}/problems`)).status).toBe(200);
  });
});

(SmallDisk.allowed ? describe : describe.skip)('PostgreSQL whose disk is full', () => {
  let disk: SmallDisk;
  let server: PostgresServer;
  let database: string;
  let landscape: Landscape;
  beforeAll(async () => {
    disk = SmallDisk.mount(128);
    server = await PostgresServer.start({}, disk.path);
    database = await server.createDatabase();
    landscape = await Landscape.start({ DATABASE_URL: database, LOG_LEVEL: 'error' });
  });
  afterAll(async () => {
    await landscape.end();
    await server.discard();
    disk.unmount();
  });

  it('under load', async () => {
    await expectPromisesKept(landscape, () => postgresRecords(database), {
      name: 'has no room on its disk',
      lasts: 700,
      begin: async () => {
        disk.fill();
        // Ends the segment of the write-ahead log that it has: the next one finds no room.
        await server.run('select pg_switch_wal()').catch(() => undefined);
        await sleep(100);
      },
      end: async () => {
        disk.clear();
        // It gave up when it could not write its log.
        await server.restart('kill');
      },
    });
  });
});
