import { createHash, createPublicKey, randomBytes, randomUUIDv7, verify } from 'node:crypto';
import { sql } from 'kysely';
import canonicalize from 'canonicalize';
import type { IntentEntry } from '../src/platform/audit/audit-record.js';
import type { AuditStore, Commit, Settlement } from '../src/platform/audit/audit-store.js';
import type { Stores } from '../src/platform/stores/stores.js';
import { chainFaults, type Row } from './support/audit-records.js';
import { ENTRY, aReadBack, aResolution, anIntent, anOutcome } from './support/entries.js';
import { PostgresServer, aDatabase, query } from './support/postgres.js';
import {
  STORE_KINDS,
  openPostgres,
  privateKey,
  removeDirectories,
  type StoreKind,
} from './support/stores.js';

afterAll(removeDirectories);

function keyed(intent: IntentEntry, key: string, fingerprint = 'f'): Commit {
  return { entry: { ...intent, idempotencyKey: key }, idempotency: { key, fingerprint } };
}

/** Of the form that a masked value has. */
const hmacOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

describe.each(STORE_KINDS)('the audit store on $name', (kind) => {
  let place: string;
  let stores: Stores;
  let store: AuditStore;
  beforeAll(async () => {
    place = await kind.place();
    stores = await kind.open(place);
    store = stores.audit;
  });
  afterAll(() => stores.close());

  async function settle(...commits: (Commit | Commit['entry'])[]): Promise<Settlement[]> {
    const { settlements } = await store.commit(
      commits.map((commit) => ('entry' in commit ? commit : { entry: commit })),
    );
    return [...settlements];
  }
  async function settleOne(commit: Commit | Commit['entry']): Promise<Settlement> {
    const [settlement] = await settle(commit);
    if (settlement === undefined) throw new Error('no settlement');
    return settlement;
  }
  /** How long the trail is, if it is one chain without a gap. */
  async function chainLength(): Promise<number> {
    const rows = await kind.run(place, 'select record, hash from audit_records order by seq');
    expect(chainFaults(rows as unknown as Row[])).toEqual([]);
    return rows.length;
  }

  describe('appending', () => {
    it('tells a record again as it was written, in its place in the chain', async () => {
      const intent = anIntent({
        traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
        payload: { description: 'naïve ☂ \u2028 "quoted"' },
      });
      await settle(intent, anOutcome(intent, 'applied'));
      const records = await store.records({ operationId: intent.operationId, limit: 10 });
      expect(records.map((record) => record.kind)).toEqual(['intent', 'outcome']);
      expect(records[0]).toMatchObject(intent);
      expect(records[1]?.previousHash).toBe(records[0]?.hash);
    });

    it('writes an entry that is appended again only once, and leaves no gap', async () => {
      const intent = anIntent();
      await settle(intent);
      const before = await chainLength();
      const again = { entry: intent, again: true } as const;
      expect(await settle(again, anIntent())).toEqual([{ kind: 'committed' }, { kind: 'committed' }]);
      expect(await settle(again)).toEqual([{ kind: 'committed' }]);
      expect(await chainLength()).toBe(before + 1);
    });

    it('writes an entry once that is appended again while the first append still waits', async () => {
      const intent = anIntent();
      const before = await chainLength();
      const again = { entry: intent, again: true } as const;
      const committed = { kind: 'committed' };
      expect(await settle(intent, anIntent(), again)).toEqual([committed, committed, committed]);
      expect(await chainLength()).toBe(before + 2);
    });

    it('keeps one gapless chain with many writers at once', async () => {
      const before = await chainLength();
      const others = kind.name === 'SQLite' ? [] : [await kind.open(place), await kind.open(place)];
      await Promise.all(
        [stores, ...others].map(async ({ audit }) => {
          for (let batch = 0; batch < 10; batch++)
            await audit.commit(Array.from({ length: 20 }, () => ({ entry: anIntent() })));
        }),
      );
      for (const other of others) await other.close();
      expect(await chainLength()).toBe(before + 200 * (others.length + 1));
    });

    it.each(['update audit_records set kind = kind', 'delete from audit_records'])(
      'refuses "%s"',
      async (statement) => {
        await expect(async () => await kind.run(place, statement)).rejects.toThrow('append-only');
      },
    );

    it('signs a checkpoint of the chain once it has grown by 1,000 records, and not before', async () => {
      const grown = await chainLength();
      const batch = (length: number): Commit[] => Array.from({ length }, () => ({ entry: anIntent() }));
      for (let left = 999 - grown; left > 0; left -= 250) {
        expect((await store.commit(batch(Math.min(left, 250)))).checkpoint).toBeNull();
      }
      const { checkpoint } = await store.commit(batch(1));
      const head = await kind.run(place, 'select hash from audit_records where seq = 1000');
      expect(checkpoint?.checkpoint).toMatchObject({ seq: 1000, count: 1000, hash: head[0]?.['hash'] });
      const signed = Buffer.from(String(canonicalize(checkpoint?.checkpoint)));
      const signature = Buffer.from(String(checkpoint?.signature), 'base64url');
      expect(verify(null, signed, createPublicKey(privateKey), signature)).toBe(true);
      expect(await store.records({ kind: 'checkpoint', limit: 10 })).toMatchObject([checkpoint]);
      expect((await store.commit(batch(1))).checkpoint).toBeNull();
      expect(await chainLength()).toBe(1002);
    });
  });

  describe('claims', () => {
    it('settles a conflict for its own row, never for its batch', async () => {
      const resource = randomUUIDv7();
      const [first, second, neighbour] = [anIntent({ resource }), anIntent({ resource }), anIntent()];
      expect(await settle(first, second, neighbour)).toEqual([
        { kind: 'committed' },
        { kind: 'resource-busy', operationId: first.operationId },
        { kind: 'committed' },
      ]);
      expect(await store.write(second.operationId)).toBeNull();
      expect(await store.records({ operationId: second.operationId, limit: 1 })).toEqual([]);
      expect(await settleOne(anIntent({ resource }))).toMatchObject({ kind: 'resource-busy' });
    });

    it('takes two operations of one system on the same id for one resource, and two systems for two', async () => {
      const first = anIntent();
      const { resource } = first;
      await settle(first);
      expect(await settleOne(anIntent({ resource, operation: 'deferred-action.delete' }))).toMatchObject({
        kind: 'resource-busy',
      });
      expect(await settleOne(anIntent({ resource, operation: 'handoff.update-status' }))).toMatchObject({
        kind: 'committed',
      });
    });

    it.each([
      ['an outcome applied', (intent: IntentEntry) => anOutcome(intent, 'applied'), 'committed'],
      ['an outcome rejected', (intent: IntentEntry) => anOutcome(intent, 'rejected'), 'committed'],
      ['an outcome not-applied', (intent: IntentEntry) => anOutcome(intent, 'not-applied'), 'committed'],
      ['an outcome unknown', (intent: IntentEntry) => anOutcome(intent, 'unknown'), 'resource-busy'],
      ['a read-back applied', (intent: IntentEntry) => aReadBack(intent, 'applied'), 'committed'],
      ['a read-back unknown', (intent: IntentEntry) => aReadBack(intent, 'unknown'), 'committed'],
      ['a resolution not-applied', (intent: IntentEntry) => aResolution(intent, 'not-applied'), 'committed'],
    ] as const)(
      'lets the next write to the resource begin, or not, after %s',
      async (_what, ending, expected) => {
        const first = anIntent();
        await settle(first);
        await settle(ending(first));
        expect((await settleOne(anIntent({ resource: first.resource }))).kind).toBe(expected);
      },
    );
  });

  describe('idempotency keys', () => {
    it('are in progress until the outcome is there, then answered with the stored reply', async () => {
      const first = anIntent();
      const key = randomUUIDv7();
      await settle(keyed(first, key));
      expect(await settleOne(keyed(anIntent(), key))).toMatchObject({
        kind: 'key-known',
        operationId: first.operationId,
        write: { outcome: 'pending', idempotency_key: key },
        reply: null,
      });
      const reply = '{"body":{"actionStatus":0,"description":null}}';
      await settle({ entry: anOutcome(first, 'applied'), reply });
      expect(await settleOne(keyed(anIntent(), key))).toMatchObject({
        kind: 'key-known',
        operationId: first.operationId,
        write: { outcome: 'applied' },
        reply,
      });
    });

    it('are known to the rest of their own batch', async () => {
      const [first, key] = [anIntent(), randomUUIDv7()];
      expect(await settle(keyed(first, key), keyed(anIntent(), key), keyed(anIntent(), key, 'g'))).toEqual([
        { kind: 'committed' },
        { kind: 'key-known', operationId: first.operationId, write: null, reply: null },
        { kind: 'key-reused' },
      ]);
    });

    it('are refused for another write, and belong to one subject', async () => {
      const key = randomUUIDv7();
      await settle(keyed(anIntent(), key));
      expect(await settleOne(keyed(anIntent(), key, 'another'))).toEqual({ kind: 'key-reused' });
      const principal = { ...ENTRY.principal, subject: 'somebody-else' };
      expect(await settleOne(keyed(anIntent({ principal }), key))).toEqual({ kind: 'committed' });
    });

    it.each([
      ['applied', 'key-known'],
      ['rejected', 'key-known'],
      ['unknown', 'key-known'],
      ['not-applied', 'committed'],
    ] as const)('of a write that ended as %s: %s', async (outcome, expected) => {
      const [first, key] = [anIntent(), randomUUIDv7()];
      await settle(keyed(first, key));
      await settle({ entry: anOutcome(first, outcome), reply: '{"body":{}}' });
      expect((await settleOne(keyed(anIntent(), key))).kind).toBe(expected);
    });

    it.each([
      ['applied', 'committed'],
      ['unknown', 'key-known'],
    ] as const)('of a write that ended as %s, a day later: %s', async (outcome, expected) => {
      const [first, key] = [anIntent(), randomUUIDv7()];
      await settle(keyed(first, key));
      await settle({ entry: anOutcome(first, outcome), reply: '{"body":{}}' });
      // What a day does to every decided key.
      await kind.run(place, 'update idempotency_keys set expires_at = expires_at - 24 * 3600 * 1000 - 1');
      expect((await settleOne(keyed(anIntent(), key))).kind).toBe(expected);
    });

    it('are not used up by a write that found its resource busy', async () => {
      const [resource, key] = [randomUUIDv7(), randomUUIDv7()];
      const first = anIntent({ resource });
      await settle(first);
      expect(await settleOne(keyed(anIntent({ resource }), key))).toMatchObject({ kind: 'resource-busy' });
      await settle(anOutcome(first, 'applied'));
      expect(await settleOne(keyed(anIntent({ resource }), key))).toEqual({ kind: 'committed' });
    });

    it('are answered with the verdict once there is one', async () => {
      const [first, key] = [anIntent(), randomUUIDv7()];
      const problem = '{"problem":{"code":"upstream-timeout","facts":{"outcome":"unknown"}}}';
      await settle(keyed(first, key));
      await settle({ entry: anOutcome(first, 'unknown'), reply: problem });
      expect(await settleOne(keyed(anIntent(), key))).toMatchObject({ reply: problem });
      await settle({ entry: aReadBack(first, 'applied'), reply: '{"body":{"found":true}}' });
      expect(await settleOne(keyed(anIntent(), key))).toMatchObject({
        write: { outcome: 'applied', evidence: 'read-back' },
        reply: '{"body":{"found":true}}',
      });
    });
  });

  describe('endings in one batch', () => {
    it('are each of their own write, and its key is answered with its own reply', async () => {
      const writes = (['applied', 'rejected', 'unknown', 'applied'] as const).map((outcome, number) => ({
        intent: anIntent(),
        key: randomUUIDv7(),
        outcome,
        upstreamStatus: number === 1 ? null : 200 + number,
        reply: `{"body":{"number":${number}}}`,
      }));
      const bystander = anIntent();
      await settle(bystander, ...writes.map(({ intent, key }) => keyed(intent, key)));
      await settle(
        ...writes.map(({ intent, outcome, upstreamStatus, reply }) => ({
          entry: { ...anOutcome(intent, outcome), upstreamStatus },
          reply,
        })),
      );
      for (const { intent, key, outcome, upstreamStatus, reply } of writes)
        expect(await settleOne(keyed(anIntent(), key))).toMatchObject({
          write: {
            operation_id: intent.operationId,
            outcome,
            evidence: 'observed',
            problem: outcome === 'applied' ? null : 'upstream-rejected',
            upstream_status: upstreamStatus,
            open_item: 0,
          },
          reply,
        });
      expect(await store.write(bystander.operationId)).toMatchObject({ outcome: 'pending', ended_at: null });
    });

    it.each<[string, ((intent: IntentEntry) => Commit['entry'])[], object]>([
      [
        'two replies',
        [(intent) => anOutcome(intent, 'unknown'), (intent) => anOutcome(intent, 'applied')],
        { outcome: 'applied', problem: null, evidence: 'observed', open_item: 0 },
      ],
      [
        'a read-back after a reply',
        [(intent) => anOutcome(intent, 'unknown'), (intent) => aReadBack(intent, 'applied')],
        { outcome: 'applied', evidence: 'read-back', open_item: 0 },
      ],
      [
        'a reply that contradicts the read-back before it',
        [(intent) => aReadBack(intent, 'applied'), (intent) => anOutcome(intent, 'rejected')],
        { outcome: 'rejected', evidence: 'observed', open_item: 1 },
      ],
    ])('of one write: the last stays, of %s', async (_what, endings, write) => {
      const [intent, key, neighbour] = [anIntent(), randomUUIDv7(), anIntent()];
      await settle(keyed(intent, key), neighbour);
      await settle(
        anOutcome(neighbour, 'rejected'),
        ...endings.map((ending, number) => ({ entry: ending(intent), reply: `{"body":${number}}` })),
      );
      expect(await settleOne(keyed(anIntent(), key))).toMatchObject({ write, reply: '{"body":1}' });
      expect(await store.write(neighbour.operationId)).toMatchObject({ outcome: 'rejected' });
    });
  });

  it.each([
    ['a read-back', aReadBack],
    ['a person', aResolution],
  ])('keeps what %s has found when a replica tells late that it knew nothing', async (_who, found) => {
    const [intent, key] = [anIntent(), randomUUIDv7()];
    await settle(keyed(intent, key));
    await settle({ entry: found(intent, 'applied'), reply: '"found"' });
    await settle({ entry: anOutcome(intent, 'unknown'), reply: '"late"', again: true });
    expect(await settleOne(keyed(anIntent(), key))).toMatchObject({
      write: { outcome: 'applied', open_item: 0 },
      reply: '"found"',
    });
  });

  it('takes more masked values at once than a statement has parameters', async () => {
    const masked = () => ({ hmac: hmacOf(randomUUIDv7()) });
    const many = Array.from({ length: 8 }, () =>
      anIntent({ payload: { items: Array.from({ length: 3_000 }, masked) } }),
    );
    const same = masked();
    const twice = anIntent({ payload: { one: same, other: same } });
    expect(await settle(...many, twice)).toEqual(Array.from({ length: 9 }, () => ({ kind: 'committed' })));
    expect(await store.records({ hmacs: [same.hmac], limit: 9 })).toMatchObject([
      { operationId: twice.operationId },
    ]);
  });

  it('takes what a client calls a masked value for what it is', async () => {
    const hmac = randomBytes(6_000).toString('base64url');
    expect(await settle(anIntent({ payload: { hmac } }))).toEqual([{ kind: 'committed' }]);
  });

  it('gives a lease to the next one that was taken while the clock was ahead', async () => {
    const name = randomUUIDv7();
    const ahead = await store.lease(name, 'one', 3_600_000);
    expect(await store.lease(name, 'two', 15_000)).toEqual({ name, fence: Number(ahead?.fence) + 1 });
    expect(await store.lease(name, 'one', 15_000)).toBeNull();
  });

  describe('verdicts', () => {
    it.each(['pending', 'unknown'] as const)('decide a write that is %s', async (state) => {
      const intent = anIntent();
      await settle(intent);
      if (state === 'unknown') await settle(anOutcome(intent, 'unknown'));
      expect(await settleOne(aReadBack(intent, 'applied'))).toEqual({ kind: 'committed' });
      expect(await store.write(intent.operationId)).toMatchObject({
        outcome: 'applied',
        evidence: 'read-back',
        open_item: 0,
      });
    });

    it.each([
      ['a read-back', aReadBack],
      ['a person', aResolution],
    ])('of %s come too late for a decided write', async (_who, verdict) => {
      const intent = anIntent();
      await settle(intent);
      await settle(anOutcome(intent, 'applied'));
      const before = await chainLength();
      expect(await settleOne(verdict(intent, 'not-applied'))).toEqual({ kind: 'superseded' });
      expect(await chainLength()).toBe(before);
      expect(await store.write(intent.operationId)).toMatchObject({ outcome: 'applied' });
    });

    it('of two persons in one batch: the first counts', async () => {
      const intent = anIntent();
      await settle(intent);
      expect(await settle(aResolution(intent, 'applied'), aResolution(intent, 'not-applied'))).toEqual([
        { kind: 'committed' },
        { kind: 'superseded' },
      ]);
      expect(await store.write(intent.operationId)).toMatchObject({ outcome: 'applied' });
    });

    it('of a read-back yield to the outcome in the same batch', async () => {
      const intent = anIntent();
      await settle(intent);
      expect(await settle(anOutcome(intent, 'applied'), aReadBack(intent, 'not-applied'))).toEqual([
        { kind: 'committed' },
        { kind: 'superseded' },
      ]);
    });

    it('put a write that they cannot decide before a person', async () => {
      const intent = anIntent();
      await settle(intent);
      await settle(aReadBack(intent, 'unknown'));
      expect(await store.write(intent.operationId)).toMatchObject({ outcome: 'unknown', open_item: 1 });
      await settle(aResolution(intent, 'not-applied'));
      expect(await store.write(intent.operationId)).toMatchObject({ outcome: 'not-applied', open_item: 0 });
    });

    it.each([
      ['contradicts', 'applied', 1],
      ['confirms', 'not-applied', 0],
    ] as const)('yield to a late outcome that %s them', async (_how, outcome, open_item) => {
      const intent = anIntent();
      await settle(intent);
      await settle(aReadBack(intent, 'not-applied'));
      await settle(anOutcome(intent, outcome));
      expect(await store.write(intent.operationId)).toMatchObject({
        outcome,
        evidence: 'observed',
        open_item,
      });
    });
  });

  describe('leases', () => {
    it('have one holder, who may renew', async () => {
      const name = randomUUIDv7();
      const lease = await store.lease(name, 'a', 60_000);
      expect(lease).toEqual({ name, fence: 1 });
      expect(await store.lease(name, 'b', 60_000)).toBeNull();
      expect(await store.lease(name, 'a', 60_000)).toEqual(lease);
    });

    it('refuse work that was begun under an older fence', async () => {
      const [name, intent] = [randomUUIDv7(), anIntent()];
      await settle(intent);
      const old = { name, fence: (await store.lease(name, 'a', 0))?.fence ?? 0 };
      await new Promise((resolve) => setTimeout(resolve, 5));
      const current = { name, fence: (await store.lease(name, 'b', 60_000))?.fence ?? 0 };
      expect(current.fence).toBe(old.fence + 1);
      const entry = aReadBack(intent, 'applied');
      expect(await settleOne({ entry, lease: old })).toEqual({ kind: 'superseded' });
      expect(await settleOne({ entry, lease: current })).toEqual({ kind: 'committed' });
    });

    it('refuse work after they ran out', async () => {
      const [name, intent] = [randomUUIDv7(), anIntent()];
      await settle(intent);
      const lease = { name, fence: (await store.lease(name, 'a', 0))?.fence ?? 0 };
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await settleOne({ entry: aReadBack(intent, 'applied'), lease })).toEqual({ kind: 'superseded' });
    });
  });

  describe('looking up', () => {
    const subject = randomUUIDv7();
    const principal = { ...ENTRY.principal, subject };
    const writes = Array.from({ length: 5 }, (_, number) =>
      anIntent({
        principal,
        at: `2021-02-1${number}T12:00:00.000Z`,
        operation: number === 0 ? 'handoff.update-status' : 'deferred-action.modify',
        payload: { serviceLogin: { hmac: hmacOf(`${subject}-${number % 2}`) } },
      }),
    );
    const [first, second, third, fourth, fifth] = writes.map(({ operationId }) => operationId);
    beforeAll(async () => {
      await settle(...writes.map((intent, number) => keyed(intent, `${subject}-${number}`)));
      await settle(...writes.slice(0, 2).map((intent) => anOutcome(intent, 'applied')));
      await settle(...writes.slice(2, 3).map((intent) => aReadBack(intent, 'unknown')));
    });

    it.each([
      ['everything, newest first', {}, [fifth, fourth, third, second, first]],
      ['an outcome', { outcome: 'applied' }, [second, first]],
      ['an operation', { operation: 'handoff.update-status' }, [first]],
      ['a resource', { resource: writes[3]?.resource ?? '' }, [fourth]],
      ['a request', { requestId: writes[4]?.requestId ?? '' }, [fifth]],
      ['a key', { idempotencyKey: `${subject}-1` }, [second]],
      ['open items', { open: true }, [third]],
      [
        'a time, its end excluded',
        { from: '2021-02-11T12:00:00.000Z', until: '2021-02-13T12:00:00.000Z' },
        [third, second],
      ],
      ['nothing', { outcome: 'rejected' }, []],
    ])('finds writes by %s', async (_what, filter, expected) => {
      const found = await store.writes({ subject, limit: 10, ...filter });
      expect(found.map(({ operation_id }) => operation_id)).toEqual(expected);
    });

    it('pages through writes and records without missing or repeating one', async () => {
      const paged: string[] = [];
      for (let before: number | undefined; ;) {
        const page = await store.writes({ subject, limit: 2, ...(before !== undefined && { before }) });
        paged.push(...page.map(({ operation_id }) => operation_id));
        before = page.at(-1)?.seq;
        if (page.length < 2) break;
      }
      expect(paged).toEqual([fifth, fourth, third, second, first]);

      const seqs: number[] = [];
      for (let after = 0; ;) {
        const page = await store.records({ subject, limit: 3, after });
        seqs.push(...page.map(({ seq }) => seq));
        after = page.at(-1)?.seq ?? 0;
        if (page.length < 3) break;
      }
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
      expect(seqs).toHaveLength(5);
    });

    it.each([
      ['their kind', { kind: 'intent' }, 5],
      ['their time', { from: '2021-02-12T12:00:00.000Z', until: '2021-02-14T00:00:00.000Z' }, 2],
      ['a request', { requestId: writes[0]?.requestId ?? '' }, 1],
      ['a sensitive value, by its digest', { hmacs: [hmacOf(`${subject}-1`)] }, 2],
      ['a sensitive value that nobody sent', { hmacs: [hmacOf(`${subject}-2`)] }, 0],
    ])('finds records by %s', async (_what, filter, count) => {
      expect(await store.records({ subject, limit: 10, ...filter })).toHaveLength(count);
    });

    it('finds what is undecided although nothing can be in flight any more, oldest first', async () => {
      const late = (ms: number): string => new Date(Date.now() - ms).toISOString();
      const [older, newer, inFlight, decided, open] = [
        anIntent({ dispatchBy: late(60_000) }),
        anIntent({ dispatchBy: late(60_000) }),
        anIntent({ dispatchBy: late(1_000) }),
        anIntent({ dispatchBy: late(60_000) }),
        anIntent({ dispatchBy: late(60_000) }),
      ];
      await settle(older, newer, inFlight, decided, open);
      await settle(anOutcome(newer, 'unknown'), anOutcome(decided, 'applied'), aReadBack(open, 'unknown'));
      const found = await store.undecided(30_000, 10);
      expect(found.map(({ write }) => write.operation_id)).toEqual([older.operationId, newer.operationId]);
      expect(found[0]?.intent).toMatchObject(older);
      expect(await store.undecided(30_000, 1)).toHaveLength(1);
    });

    it('tells how many writes are open since when, and what the last checkpoint does not cover', async () => {
      const late = (ms: number): string => new Date(Date.now() - ms).toISOString();
      const began = (at: string, dispatchBy = late(1_000)) => anIntent({ at, dispatchBy });
      const [crashed, lost, open] = [
        began(late(5_000)),
        began(late(4_000), late(-9_000)),
        began(late(3_000)),
      ];
      const inFlight = began(late(7_000), late(-9_000));
      const before = await store.standing();
      await settle(crashed, lost, open, inFlight);
      await settle(anOutcome(lost, 'unknown'), aReadBack(open, 'unknown'));
      const { undecided, beforeAPerson, uncovered, checkpointAgeMs } = await store.standing();
      expect([
        undecided.count - before.undecided.count,
        beforeAPerson.count - before.beforeAPerson.count,
        uncovered - before.uncovered,
      ]).toEqual([2, 1, 6]);
      expect(undecided.oldestAt).toBeLessThanOrEqual(Date.parse(crashed.at));
      expect(beforeAPerson.oldestAt).toBeLessThanOrEqual(Date.parse(open.at));
      expect(checkpointAgeMs).toBeGreaterThanOrEqual(before.checkpointAgeMs);
    });

    it('remembers the last account that somebody named, until it has seen the right one', async () => {
      const [one, other] = [randomUUIDv7(), randomUUIDv7()];
      const said = (accountId: string) => ({ accountId, seen: false });
      const seen = (accountId: string) => ({ accountId, seen: true });
      expect(await store.accountOf(one)).toBeNull();
      await store.rememberAccount([one], said('first'));
      await store.rememberAccount([one], said('second'));
      expect(await store.accountOf(one)).toEqual(said('second'));
      await store.rememberAccount([one, other, one], seen('third'));
      await store.rememberAccount([one], said('fourth'));
      expect(await store.accountOf(one)).toEqual(seen('third'));
      expect(await store.accountOf(other)).toEqual(seen('third'));
      await store.rememberAccount([one], seen('fifth'));
      expect(await store.accountOf(one)).toEqual(seen('fifth'));
    });

    it('remembers the account of more actions than a statement has parameters', async () => {
      const actions = Array.from({ length: 40_000 }, () => randomUUIDv7());
      await store.rememberAccount(actions, { accountId: 'large', seen: true });
      expect(await store.accountOf(actions[39_999] ?? '')).toEqual({ accountId: 'large', seen: true });
    });
  });
});

describe('a store on SQLite', () => {
  it('has one owner', async () => {
    const [{ place, open }] = STORE_KINDS as readonly [StoreKind];
    const directory = await place();
    const owner = await open(directory);
    await expect(open(directory)).rejects.toThrow('another process owns the data directory');
    await owner.close();
    await (await open(directory)).close();
  });
});

describe('a store on PostgreSQL', () => {
  it('refuses "truncate"', async () => {
    const url = await aDatabase();
    await (await openPostgres(url)).close();
    await expect(query(url, 'truncate audit_records')).rejects.toThrow('append-only');
  });

  it('brings the schema up to date once when replicas start together', async () => {
    for (let round = 0; round < 3; round++) {
      const url = await aDatabase();
      const databases = await Promise.all(Array.from({ length: 4 }, () => openPostgres(url)));
      await Promise.all(databases.map((database) => database.close()));
      expect(await query(url, 'select name from kysely_migration')).toHaveLength(6);
      expect(await query(url, 'select seq from chain_head')).toEqual([{ seq: '0' }]);
    }
  });

  it.each([
    ['fsync', 'off'],
    ['full_page_writes', 'off'],
  ])('does not start where %s is %s', async (setting, value) => {
    const server = await PostgresServer.start({ [setting]: value });
    try {
      await expect(openPostgres(server.url())).rejects.toThrow(`${setting}=${value}: a commit could be lost`);
    } finally {
      await server.discard();
    }
  });

  it('keeps its limits whatever options its URL brings along', async () => {
    const url = await aDatabase();
    const options = '-c search_path=elsewhere,public -c lock_timeout=0';
    const database = await openPostgres(
      `${url}?options=${encodeURIComponent(options)}&application_name=mine`,
    );
    const { rows } = await sql<Record<string, string>>`
      select current_setting('search_path') as path, current_setting('lock_timeout') as lock_timeout,
        current_setting('application_name') as name`.execute(database.db);
    expect(rows).toEqual([{ path: 'elsewhere,public', lock_timeout: '900ms', name: 'mine' }]);
    await database.close();
  });

  it('waits for the disk even where the server would not', async () => {
    const url = await aDatabase();
    await query(url, `alter database ${String(url.split('/').at(-1))} set synchronous_commit = off`);
    const database = await openPostgres(url);
    const { synchronous_commit } = await database.db
      .selectNoFrom((eb) =>
        eb.fn<string>('current_setting', [eb.val('synchronous_commit')]).as('synchronous_commit'),
      )
      .executeTakeFirstOrThrow();
    expect(synchronous_commit).toBe('on');
    await database.close();
  });
});
