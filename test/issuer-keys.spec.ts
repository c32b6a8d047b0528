import { setTimeout as wait } from 'node:timers/promises';
import { generateKeyPair } from 'jose';
import {
  HANDOFF_PATH,
  Landscape,
  UPDATED_HANDOFF,
  aHandoffUpdate,
  handoffPath,
} from './support/landscape.js';
import { json } from './support/scripted-upstream.js';

const REFRESH_MS = 1_000;

let landscape: Landscape;

async function start(settings: Record<string, string> = {}): Promise<void> {
  landscape = await Landscape.start(settings);
  landscape.lending.play(json(200, UPDATED_HANDOFF));
}

/** The status of an update with a valid token, or with one that the test brings. */
/** Each call on a handoff of its own, since only one write to a resource is in flight at a time. */
let handoffs = 0;

async function statusWith(token?: string): Promise<number> {
  const handoffRefNumber = `HO-${++handoffs}`;
  const { status } = await landscape.call(handoffPath(handoffRefNumber), {
    body: aHandoffUpdate({ handoffRefNumber }),
    ...(token !== undefined && { token }),
  });
  return status;
}

/** Asks again and again until the answer is as expected; fails after 5 s. */
async function expectSoon<T>(ask: () => T | Promise<T>, expected: T): Promise<void> {
  const until = Date.now() + 5_000;
  let answer = await ask();
  while (answer !== expected && Date.now() < until) {
    await wait(100);
    answer = await ask();
  }
  expect(answer).toBe(expected);
}

describe('a gateway that has no keys yet, or not the new one', () => {
  beforeEach(() => start());
  afterEach(() => landscape.end());

  it('reads the keys again at once for a key id that is new, however many requests bring it', async () => {
    expect(await statusWith()).toBe(200);
    await landscape.issuer.addKey();
    const statuses = await Promise.all(Array.from({ length: 20 }, () => statusWith()));
    expect(statuses).toEqual(Array.from({ length: 20 }, () => 200));
  });

  it('looks twice at most for a flood of 500 unknown key ids', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const tokens = await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        landscape.issuer.token({}, { kid: `unknown-${index}`, key: privateKey }),
      ),
    );
    const statuses = await Promise.all(tokens.map(statusWith));
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(landscape.issuer.keyRequests).toBeLessThanOrEqual(2);
    expect(landscape.lending.calls).toEqual([]);
  });

  it('asks for patience while the issuer is down, and recovers by itself', async () => {
    landscape.issuer.down = true;
    await landscape.gateway.stop();
    landscape = await landscape.restart();
    const refused = await landscape.call(HANDOFF_PATH, { body: aHandoffUpdate() });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(refused.headers.get('www-authenticate')).toBeNull();
    expect(await refused.json()).toMatchObject({
      code: 'identity-provider-unavailable',
      outcome: 'not-applied',
      retryable: true,
    });
    expect(landscape.lending.calls).toEqual([]);
    landscape.issuer.down = false;
    await expectSoon(statusWith, 200);
  });
});

describe('a gateway that knows the keys', () => {
  beforeAll(async () => {
    await start({ AUTH_JWKS_REFRESH_SECONDS: String(REFRESH_MS / 1_000) });
    expect(await statusWith()).toBe(200);
  });
  afterAll(() => landscape.end());

  it('lets no token outlive its expiry, although it was verified a moment before', async () => {
    // The tolerance of 30 s is all but over: less than two seconds are left.
    const old = await landscape.issuer.token({ exp: Math.floor(Date.now() / 1000) - 28 });
    expect(await statusWith(old)).toBe(200);
    await wait(2_100);
    expect(await statusWith(old)).toBe(401);
  });

  it('goes on with them while the issuer is down', async () => {
    landscape.issuer.down = true;
    await wait(REFRESH_MS + 100);
    expect(await statusWith(await landscape.issuer.token({ jti: 'when a refresh is due' }))).toBe(200);
    const complaint = 'The keys of the token issuer could not be loaded';
    await expectSoon(() => landscape.gateway.log.some((line) => line.includes(complaint)), true);
    expect(await statusWith(await landscape.issuer.token({ jti: 'after it has failed' }))).toBe(200);
    landscape.issuer.down = false;
  });

  it('believes no token of a withdrawn key after the next refresh, although it was verified before', async () => {
    const old = await landscape.issuer.token();
    const { kid = '' } = landscape.issuer.publicKey;
    await landscape.issuer.addKey();
    expect(await statusWith(old)).toBe(200);
    landscape.issuer.withdrawKey(kid);
    await expectSoon(() => statusWith(old), 401);
    expect(await statusWith()).toBe(200);
  });

  it('believes no token of a key that was withdrawn while nobody asked', async () => {
    const old = await landscape.issuer.token();
    expect(await statusWith(old)).toBe(200);
    landscape.issuer.withdrawKey(landscape.issuer.publicKey.kid ?? '');
    await wait(2 * REFRESH_MS + 100);
    expect(await statusWith(old)).toBe(401);
  });
});
