import { setTimeout as sleep } from 'node:timers/promises';
import { auditRecords } from './support/audit-records.js';
import type { Endpoint } from './support/provider-endpoints.js';
import type { Step } from './support/onward.js';
import { SessionLandscape } from './support/session-landscape.js';

/** Nobody asks a provider that could not be asked for so long, and a little. */
const PAUSE_MS = 2_100;

let landscape: SessionLandscape;
beforeAll(async () => {
  landscape = await SessionLandscape.start();
});
afterEach(() => {
  landscape.provider.endpoints.token.fault = undefined;
  landscape.provider.falsify = (reply) => reply;
});
afterAll(() => landscape.end());

function codeOf({ status, body }: Step): [number, unknown] {
  return [status, (JSON.parse(body) as { code?: string }).code];
}

describe('while the provider', () => {
  it.each<[string, Endpoint['fault'] | 'refused']>([
    ['does not know the gateway', 'invalid_client'],
    ['is not available', 'unavailable'],
    ['breaks connections', 'reset'],
    ['cannot be reached', 'refused'],
  ])('%s, sessions go on until their access tokens are over, and then again', async (_, fault) => {
    const { provider, gateway } = landscape;
    const { token } = provider.endpoints;
    const clerk = await landscape.soonOverVisitor();
    if (fault === 'refused') await provider.refuse();
    else token.fault = fault;
    const before = token.asked;
    const grants = provider.grants.length;

    const replies = await Promise.all(Array.from({ length: 10 }, () => clerk.call('/writes')));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    const failedAt = performance.now();
    let last: Step | undefined;
    while (last?.status !== 503 && performance.now() - failedAt < PAUSE_MS) {
      last = await clerk.call('/writes');
      await sleep(30);
    }
    expect(last && codeOf(last)).toEqual([503, 'identity-provider-unavailable']);
    // Once for all of these, and then not for a while.
    expect(token.asked - before).toBe(fault === 'refused' ? 0 : 1);
    const left = await clerk.call('/auth/session');
    expect(codeOf(left)).toEqual([503, 'identity-provider-unavailable']);

    token.fault = undefined;
    if (fault === 'refused') await provider.accept();
    await sleep(Math.max(0, PAUSE_MS - (performance.now() - failedAt)));
    expect((await clerk.call('/writes')).status).toBe(200);
    expect(provider.grants.slice(grants)).toEqual(['refresh_token']);
    expect(auditRecords(gateway.dataDir).filter(({ event }) => event === 'ended')).toEqual([]);
  });

  it('refuses one session, the others are refreshed', async () => {
    const { provider } = landscape;
    const { token } = provider.endpoints;
    const [one, other] = [await landscape.dueVisitor(), await landscape.dueVisitor()];
    token.fault = 'invalid_scope';
    expect((await one.call('/writes')).status).toBe(200);
    token.fault = undefined;
    const before = token.asked;
    expect((await one.call('/writes')).status).toBe(200);
    expect(token.asked - before).toBe(0);
    expect((await other.call('/writes')).status).toBe(200);
    expect(token.asked - before).toBe(1);
  });

  it('cannot be asked, and the access token is over, one can still log out', async () => {
    const { provider, gateway } = landscape;
    const { token } = provider.endpoints;
    const clerk = await landscape.lateVisitor();
    token.fault = 'unavailable';
    expect((await clerk.call('/writes')).status).toBe(503);
    const { status, headers } = await clerk.call('/auth/logout', { method: 'POST' });
    token.fault = undefined;
    expect(status).toBe(200);
    const ends = auditRecords(gateway.dataDir).filter(
      ({ event, requestId }) => event === 'ended' && requestId === headers['x-request-id'],
    );
    const principal = { subject: 'clerk', client: 'surehand-frontend', method: 'session' };
    expect(ends).toMatchObject([{ reason: 'logout', owner: 'clerk', principal }]);
    expect((await clerk.call('/writes')).status).toBe(401);
  });
});
