import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import pg from 'pg';
import type * as AuditTrailModule from '../src/platform/audit/audit-trail.js';
import type * as RedactionModule from '../src/platform/audit/redaction.js';
import type * as SpoolModule from '../src/platform/audit/spool.js';
import type * as MetricsModule from '../src/platform/metrics/metrics.js';
import type { SessionEntry } from '../src/platform/audit/audit-record.js';
import type { BegunSession, Commit, Settlement } from '../src/platform/audit/audit-store.js';
import type { Session, SessionStore } from '../src/platform/sessions/session-store.js';
import type { Stores } from '../src/platform/stores/stores.js';
import { chainFaults, type Row } from './support/audit-records.js';
import { STORE_KINDS, aDirectory, built, removeDirectories, type StoreKind } from './support/stores.js';

const { AuditTrail } = await built<typeof AuditTrailModule>('audit/audit-trail');
const { Redaction } = await built<typeof RedactionModule>('audit/redaction');
const { Spool } = await built<typeof SpoolModule>('audit/spool');
const { Metrics } = await built<typeof MetricsModule>('metrics/metrics');

const COMMITTED = { kind: 'committed' };
const SUPERSEDED = { kind: 'superseded' };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function anEntry(changes: Partial<SessionEntry>): SessionEntry {
  return {
    kind: 'session',
    id: randomUUIDv7(),
    at: new Date().toISOString(),
    replica: 'replica-1',
    requestId: null,
    principal: null,
    address: null,
    event: 'started',
    session: randomUUIDv7(),
    owner: 'clerk',
    reason: null,
    remark: null,
    ...changes,
  };
}

function anEnd(session: string, reason: SessionEntry['reason'] = 'logout'): Commit {
  return { entry: anEntry({ session, event: 'ended', reason }) };
}

const hashOf = (session: string): string => `hash of the cookie of ${session}`;
const ids = (sessions: readonly Session[]): string[] => sessions.map(({ session }) => session);

/** Holds up whatever is to be appended; resolves with what lets it go on. */
const HOLD: Readonly<Record<StoreKind['name'], (place: string) => Promise<() => Promise<void>>>> = {
  SQLite: (directory) => {
    const holder = new SQLite(join(directory, 'surehand.db'));
    holder.exec('begin immediate');
    return Promise.resolve(() => {
      holder.close();
      return Promise.resolve();
    });
  },
  PostgreSQL: async (url) => {
    const holder = new pg.Client(url);
    await holder.connect();
    await holder.query('begin; select seq from chain_head for update');
    return () => holder.end();
  },
};

afterAll(removeDirectories);

describe.each(STORE_KINDS)('sessions on $name', (kind) => {
  let place: string;
  let stores: Stores;
  let sessions: SessionStore;
  /** A second replica, where there can be one. */
  let other: Stores;
  beforeAll(async () => {
    place = await kind.place();
    stores = await kind.open(place);
    ({ sessions } = stores);
    other = kind.name === 'SQLite' ? stores : await kind.open(place);
  });
  afterAll(async () => {
    await stores.close();
    if (other !== stores) await other.close();
  });

  async function settle(...commits: Commit[]): Promise<readonly Settlement[]> {
    return (await stores.audit.commit(commits)).settlements;
  }
  function aStart(entry: Partial<SessionEntry> = {}, begun: Partial<BegunSession> = {}): Commit {
    const started = anEntry(entry);
    return {
      entry: started,
      session: {
        idHash: hashOf(started.session),
        sid: null,
        lifetimeMs: 10 * HOUR,
        refreshInMs: 5 * MINUTE,
        tokens: 'sealed-1',
        address: '10.1.2.3',
        userAgent: 'a browser',
        ...begun,
      },
    };
  }
  async function begin(
    entry: Partial<SessionEntry> = {},
    begun: Partial<BegunSession> = {},
  ): Promise<string> {
    const started = anEntry(entry);
    expect(await settle(aStart(started, begun))).toEqual([COMMITTED]);
    return started.session;
  }
  async function found(session: string, idleMs = HOUR): Promise<(Session & { now: number }) | null> {
    const [row] = await sessions.find([hashOf(session)], idleMs);
    return row ?? null;
  }
  const change = (session: string, set: string): Promise<unknown> =>
    kind.run(place, `update sessions set ${set} where session = '${session}'`);
  async function recordsOf(session: string): Promise<unknown[]> {
    const records = await stores.audit.records({ kind: 'session', limit: 1_000 });
    return records.filter((record) => record.kind === 'session' && record.session === session);
  }
  async function owedFor(session: string): Promise<unknown[]> {
    const owed = await kind.run(place, `select * from owed_revocations where session = '${session}'`);
    return owed.map(({ tokens, attempts }) => ({ tokens, attempts: Number(attempts) }));
  }

  describe('a session', () => {
    it('begins with its record, and is found by the hash of its cookie', async () => {
      const session = await begin({ owner: 'ann' }, { sid: 'sid-1' });
      const live = await found(session);
      const now = live?.now ?? 0;
      expect(live).toEqual({
        session,
        subject: 'ann',
        sid: 'sid-1',
        startedAt: live?.seenAt,
        seenAt: live?.seenAt,
        endsAt: (live?.seenAt ?? 0) + 10 * HOUR,
        refreshAt: (live?.seenAt ?? 0) + 5 * MINUTE,
        tokens: 'sealed-1',
        version: 1,
        address: '10.1.2.3',
        userAgent: 'a browser',
        now,
      });
      expect(now - (live?.seenAt ?? 0)).toBeGreaterThanOrEqual(0);
      expect(Math.abs(now - Date.now())).toBeLessThan(5_000);
      const { now: _, ...rest } = live ?? {};
      expect(await sessions.get(session)).toEqual(rest);
      expect(await recordsOf(session)).toMatchObject([{ event: 'started', owner: 'ann', reason: null }]);
    });

    it('ends with its record: it is gone, and its tokens are owed', async () => {
      const session = await begin();
      expect(await settle(anEnd(session, 'back-channel-logout'))).toEqual([COMMITTED]);
      expect(await found(session)).toBeNull();
      expect(await sessions.get(session)).toBeNull();
      expect(await owedFor(session)).toEqual([{ tokens: 'sealed-1', attempts: 0 }]);
      expect(await recordsOf(session)).toMatchObject([
        { event: 'started' },
        { event: 'ended', reason: 'back-channel-logout' },
      ]);
    });

    it.each([
      ['in one batch', (ends: Commit[]) => settle(...ends)],
      [
        'one after the other',
        async ([one, two]: Commit[]) => [
          ...(one === undefined ? [] : await settle(one)),
          ...(two === undefined ? [] : await settle(two)),
        ],
      ],
      [
        'of two replicas',
        async (ends: Commit[]) => {
          const both = await Promise.all(
            ends.map((end, index) => (index === 0 ? stores : other).audit.commit([end])),
          );
          return both.flatMap(({ settlements }) => settlements);
        },
      ],
    ])('has one record of its end, and owes its tokens once, for two ends %s', async (_how, end) => {
      const session = await begin();
      const settlements = await end([anEnd(session, 'logout'), anEnd(session, 'idle')]);
      expect(settlements).toHaveLength(2);
      expect(settlements).toEqual(expect.arrayContaining([COMMITTED, SUPERSEDED]));
      expect(await recordsOf(session)).toMatchObject([{ event: 'started' }, { event: 'ended' }]);
      expect(await owedFor(session)).toHaveLength(1);
    });

    it('can begin and end in one batch, and does not touch its neighbours there', async () => {
      const [start, another] = [aStart(), aStart()];
      const ended = start.entry.kind === 'session' ? start.entry.session : '';
      const settlements = await settle(start, anEnd(ended), anEnd(randomUUIDv7()), another);
      expect(settlements).toEqual([COMMITTED, COMMITTED, SUPERSEDED, COMMITTED]);
      expect(await sessions.get(ended)).toBeNull();
      const rows = await kind.run(place, 'select record, hash from audit_records order by seq');
      expect(chainFaults(rows as unknown as Row[])).toEqual([]);
    });

    it('does not begin a second time, nor with the cookie of another', async () => {
      const session = await begin();
      const taken = { idHash: hashOf(session) };
      expect(await settle(aStart({ session }), aStart({}, taken), aStart())).toEqual([
        SUPERSEDED,
        SUPERSEDED,
        COMMITTED,
      ]);
    });

    it('is found by nothing but its whole hash', async () => {
      const session = await begin();
      expect(await sessions.find([session, ''], HOUR)).toEqual([null, null]);
    });

    it('is found beside others, in the order that they are asked for in', async () => {
      const [one, other] = [await begin(), await begin()];
      const asked = [other, 'nobody', one, other].map(hashOf);
      expect((await sessions.find(asked, HOUR)).map((found) => found?.session)).toEqual([
        other,
        undefined,
        one,
        other,
      ]);
    });
  });

  describe('the end of its time', () => {
    it('comes when it was idle for so long by the clock of the database', async () => {
      const session = await begin();
      await change(session, `seen_at = seen_at - ${10 * MINUTE}`);
      expect(await found(session, 11 * MINUTE)).not.toBeNull();
      expect(await found(session, 10 * MINUTE)).toBeNull();
      expect(await sessions.get(session)).not.toBeNull();
    });

    it('comes at its end, however much it is used', async () => {
      const session = await begin({}, { lifetimeMs: 2 * HOUR });
      await change(session, `ends_at = ends_at - ${HOUR}`);
      expect(await found(session)).not.toBeNull();
      await change(session, `ends_at = ends_at - ${HOUR}`);
      await sessions.touch(session);
      expect(await found(session)).toBeNull();
    });

    it('is put off by use, which never moves it to an earlier time', async () => {
      const session = await begin();
      await change(session, `seen_at = seen_at - ${10 * MINUTE}`);
      await sessions.touch(session);
      const live = await found(session, MINUTE);
      expect((live?.now ?? 0) - (live?.seenAt ?? 0)).toBeLessThan(5_000);
      await change(session, `seen_at = seen_at + ${HOUR}`);
      const ahead = await sessions.get(session);
      await sessions.touch(session);
      expect(await sessions.get(session)).toEqual(ahead);
    });

    it('is told with its reason, the first that ended first, and no more than was asked for', async () => {
      const live = await begin();
      const [idle, over, both] = [await begin(), await begin(), await begin()];
      await change(idle, `seen_at = seen_at - ${3 * HOUR}`);
      await change(over, `ends_at = started_at - ${3 * HOUR}`);
      await change(both, `seen_at = seen_at - ${6 * HOUR}, ends_at = started_at - ${HOUR}`);
      const expired = await sessions.expired(HOUR, 100);
      const ours = [live, idle, over, both];
      expect(
        expired
          .map(({ session, reason }) => [session.session, reason])
          .filter(([session]) => ours.includes(String(session))),
      ).toEqual([
        [both, 'idle'],
        [over, 'lifetime'],
        [idle, 'idle'],
      ]);
      expect(await sessions.expired(HOUR, 1)).toEqual(expired.slice(0, 1));
      await settle(...ids(expired.map(({ session }) => session)).map((each) => anEnd(each, 'idle')));
      expect(await sessions.expired(HOUR, 100)).toEqual([]);
    });
  });

  describe('a list', () => {
    it('has the live sessions of a subject or of a provider’s session, newest first, page by page', async () => {
      const [subject, sid] = [randomUUIDv7(), randomUUIDv7()];
      const all: string[] = [];
      for (let number = 0; number < 5; number++) {
        all.unshift(await begin({ owner: subject }, { sid: number % 2 === 0 ? sid : null }));
        // Names are in the order of their milliseconds, and within one in none.
        await pause(2);
      }
      const [fifth, fourth, third, second, first] = all;
      if (third === undefined || second === undefined) throw new Error('too few sessions');
      await change(third, `seen_at = seen_at - ${2 * HOUR}`);
      expect(ids(await sessions.list({ subject, limit: 10 }, HOUR))).toEqual([fifth, fourth, second, first]);
      expect(ids(await sessions.list({ sid, limit: 10 }, HOUR))).toEqual([fifth, first]);
      expect(ids(await sessions.list({ subject, limit: 2 }, HOUR))).toEqual([fifth, fourth]);
      expect(ids(await sessions.list({ subject, before: second, limit: 2 }, HOUR))).toEqual([first]);
      expect(ids(await sessions.list({ limit: 2 }, HOUR))).toEqual([fifth, fourth]);
      expect(await sessions.list({ subject: 'nobody', limit: 2 }, HOUR)).toEqual([]);
    });
  });

  describe('the right to refresh', () => {
    it('has one winner among 20 that ask at once, on two replicas', async () => {
      const session = await begin();
      const asked = Array.from({ length: 20 }, (_, number) =>
        (number % 2 === 0 ? stores : other).sessions.lockRefresh(session, 1, `holder-${number}`, MINUTE),
      );
      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1);
    });

    it('can be renewed by its holder, and is given back with the new tokens', async () => {
      const session = await begin();
      expect(await sessions.lockRefresh(session, 1, 'a', MINUTE)).toBe(true);
      expect(await sessions.lockRefresh(session, 1, 'a', MINUTE)).toBe(true);
      expect(await sessions.lockRefresh(session, 1, 'b', MINUTE)).toBe(false);
      expect(await sessions.keepTokens(session, 'b', 'of b', null)).toBe(false);
      expect(await sessions.keepTokens(session, 'a', 'sealed-2', MINUTE)).toBe(true);
      const kept = await found(session);
      expect(kept).toMatchObject({ tokens: 'sealed-2', version: 2 });
      expect((kept?.refreshAt ?? 0) - (kept?.now ?? 0)).toBeGreaterThan(MINUTE - 5_000);
      expect(await sessions.lockRefresh(session, 1, 'b', MINUTE)).toBe(false);
      expect(await sessions.lockRefresh(session, 2, 'b', MINUTE)).toBe(true);
      expect(await sessions.keepTokens(session, 'b', 'sealed-3', null)).toBe(true);
      expect(await found(session)).toMatchObject({ tokens: 'sealed-3', version: 3, refreshAt: null });
    });

    it('can be given back without new tokens, by its holder', async () => {
      const session = await begin();
      await sessions.lockRefresh(session, 1, 'a', MINUTE);
      await sessions.releaseRefresh(session, 'b');
      expect(await sessions.lockRefresh(session, 1, 'b', MINUTE)).toBe(false);
      await sessions.releaseRefresh(session, 'a');
      expect(await sessions.lockRefresh(session, 1, 'b', MINUTE)).toBe(true);
      expect(await found(session)).toMatchObject({ tokens: 'sealed-1', version: 1 });
    });

    it('is another’s once it ran out: what the first then brings is not kept', async () => {
      const session = await begin();
      expect(await sessions.lockRefresh(session, 1, 'frozen', 20)).toBe(true);
      await pause(40);
      expect(await sessions.lockRefresh(session, 1, 'b', MINUTE)).toBe(true);
      expect(await sessions.keepTokens(session, 'frozen', 'too late', null)).toBe(false);
      expect(await sessions.lockRefresh(session, 1, 'frozen', MINUTE)).toBe(false);
      expect(await sessions.keepTokens(session, 'b', 'sealed-2', null)).toBe(true);
      expect(await sessions.keepTokens(session, 'frozen', 'too late', null)).toBe(false);
      expect(await found(session)).toMatchObject({ tokens: 'sealed-2', version: 2 });
    });

    it('still counts after it ran out, as long as nobody else has taken it', async () => {
      const session = await begin();
      await sessions.lockRefresh(session, 1, 'slow', 1);
      await pause(10);
      expect(await sessions.keepTokens(session, 'slow', 'sealed-2', null)).toBe(true);
    });

    it('ends with its session, which new tokens do not bring back', async () => {
      const session = await begin();
      await sessions.lockRefresh(session, 1, 'a', MINUTE);
      await settle(anEnd(session));
      expect(await sessions.keepTokens(session, 'a', 'sealed-2', null)).toBe(false);
      expect(await sessions.lockRefresh(session, 1, 'a', MINUTE)).toBe(false);
      await sessions.touch(session);
      expect(await sessions.get(session)).toBeNull();
      expect(await owedFor(session)).toEqual([{ tokens: 'sealed-1', attempts: 0 }]);
    });
  });

  describe('owed revocations', () => {
    beforeEach(async () => {
      await kind.run(place, 'delete from owed_revocations');
    });
    const owe = async (count: number): Promise<string[]> => {
      const begun = await Promise.all(Array.from({ length: count }, () => begin()));
      await settle(...begun.map((session) => anEnd(session)));
      return begun;
    };

    it('are taken by one of two replicas that take at once', async () => {
      const owed = await owe(40);
      const taken = await Promise.all(
        [stores, other, stores, other].map((replica) => replica.sessions.takeOwed(10, MINUTE)),
      );
      const rest = await sessions.takeOwed(100, MINUTE);
      const all = [...taken.flat(), ...rest].map(({ session }) => session);
      expect(all.sort()).toEqual(owed.sort());
      expect(taken.map((each) => each.length).every((length) => length <= 10)).toBe(true);
      expect(await sessions.takeOwed(100, MINUTE)).toEqual([]);
    });

    it('come again, counted, until they are settled', async () => {
      const [session] = await owe(1);
      const owed = { session, tokens: 'sealed-1' };
      expect(await sessions.takeOwed(10, 20)).toEqual([{ ...owed, attempts: 1 }]);
      await pause(40);
      expect(await sessions.takeOwed(10, 20)).toEqual([{ ...owed, attempts: 2 }]);
      await sessions.settleOwed(String(session));
      await pause(40);
      expect(await sessions.takeOwed(10, 20)).toEqual([]);
    });
  });

  describe('an id that is noted', () => {
    it('is new to one of 20 that note it at once, on two replicas', async () => {
      const id = randomUUIDv7();
      const noted = await Promise.all(
        Array.from({ length: 20 }, (_, number) =>
          (number % 2 === 0 ? stores : other).sessions.noteOnce(id, MINUTE),
        ),
      );
      expect(noted.filter(Boolean)).toHaveLength(1);
    });

    it('can be taken back, so that it may be noted again', async () => {
      const id = randomUUIDv7();
      expect(await sessions.noteOnce(id, MINUTE)).toBe(true);
      await sessions.forgetNoted(id);
      expect(await sessions.noteOnce(id, MINUTE)).toBe(true);
    });

    it('is forgotten after its time, and its row with it', async () => {
      const [id, another] = [randomUUIDv7(), randomUUIDv7()];
      expect(await sessions.noteOnce(id, HOUR)).toBe(true);
      expect(await sessions.noteOnce(another, HOUR)).toBe(true);
      await kind.run(place, `update noted_ids set expires_at = expires_at - ${HOUR - MINUTE}`);
      expect(await sessions.noteOnce(id, MINUTE)).toBe(false);
      await kind.run(place, `update noted_ids set expires_at = expires_at - ${MINUTE}`);
      expect(await sessions.noteOnce(id, MINUTE)).toBe(true);
      expect(await kind.run(place, `select id from noted_ids where id = '${another}'`)).toEqual([]);
    });
  });

  describe('the trail, while its store hangs', () => {
    it('gives the end of a session up within a second; to end it again is safe', async () => {
      const spool = await Spool.open(aDirectory());
      const trail = new AuditTrail(stores.audit, Redaction.with([], randomBytes(32)), spool, Metrics.off);
      const about = { owner: 'clerk', remark: null, requestId: null, principal: null, address: null };
      const session = randomUUIDv7();
      const { session: begun } = aStart({ session });
      await trail.session({ ...about, session, event: 'started', reason: null }, begun);
      const end = { ...about, session, event: 'ended', reason: 'logout' } as const;

      const letGo = await HOLD[kind.name](place);
      const since = performance.now();
      await expect(trail.session(end)).rejects.toMatchObject({ name: 'AuditUnavailable' });
      expect(performance.now() - since).toBeLessThan(1_900);
      expect(await found(session)).not.toBeNull();
      await letGo();

      expect(['committed', 'superseded']).toContain((await trail.session(end)).kind);
      expect(await trail.session(end)).toEqual(SUPERSEDED);
      expect(await recordsOf(session)).toMatchObject([{ event: 'started' }, { event: 'ended' }]);
      expect(await found(session)).toBeNull();
      await trail.finish();
    });
  });
});
