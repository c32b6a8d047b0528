import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditRecords, auditRows, chainFaults } from './support/audit-records.js';
import { Gateway, freePort, interruptedStart } from './support/gateway.js';
import { ACTION_PATH, DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';
import { PostgresServer, aDatabase, query } from './support/postgres.js';
import { hang, json, later, type Script } from './support/scripted-upstream.js';

const RESCHEDULE = { scheduledDate: '2021-02-14' };
/** What a probe is told of a gateway that was never called. */
const WELL = { auditStore: 'ok', spool: 'ok', upstreams: { lending: 'idle', billing: 'idle' } };
/** Moments of a start at which it is interrupted. */
const MOMENTS = process.env['SUREHAND_SOAK'] === undefined ? 3 : 60;

const slowly = (ms: number): Script => later(ms, json(200, DOCUMENTED_REPLY));

async function inFlight(landscape: Landscape, count = 1): Promise<void> {
  while (landscape.billing.calls.length < count) await sleep(5);
}

async function timed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const begun = performance.now();
  return { result: await work, ms: Math.round(performance.now() - begun) };
}

describe('a gateway that is sent SIGTERM', () => {
  let landscape: Landscape;
  afterEach(async () => {
    await landscape.end();
  });

  it('is unready at once, and still serves, each reply the last on its connection', async () => {
    landscape = await Landscape.start({ DRAIN_SECONDS: '2' });
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const { url } = landscape.gateway;
    await landscape.gateway.untilReady();
    const stopped = landscape.gateway.stop();
    await sleep(100);
    const ready = await fetch(`${url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'draining', checks: { ...WELL, identityKeys: 'ok' } },
    ]);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const write = await landscape.call(ACTION_PATH, { body: RESCHEDULE });
    const refused = await landscape.call('/nothing-here', { method: 'GET' });
    expect([write, refused].map(({ status, headers }) => [status, headers.get('connection')])).toEqual([
      [200, 'close'],
      [404, 'close'],
    ]);
    expect(await stopped).toBe(0);
  });

  it('is not ready before it knows a key of its issuer', async () => {
    const port = await freePort();
    landscape = await Landscape.start({ AUTH_JWKS_URI: `http://127.0.0.1:${port}/jwks` });
    const ready = await fetch(`${landscape.gateway.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'starting', checks: { ...WELL, identityKeys: 'missing' } },
    ]);
    const issuer = createServer((incoming, response) => {
      void fetch(landscape.issuer.url + (incoming.url ?? '')).then(async (reply) => {
        response.setHeader('content-type', 'application/json').end(await reply.text());
      });
    }).listen(port, '127.0.0.1');
    await landscape.gateway.untilReady();
    issuer.close();
  });

  it('and is idle exits within 2 s, by default, although clients stay connected', async () => {
    landscape = await Landscape.start({ DRAIN_SECONDS: '' });
    const agent = new Agent({ keepAlive: true });
    const idle = request(`${landscape.gateway.url}/problems`, { agent }).end();
    const [reply] = (await once(idle, 'response')) as [NodeJS.ReadableStream];
    reply.resume();
    await once(reply, 'end');
    const { result, ms } = await timed(landscape.gateway.stop());
    process.stdout.write(`idle exit after ${ms} ms\n`);
    expect(result).toBe(0);
    expect(ms).toBeLessThan(2_000);
    agent.destroy();
  });

  it('answers and records the writes in flight, of up to 3 s', async () => {
    landscape = await Landscape.start();
    landscape.billing.play(slowly(3_000));
    const calls = Array.from({ length: 10 }, (_, number) =>
      landscape.call(actionPath(number), { body: RESCHEDULE }),
    );
    await inFlight(landscape, calls.length);
    const stopped = timed(landscape.gateway.stop());
    const replies = await Promise.all(calls);
    expect(replies.map(({ status }) => status)).toEqual(calls.map(() => 200));
    const { result, ms } = await stopped;
    expect(result).toBe(0);
    expect(ms).toBeLessThan(6_000);
    const records = auditRecords(landscape.gateway.dataDir);
    expect(records.filter(({ outcome }) => outcome === 'applied')).toHaveLength(calls.length);
  });

  it('records how a write ended whose client has gone', async () => {
    landscape = await Landscape.start();
    landscape.billing.play(slowly(1_000));
    const token = await landscape.issuer.token();
    const gone = new AbortController();
    const call = fetch(landscape.gateway.url + ACTION_PATH, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(RESCHEDULE),
      signal: gone.signal,
    });
    await inFlight(landscape);
    gone.abort();
    await expect(call).rejects.toThrow('aborted');
    expect(await landscape.gateway.stop()).toBe(0);
    expect(auditRecords(landscape.gateway.dataDir)).toMatchObject([
      { kind: 'intent' },
      { kind: 'outcome', outcome: 'applied' },
    ]);
  });

  it('appends what was refused, read and only counted', async () => {
    landscape = await Landscape.start();
    await Promise.all(
      Array.from({ length: 100 }, () => landscape.call('/nothing-here', { method: 'GET', token: null })),
    );
    expect(await landscape.gateway.stop()).toBe(0);
    const records = auditRecords(landscape.gateway.dataDir);
    const refusals = records.filter(({ kind }) => kind === 'refusal');
    const counted = records.find(({ kind }) => kind === 'overflow')?.['count'];
    expect(refusals.length + Number(counted)).toBe(100);
    expect(chainFaults(auditRows(landscape.gateway.dataDir))).toEqual([]);
  });

  it('exits at once at a second signal, of either kind', async () => {
    landscape = await Landscape.start({ DRAIN_SECONDS: '2', BILLING_CARE_TIMEOUT_MS: '3000' });
    landscape.billing.play(hang);
    const cut = landscape.call(ACTION_PATH, { body: RESCHEDULE }).catch(() => 'cut');
    await inFlight(landscape);
    const stopped = timed(landscape.gateway.stop());
    await sleep(300);
    process.kill(landscape.gateway.pid, 'SIGINT');
    const { result, ms } = await stopped;
    // As a shell tells of a process that SIGINT ended.
    expect(result).toBe(130);
    expect(ms).toBeLessThan(1_500);
    expect(await cut).toBe('cut');
    landscape = await landscape.restart();
    await landscape.gateway.untilReady();
  });
});

describe('the audit store', () => {
  it('that is away is told as degraded, and takes no replica out; what was spooled is appended at the stop', async () => {
    const server = await PostgresServer.start();
    const url = await server.createDatabase();
    const landscape = await Landscape.start({ DATABASE_URL: url });
    const ready = async (): Promise<string> => {
      const reply = await fetch(`${landscape.gateway.url}/health/ready`);
      const { checks } = (await reply.json()) as { checks: { auditStore: string } };
      return `${reply.status} ${checks.auditStore}`;
    };
    const until = async (state: string): Promise<void> => {
      while ((await ready()) !== `200 ${state}`) await sleep(50);
    };
    await until('ok');
    landscape.billing.play(slowly(1_000));
    const write = landscape.call(ACTION_PATH, { body: RESCHEDULE });
    await inFlight(landscape);
    await server.stop('immediate');
    await until('degraded');
    expect((await write).status).toBe(200);
    const spool = join(landscape.gateway.dataDir, 'spool');
    expect(readdirSync(spool)).toHaveLength(1);
    await server.restart();
    expect(await landscape.gateway.stop()).toBe(0);
    expect(readdirSync(spool)).toEqual([]);
    expect(await query(url, `select outcome from writes`)).toEqual([{ outcome: 'applied' }]);
    await landscape.end();
    await server.discard();
  });

  it('that stays away is no clean end: the exit code says so, and the spool keeps what it is owed', async () => {
    const server = await PostgresServer.start();
    const landscape = await Landscape.start({ DATABASE_URL: await server.createDatabase() });
    landscape.billing.play(slowly(500));
    const write = landscape.call(ACTION_PATH, { body: RESCHEDULE });
    await inFlight(landscape);
    await server.stop('immediate');
    expect((await write).status).toBe(200);
    expect(await landscape.gateway.stop()).toBe(1);
    expect(readdirSync(join(landscape.gateway.dataDir, 'spool'))).toHaveLength(1);
    await landscape.end();
    await server.discard();
  });

  it('gets the lease of the reconciler back', async () => {
    const url = await aDatabase();
    const landscape = await Landscape.start({
      DATABASE_URL: url,
      BILLING_CARE_TIMEOUT_MS: '500',
      SETTLE_WINDOW_MS: '100',
    });
    landscape.billing.play(hang);
    await landscape.call(ACTION_PATH, { body: RESCHEDULE });
    const leases = (): ReturnType<typeof query> => query(url, 'select expires_at from leases');
    while ((await leases()).length === 0) await sleep(50);
    expect(await landscape.gateway.stop()).toBe(0);
    expect(await leases()).toEqual([{ expires_at: '0' }]);
    await landscape.end();
  });
});

describe('SIGTERM during the start', () => {
  it('ends it at any moment promptly, and leaves nothing that hinders the next one', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'surehand-test-'));
    const settings = {
      HANDOFF_BASE_URL: 'http://127.0.0.1:9',
      BILLING_CARE_BASE_URL: 'http://127.0.0.1:9',
      AUTH_ISSUER: 'http://127.0.0.1:9',
      AUTH_AUDIENCE: 'surehand',
      DATA_DIR: dataDir,
      DRAIN_SECONDS: '0',
    };
    const whole = await timed(Gateway.start(settings));
    expect(await whole.result.stop()).toBe(0);
    const moments = Array.from({ length: MOMENTS }, (_, step) => (step * whole.ms) / MOMENTS);
    const ends = [];
    for (const moment of moments) {
      const { code, signal, tookMs, output } = await interruptedStart(settings, moment);
      // Before the first line of the program ran, the signal does what it does to any process.
      const asked = code === 0 || (signal === 'SIGTERM' && output === '');
      ends.push({ moment, asked, tookMs: Math.round(tookMs) });
    }
    const longest = Math.max(...ends.map(({ tookMs }) => tookMs));
    process.stdout.write(`${ends.length} starts interrupted, the longest ended after ${longest} ms\n`);
    expect(ends.filter(({ asked, tookMs }) => !asked || tookMs > 8_000)).toEqual([]);
    const gateway = await Gateway.start(settings);
    expect(await gateway.stop()).toBe(0);
    expect(chainFaults(auditRows(dataDir))).toEqual([]);
    rmSync(dataDir, { recursive: true });
  }, 600_000);
});

const soak = process.env['SUREHAND_SOAK'] === undefined ? it.skip : it;

soak(
  'cuts off what takes longer than 24 s, with its intent in the trail and code 0',
  async () => {
    const landscape = await Landscape.start({ BILLING_CARE_TIMEOUT_MS: '120000' });
    landscape.billing.play(hang);
    const cut = landscape.call(ACTION_PATH, { body: RESCHEDULE }).catch(() => 'cut');
    await inFlight(landscape);
    const { result, ms } = await timed(landscape.gateway.stop());
    process.stdout.write(`cut off: exit after ${ms} ms\n`);
    expect(result).toBe(0);
    expect(ms).toBeGreaterThan(23_000);
    expect(ms).toBeLessThan(25_500);
    expect(await cut).toBe('cut');
    expect(auditRecords(landscape.gateway.dataDir)).toMatchObject([{ kind: 'intent' }]);
    expect(landscape.gateway.log.join('\n')).toContain('"requests":1');
    await landscape.end();
  },
  120_000,
);
