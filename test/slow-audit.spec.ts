import pg from 'pg';
import { postgresRecords } from './support/audit-records.js';
import { DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';
import { PostgresServer, query } from './support/postgres.js';
import { json, type Script } from './support/scripted-upstream.js';

/** Added to every flush of the write-ahead log, microseconds: the most that PostgreSQL takes. */
const FLUSH_DELAY_US = 100_000;
/** More than the queue and the batch in flight hold together. */
const WRITES = 1_600;
/** It is in time for these. */
const FEW = 20;
/** A record waits 1 s at the longest; the rest is what two processes on a busy machine need for so many calls at once. */
const ANSWERED_WITHIN_MS = 15_000;
/** Why a write may be refused: the queue of the trail is full or slow, or too many calls are under way. */
const SHED = ['audit-unavailable', 'overloaded'];

describe('a trail whose disk takes 100 ms for every flush', () => {
  let server: PostgresServer;
  let database: string;
  let auditor: pg.Pool;
  let landscape: Landscape;
  beforeAll(async () => {
    server = await PostgresServer.start();
    database = await server.createDatabase();
    landscape = await Landscape.start({ DATABASE_URL: database, LOG_LEVEL: 'error' });
    await query(database, `alter system set commit_delay = ${FLUSH_DELAY_US}`);
    await query(database, 'alter system set commit_siblings = 0');
    await query(database, 'select pg_reload_conf()');
    auditor = new pg.Pool({ connectionString: database, max: 4 });
  });
  afterAll(async () => {
    await auditor.end();
    await landscape.end();
    await server.discard();
  });

  it('refuses what does not fit before anything is sent, and sends nothing without its intent', async () => {
    /** By resource, as each call arrived: how many committed intents there were for it. */
    const arrived: { readonly resource: string; readonly intents: number }[] = [];
    const look: Script = (call, response, request) => {
      const resource = decodeURIComponent(call.url).split('/').at(-1) ?? '';
      const intents = 'select count(*)::int as count from writes where resource = $1';
      void auditor.query<{ count: number }>(intents, [resource]).then(({ rows }) => {
        arrived.push({ resource, intents: rows[0]?.count ?? 0 });
        json(200, DOCUMENTED_REPLY)(call, response, request);
      });
    };
    landscape.billing.play(look);
    const token = await landscape.issuer.token();
    const begun = performance.now();
    let number = 0;
    const write = async () => {
      const sent = performance.now();
      const body = { description: 'slow' };
      const reply = await landscape.call(actionPath(++number), { body, token });
      const { code, outcome } = (await reply.json()) as Record<string, unknown>;
      return { status: reply.status, code, outcome, tookMs: performance.now() - sent };
    };
    const few = await Promise.all(Array.from({ length: FEW }, write));
    expect(few.filter(({ status }) => status !== 200)).toEqual([]);
    const replies = [...few, ...(await Promise.all(Array.from({ length: WRITES }, write)))];
    const tookMs = performance.now() - begun;

    const full = landscape.gateway.log.filter((line) => line.includes('the audit queue is full'));
    const done = replies.filter(({ status }) => status === 200);
    const shed = replies.filter(({ status }) => status !== 200);
    const codes = Object.groupBy(shed, ({ code }) => String(code));
    process.stdout.write(
      `100 ms a flush, ${WRITES} writes at once: ${done.length} × 200, ` +
        Object.entries(codes)
          .map(([code, some]) => `${some?.length ?? 0} × 503 ${code}`)
          .join(', ') +
        `, ${full.length} of them for a full queue; slowest ${Math.round(Math.max(...replies.map((reply) => reply.tookMs)))} ms, all ${Math.round(tookMs)} ms; ` +
        `${arrived.length} arrived, ${arrived.filter(({ intents }) => intents === 0).length} without an intent\n`,
    );
    expect(shed.length).toBeGreaterThan(0);
    for (const { status, code, outcome } of shed) {
      expect({ status, outcome }).toEqual({ status: 503, outcome: 'not-applied' });
      expect(SHED).toContain(code);
    }
    expect(Math.max(...replies.map((reply) => reply.tookMs))).toBeLessThan(ANSWERED_WITHIN_MS);
    expect(arrived.filter(({ intents }) => intents !== 1)).toEqual([]);
    expect(new Set(arrived.map(({ resource }) => resource)).size).toBe(arrived.length);
    expect(arrived).toHaveLength(done.length);
  });

  it('has an outcome for every intent soon after', async () => {
    const until = performance.now() + 10_000;
    let open: unknown[] = [];
    do {
      const records = await postgresRecords(database);
      const of = (kind: string): unknown[] =>
        records.filter((record) => record.kind === kind).map((record) => record['operationId']);
      const ended = new Set(of('outcome'));
      open = of('intent').filter((id) => !ended.has(id));
    } while (open.length > 0 && performance.now() < until);
    expect(open).toEqual([]);
  });
});
