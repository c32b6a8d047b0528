import { setTimeout as sleep } from 'node:timers/promises';
import { postgresRecords, type StoredRecord } from './support/audit-records.js';
import type { Gateway } from './support/gateway.js';
import type { TokenReply } from './support/openid-provider.js';
import type { Step } from './support/onward.js';
import { aDatabase, query } from './support/postgres.js';
import { SessionLandscape } from './support/session-landscape.js';
import type { Visitor } from './support/visitor.js';

/** The right to refresh is held for 3 s unless it is renewed. */
const LONGER_THAN_THE_LOCK = 4_500;

let database: string;
let landscape: SessionLandscape;
let other: Gateway;
beforeAll(async () => {
  database = await aDatabase();
  const SESSION_KEY = Buffer.alloc(32, 1).toString('base64');
  landscape = await SessionLandscape.start({ settings: { DATABASE_URL: database, SESSION_KEY } });
  other = await landscape.replica();
});
afterEach(() => {
  const { token } = landscape.provider.endpoints;
  token.delayMs = 0;
  token.fault = undefined;
});
afterAll(async () => {
  await other.discard();
  await landscape.end();
});

/** So many requests at once, every second one to the other replica. */
async function together(visitor: Visitor, count: number): Promise<Step[]> {
  const calls = Array.from({ length: count }, (_, number) =>
    visitor.call('/writes', number % 2 === 0 ? {} : { at: other.url }),
  );
  return await Promise.all(calls);
}

/** What the token endpoint was asked while something was done. */
async function asked(act: () => Promise<unknown>): Promise<number> {
  const { token } = landscape.provider.endpoints;
  const before = token.asked;
  await act();
  return token.asked - before;
}

async function sessionOf(visitor: Visitor): Promise<string> {
  return (JSON.parse((await visitor.call('/auth/session')).body) as { session: string }).session;
}

/** The public name of the latest session, without asking the gateway, which would refresh it. */
async function latestSession(): Promise<string> {
  const [row] = await query(database, 'select session from sessions order by session desc limit 1');
  return String(row?.['session']);
}

async function endsOf(session: string): Promise<StoredRecord[]> {
  const records = await postgresRecords(database);
  return records.filter((record) => record['session'] === session && record['event'] === 'ended');
}

/** Holds the next reply of the token endpoint, which the provider has done its work for, until it is released. */
function holdReply(): { readonly reply: Promise<TokenReply>; readonly release: () => void } {
  const { provider } = landscape;
  const [made, released] = [Promise.withResolvers<TokenReply>(), Promise.withResolvers<undefined>()];
  provider.falsify = async (reply) => {
    provider.falsify = (each) => each;
    made.resolve(reply);
    await released.promise;
    return reply;
  };
  const release = (): void => {
    provider.falsify = (each) => each;
    released.resolve(undefined);
  };
  return { reply: made.promise, release };
}

async function untilAsked(before: number): Promise<void> {
  while (landscape.provider.endpoints.token.asked === before) await sleep(10);
}

const statuses = (replies: readonly Step[]): number[] => [...new Set(replies.map(({ status }) => status))];
const loginUrl = (): string => `${landscape.gateway.url}/auth/login`;

describe('50 requests at once on two replicas, when the access token is to be refreshed,', () => {
  it.each([
    ['ask the provider once', 0, false],
    // Whoever went on with the old token would not be answered.
    ['and is over, ask the provider once', 0, true],
    ['and is over, ask a provider once that takes longer than the lock', LONGER_THAN_THE_LOCK, true],
  ])('%s, and are all answered', async (_, delayMs, isOver) => {
    const clerk = await (isOver ? landscape.lateVisitor() : landscape.dueVisitor());
    landscape.provider.endpoints.token.delayMs = delayMs;
    let replies: Step[] = [];
    const grants = await asked(async () => (replies = await together(clerk, 50)));
    expect(statuses(replies)).toEqual([200]);
    expect(replies).toHaveLength(50);
    expect(grants).toBe(1);
    expect(landscape.provider.grants.at(-1)).toBe('refresh_token');
  });
});

describe('a refresh token that the provider refuses', () => {
  it.each([
    ['as one that is over', 'invalid_grant'],
    ['until it has seen the person again', 'interaction_required'],
  ] as const)('%s, ends the session once, and is not tried again [B13]', async (_, fault) => {
    const clerk = await landscape.dueVisitor();
    const session = await latestSession();
    const { token } = landscape.provider.endpoints;
    token.fault = fault;
    // So slow that requests of both replicas wait for it.
    token.delayMs = 200;
    let replies: Step[] = [];
    const grants = await asked(async () => {
      replies = await together(clerk, 20);
      token.fault = undefined;
      replies.push(...(await together(clerk, 4)));
    });
    expect(statuses(replies)).toEqual([401]);
    for (const { body } of replies)
      expect(JSON.parse(body)).toMatchObject({ code: 'unauthenticated', loginUrl: loginUrl() });
    expect(grants).toBe(1);
    expect(await endsOf(session)).toMatchObject([{ reason: 'refresh-refused', owner: 'clerk' }]);
    expect(JSON.parse((await clerk.call('/auth/session')).body)).toMatchObject({ authenticated: false });
  });

  it('is nothing to the other sessions of the same person', async () => {
    const [one, another] = [await landscape.dueVisitor(), await landscape.signedIn()];
    landscape.provider.endpoints.token.fault = 'invalid_grant';
    expect((await one.call('/writes')).status).toBe(401);
    expect((await another.call('/writes')).status).toBe(200);
  });
});

describe('a provider that gives a new refresh token with each refresh', () => {
  it('never sees an old one again, and two sessions are refreshed each for itself', async () => {
    const { provider } = landscape;
    const { falsify } = provider;
    provider.falsify = (reply) => ({ ...reply, expires_in: 1 });
    const [one, another] = [await landscape.signedIn(), await landscape.signedIn()];
    const before = provider.grants.length;
    for (let round = 0; round < 3; round++) {
      await sleep(600);
      // It takes a second use for theft, and ends the sign-in.
      expect(statuses([...(await together(one, 6)), ...(await together(another, 6))])).toEqual([200]);
    }
    provider.falsify = falsify;
    // The calls of a round may take so long that the next refresh is due within it.
    expect(provider.grants.length - before).toBeGreaterThanOrEqual(6);
    expect(new Set(provider.grants.slice(before))).toEqual(new Set(['refresh_token']));
    expect(await sessionOf(one)).not.toBe(await sessionOf(another));
    await one.call('/auth/logout', { method: 'POST' });
    expect((await another.call('/writes')).status).toBe(200);
  });
});

describe('a session that is ended while it is refreshed at a slow provider', () => {
  it.each<[string, string, (clerk: Visitor, session: string, supervisor: Visitor) => Promise<number>]>([
    [
      'by its logout',
      'logout',
      async (visitor) => (await visitor.call('/auth/logout', { method: 'POST' })).status,
    ],
    [
      'by a logout at the other replica',
      'logout',
      async (visitor) => (await visitor.call('/auth/logout', { method: 'POST', at: other.url })).status,
    ],
    [
      'by an operator',
      'ended-by-operator',
      async (_, session, supervisor) => {
        return (await supervisor.call(`/auth/sessions/${session}?reason=left`, { method: 'DELETE' })).status;
      },
    ],
  ])('%s stays ended, and what the provider then gives is revoked', async (_, reason, end) => {
    const { provider } = landscape;
    const supervisor = await landscape.signedIn('supervisor');
    const clerk = await landscape.dueVisitor();
    const session = await latestSession();
    const held = holdReply();
    const waiting = clerk.call('/writes');
    const { refresh_token: given } = await held.reply;
    const begun = performance.now();
    expect([200, 204]).toContain(await end(clerk, session, supervisor));
    // Nobody who leaves waits for the provider.
    expect(performance.now() - begun).toBeLessThan(2_000);
    held.release();
    expect((await waiting).status).toBe(401);
    expect(await endsOf(session)).toMatchObject([{ reason, owner: 'clerk' }]);
    expect(statuses(await together(clerk, 4))).toEqual([401]);
    expect(provider.revoked).toContain(given);
  });
});

describe('a replica that is killed while it refreshes', () => {
  it.each([
    ['is followed by the other one, if the provider has heard nothing yet', false, 200],
    ['leaves a session that ends with one record, if the new tokens were lost with it', true, 401],
  ] as const)('%s', async (_, isRotated, status) => {
    const { token } = landscape.provider.endpoints;
    const killed = await landscape.replica();
    const clerk = await landscape.dueVisitor();
    const session = await latestSession();
    const before = token.asked;
    token.fault = isRotated ? undefined : 'reset';
    token.delayMs = isRotated ? 0 : 500;
    const held = holdReply();
    const lost = clerk.call('/writes', { at: killed.url }).catch(() => undefined);
    await (isRotated ? held.reply : untilAsked(before));
    await killed.stop('SIGKILL');
    await lost;
    held.release();
    token.delayMs = 0;
    token.fault = undefined;
    const begun = performance.now();
    expect((await clerk.call('/writes', { at: other.url })).status).toBe(status);
    // Once the right to refresh has run out.
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(await endsOf(session)).toMatchObject(isRotated ? [{ reason: 'refresh-refused' }] : []);
    await killed.discard();
  });
});
