import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditRecords, postgresRecords, type StoredRecord } from './support/audit-records.js';
import { DOCUMENTED_REPLY, Landscape } from './support/landscape.js';
import { PostgresServer } from './support/postgres.js';
import { json } from './support/scripted-upstream.js';
import { StallingProxy } from './support/stalling-proxy.js';
import {
  BACK_WITHIN,
  eventually,
  expectOutcomeSpooled,
  expectPromisesKept,
  write,
  type StoreFault,
} from './support/store-fault.js';

/** Enough for a spooled outcome, too little for the write-ahead log. */
const FULL_AT_BYTES = 8_192;

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(async () => {
  await server.discard();
});

const readOnly = async (setting: 'on' | 'off'): Promise<void> => {
  await server.run(`alter system set default_transaction_read_only = ${setting}`);
  await server.run('select pg_reload_conf()');
  // The sessions hear of it one after the other.
  await sleep(100);
};
const restarts: StoreFault[] = (['fast', 'immediate'] as const).map((mode) => ({
  name: `is restarted (${mode})`,
  lasts: 0,
  begin: () => server.restart(mode),
  end: () => undefined,
}));
const outages: StoreFault[] = [
  { name: 'is stopped', lasts: 700, begin: () => server.stop(), end: () => server.restart() },
  { name: 'is killed', lasts: 700, begin: () => server.stop('kill'), end: () => server.restart() },
  {
    name: 'is frozen',
    // The outcomes of what was under way take a second, and only then the first intents fail.
    lasts: 2_100,
    begin: () => {
      server.freeze();
    },
    end: () => {
      server.thaw();
    },
  },
  { name: 'is read-only', lasts: 700, begin: () => readOnly('on'), end: () => readOnly('off') },
];

describe('PostgreSQL', () => {
  let database: string;
  let landscape: Landscape;
  const trail = (): Promise<StoredRecord[]> => postgresRecords(database);
  beforeAll(async () => {
    database = await server.createDatabase();
    landscape = await Landscape.start({ DATABASE_URL: database, LOG_LEVEL: 'error' });
  });
  afterAll(async () => {
    await landscape.end();
  });

  it.each([...restarts, ...outages])('that $name under load', async (fault) => {
    await expectPromisesKept(landscape, trail, fault);
  });

  it.each(outages)('that $name while a write is at the upstream', async (fault) => {
    await expectOutcomeSpooled(landscape, trail, fault);
  });
});

describe('a connection that the network loses without a word', () => {
  it('holds up writes no longer than any other fault', async () => {
    const proxy = await StallingProxy.start(await server.createDatabase());
    const landscape = await Landscape.start({ DATABASE_URL: proxy.url, LOG_LEVEL: 'error' });
    try {
      landscape.billing.play(json(200, DOCUMENTED_REPLY));
      const token = await landscape.issuer.token();
      // Only a write sends it: the gateway's own transactions in between are left alone.
      const lost = proxy.stallAfter('"kind":"intent"');
      expect((await write(landscape, token)).status).toBe(503);
      await lost;
      const back = performance.now();
      await eventually(async () => (await write(landscape, token)).status === 200, back);
      expect(performance.now() - back).toBeLessThan(BACK_WITHIN);
    } finally {
      await landscape.end();
      await proxy.close();
    }
  });
});

describe('SQLite', () => {
  let landscape: Landscape;
  const trail = (): Promise<StoredRecord[]> => Promise.resolve(auditRecords(landscape.gateway.dataDir));
  const limit = (bytes: string): void => {
    execFileSync('prlimit', ['--pid', String(landscape.gateway.pid), `--fsize=${bytes}:`]);
  };
  const full: StoreFault = {
    name: 'has no room',
    lasts: 700,
    begin: () => {
      limit(String(FULL_AT_BYTES));
    },
    end: () => {
      limit('unlimited');
    },
  };
  beforeAll(async () => {
    landscape = await Landscape.start({ LOG_LEVEL: 'error' });
  });
  afterAll(async () => {
    await landscape.end();
  });

  it('that has no room under load', async () => {
    await expectPromisesKept(landscape, trail, full);
  });

  it('that has no room while a write is at the upstream', async () => {
    await expectOutcomeSpooled(landscape, trail, full);
  });
});
