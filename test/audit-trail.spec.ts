import { createHash } from 'node:crypto';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { auditRecords, recordsOf, type StoredRecord } from './support/audit-records.js';
import { ACTION_ID, ACTION_PATH, DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';
import { json, type Script } from './support/scripted-upstream.js';

const RESCHEDULE = { scheduledDate: '2021-02-14', serviceLogin: 'sam@example.com' };

describe('the audit trail', () => {
  let landscape: Landscape;
  beforeAll(async () => (landscape = await Landscape.start()));
  afterAll(() => landscape.end());

  it('holds the intent before the upstream is called, and the outcome before the client is answered', async () => {
    let seenByUpstream: StoredRecord[] = [];
    const look: Script = (call, response, request) => {
      seenByUpstream = auditRecords(landscape.gateway.dataDir);
      json(200, DOCUMENTED_REPLY)(call, response, request);
    };
    landscape.billing.play(look);
    const reply = await landscape.call(ACTION_PATH, {
      body: RESCHEDULE,
      headers: { 'x-request-id': 'req-1' },
    });
    const seenByClient = auditRecords(landscape.gateway.dataDir);

    expect(reply.headers.get('x-request-id')).toBe('req-1');
    const operationId = reply.headers.get('operation-id');
    expect(seenByUpstream.map(({ kind }) => kind)).toEqual(['intent']);
    expect(seenByUpstream[0]).toMatchObject({
      operationId,
      operation: 'deferred-action.modify',
      resource: ACTION_ID,
      requestId: 'req-1',
      principal: { subject: 'clerk', client: 'test-client', method: 'bearer' },
      address: '127.0.0.1',
    });
    expect(seenByClient.at(-1)).toMatchObject({
      kind: 'outcome',
      operationId,
      outcome: 'applied',
      evidence: 'observed',
      problem: null,
      upstreamStatus: 200,
    });
  });

  it('keeps a sensitive field as a keyed digest, never as it is', () => {
    const [intent] = auditRecords(landscape.gateway.dataDir);
    expect(intent?.['payload']).toEqual({
      scheduledDate: '2021-02-14',
      serviceLogin: {
        hmac: expect.stringMatching(/^[\w-]{43}$/) as unknown,
        keyId: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown,
      },
    });
    expect(JSON.stringify(auditRecords(landscape.gateway.dataDir))).not.toContain('sam@example.com');
  });

  it('is one gapless chain of hashes', async () => {
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    await Promise.all(
      Array.from({ length: 50 }, (_, number) => landscape.call(actionPath(number), { body: RESCHEDULE })),
    );
    const database = new SQLite(join(landscape.gateway.dataDir, 'surehand.db'), { readonly: true });
    const rows = database.prepare('select seq, record, hash from audit_records order by seq').all();
    database.close();
    let previousHash = '0'.repeat(64);
    (rows as { seq: number; record: string; hash: string }[]).forEach(({ seq, record, hash }, index) => {
      expect(seq).toBe(index + 1);
      expect(JSON.parse(record)).toMatchObject({ seq, previousHash });
      expect(hash).toBe(createHash('sha256').update(record).digest('hex'));
      previousHash = hash;
    });
    expect(rows.length).toBeGreaterThanOrEqual(102);
  });

  it.each([
    'update audit_records set kind = kind',
    'delete from audit_records',
    'replace into audit_records select * from audit_records',
  ])('refuses "%s"', (statement) => {
    const database = new SQLite(join(landscape.gateway.dataDir, 'surehand.db'));
    expect(() => database.exec(statement)).toThrow('append-only');
    database.close();
  });

  it('loses nothing that a client was told when the process is killed', async () => {
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const doomed = await Landscape.start({
      BILLING_CARE_BASE_URL: `${landscape.billing.url}/bcws/webresources/v1.0`,
    });
    const reply = await doomed.call(ACTION_PATH, { body: RESCHEDULE });
    await doomed.gateway.stop('SIGKILL');
    expect(auditRecords(doomed.gateway.dataDir)).toMatchObject([
      { kind: 'intent', operationId: reply.headers.get('operation-id') },
      { kind: 'outcome', operationId: reply.headers.get('operation-id'), outcome: 'applied' },
    ]);
    await doomed.end();
  });
});

describe('a trail that cannot be written', () => {
  it('refuses the write within 1.1 s, sends nothing, and says so once it can', async () => {
    const landscape = await Landscape.start();
    const database = new SQLite(join(landscape.gateway.dataDir, 'surehand.db'));
    try {
      landscape.billing.play(json(200, DOCUMENTED_REPLY));
      // The first request also fetches the issuer's keys.
      await landscape.call(actionPath(1), { body: RESCHEDULE });
      landscape.billing.play(json(200, DOCUMENTED_REPLY));
      const token = await landscape.issuer.token();
      database.exec('begin immediate');
      const took: number[] = [];
      const refuse = async (path: string): Promise<Response> => {
        const begun = performance.now();
        const refused = await landscape.call(path, { body: RESCHEDULE, token });
        took.push(performance.now() - begun);
        return refused;
      };
      // The shortest of some: a busy machine only ever adds to it.
      for (const other of [2, 3]) await refuse(actionPath(other));
      const reply = await refuse(ACTION_PATH);
      expect(Math.min(...took)).toBeLessThan(1_100);
      expect(reply.status).toBe(503);
      expect(reply.headers.get('operation-id')).toBeNull();
      expect(await reply.json()).toMatchObject({
        code: 'audit-unavailable',
        outcome: 'not-applied',
        retryable: true,
      });
      database.exec('rollback');

      const requestId = String(reply.headers.get('x-request-id'));
      const records = await recordsOf(landscape.gateway.dataDir, requestId, 3);
      expect(records.map(({ kind }) => kind).sort()).toEqual(['intent', 'outcome', 'refusal']);
      expect(records.find(({ kind }) => kind === 'outcome')).toMatchObject({ outcome: 'not-applied' });
      expect(landscape.billing.calls).toHaveLength(0);
      expect((await landscape.call(ACTION_PATH, { body: RESCHEDULE })).status).toBe(200);
    } finally {
      database.close();
      await landscape.end();
    }
  });
});
