import { setTimeout as sleep } from 'node:timers/promises';
import { auditRecords, recordsOf } from './support/audit-records.js';
import { WITH_SESSIONS, builtGateway, type Route } from './support/built-gateway.js';
import {
  ACTION_PATH,
  DOCUMENTED_REPLY,
  HANDOFF_PATH,
  UPDATED_HANDOFF,
  aHandoffUpdate,
} from './support/landscape.js';
import { json } from './support/scripted-upstream.js';
import { SessionLandscape } from './support/session-landscape.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Step } from './support/onward.js';
import type { Visitor } from './support/visitor.js';

const RESCHEDULE = { scheduledDate: '2021-02-14' };

function codeOf({ status, body }: Step): [number, unknown] {
  return [status, body === '' ? undefined : (JSON.parse(body) as { code?: string }).code];
}

describe('a request with a session', () => {
  let landscape: SessionLandscape;
  let clerk: Visitor;
  beforeAll(async () => {
    landscape = await SessionLandscape.start({ settings: { CORS_ORIGINS: 'https://listed.example' } });
    landscape.lending.play(json(200, UPDATED_HANDOFF));
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    clerk = await landscape.signedIn();
  });
  afterAll(() => landscape.end());

  it('writes as the person who signed in, and the record names the session', async () => {
    const { status, headers } = await clerk.call(ACTION_PATH, { method: 'PUT', body: RESCHEDULE });
    expect(status).toBe(200);
    const records = await recordsOf(landscape.gateway.dataDir, headers['x-request-id'] ?? '');
    expect(records).toMatchObject([
      { kind: 'intent', principal: { subject: 'clerk', method: 'session' } },
      { kind: 'outcome', outcome: 'applied' },
    ]);
  });

  it('sends nothing of the cookie or the tokens to an upstream', async () => {
    await clerk.call(HANDOFF_PATH, { method: 'PUT', body: aHandoffUpdate() });
    const call = landscape.lending.calls.at(-1);
    expect(call).toBeDefined();
    expect(Object.keys(call?.headers ?? {})).not.toContain('cookie');
    expect(Object.keys(call?.headers ?? {})).not.toContain('authorization');
    expect(call?.headers['userid']).toBe('clerk');
  });

  it('may do what its scopes permit, and no more', async () => {
    expect(codeOf(await clerk.call('/audit/records'))).toEqual([403, 'forbidden']);
    const auditor = await landscape.signedIn('auditor');
    expect((await auditor.call('/audit/records?limit=1')).status).toBe(200);
  });

  it('replays a key in another session of the same person', async () => {
    const again = { method: 'PUT', body: RESCHEDULE, headers: { 'idempotency-key': 'k-1' } };
    const first = await clerk.call(ACTION_PATH, again);
    const second = await (await landscape.signedIn()).call(ACTION_PATH, again);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(second.headers['operation-id']).toBe(first.headers['operation-id']);
  });

  describe('is refused, and reaches nobody,', () => {
    const write = { method: 'PUT', body: RESCHEDULE } as const;

    it.each<[string, Record<string, string | undefined>, [number, string]]>([
      ['without the header', { 'x-surehand': undefined }, [403, 'csrf-header-missing']],
      ['with an empty header', { 'x-surehand': '' }, [403, 'csrf-header-missing']],
      ['with another header', { 'x-surehand': '0' }, [403, 'csrf-header-missing']],
      ['from another site', { 'sec-fetch-site': 'cross-site' }, [403, 'cross-site-request']],
      [
        'from another origin of the same site [B10]',
        { 'sec-fetch-site': 'same-site' },
        [403, 'cross-site-request'],
      ],
      ['from who knows where', { 'sec-fetch-site': 'elsewhere' }, [403, 'cross-site-request']],
      [
        'from a listed origin',
        { 'sec-fetch-site': 'cross-site', origin: 'https://listed.example' },
        [403, 'cross-site-request'],
      ],
      [
        'from another origin, told by an old browser',
        { 'sec-fetch-site': undefined, origin: 'https://evil.example' },
        [403, 'cross-site-request'],
      ],
      [
        'from an origin that says nothing',
        { 'sec-fetch-site': undefined, origin: 'null' },
        [403, 'cross-site-request'],
      ],
      ['with a token besides', { authorization: 'Bearer x' }, [400, 'ambiguous-credentials']],
      ['with a password besides', { authorization: 'Basic eDp5' }, [400, 'ambiguous-credentials']],
    ])('%s', async (_, headers, expected) => {
      const before = landscape.billing.calls.length;
      const reply = await clerk.call(ACTION_PATH, { ...write, headers });
      expect(codeOf(reply)).toEqual(expected);
      expect(landscape.billing.calls).toHaveLength(before);
      const records = await recordsOf(landscape.gateway.dataDir, reply.headers['x-request-id'] ?? '');
      expect(records).toMatchObject([{ kind: 'refusal', problem: expected[1], principal: null }]);
    });

    it.each([
      ['that is none', 'x'],
      ['of another gateway', Buffer.alloc(32, 7).toString('base64url')],
      ['that is empty', ''],
    ])('with a cookie %s', async (_, id) => {
      const reply = await landscape.visitor().call(ACTION_PATH, {
        ...write,
        headers: { cookie: `__Host-Http-surehand=${id}` },
      });
      expect(codeOf(reply)).toEqual([401, 'unauthenticated']);
      expect(JSON.parse(reply.body)).toMatchObject({ loginUrl: `${landscape.gateway.url}/auth/login` });
      expect(reply.headers).toMatchObject({ 'www-authenticate': 'Bearer realm="surehand"' });
      // No redirect: a script would follow it to the login page, and never know.
      expect(reply.headers['location']).toBeUndefined();
    });
  });

  it('needs no header with a token instead', async () => {
    const reply = await landscape.visitor().call('/writes', {
      headers: { 'x-surehand': undefined, authorization: 'Bearer x' },
    });
    expect(reply.headers['www-authenticate']).toContain('error="invalid_token"');
  });
});

describe('the header X-Surehand', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'surehand-test-'));
  let routes: Route[];
  let landscape: SessionLandscape;
  let supervisor: Visitor;
  beforeAll(async () => {
    // Only to learn of every route.
    const { app, routes: known } = await builtGateway(dataDir, WITH_SESSIONS);
    routes = known;
    await app.close();
    landscape = await SessionLandscape.start();
    supervisor = await landscape.signedIn('supervisor');
  });
  afterAll(async () => {
    await landscape.end();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('is looked for on every route and method that a session opens [B8, B9]', async () => {
    const closed = routes.filter(({ access }) => access !== 'public');
    expect(closed.length).toBeGreaterThan(20);
    let last = '';
    for (const { method, path } of closed) {
      const url = path.replace(/:\w+/g, 'x');
      const { status, headers } = await supervisor.call(url, {
        method,
        headers: { 'x-surehand': undefined },
      });
      expect(`${method} ${path} ${status}`).toBe(`${method} ${path} 403`);
      last = headers['x-request-id'] ?? '';
    }
    // Behind the reply, in their order.
    await recordsOf(landscape.gateway.dataDir, last);
    const refusals = auditRecords(landscape.gateway.dataDir).filter(({ kind }) => kind === 'refusal');
    expect(new Set(refusals.map(({ problem }) => problem))).toEqual(new Set(['csrf-header-missing']));
    expect([...landscape.lending.calls, ...landscape.billing.calls]).toEqual([]);
  });

  it('opens nothing on a method that a route does not have [B11]', async () => {
    const paths = [...new Set(routes.map(({ path }) => path))];
    for (const path of paths) {
      const known = routes.filter((route) => route.path === path).map(({ method }) => method);
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'].filter((one) => !known.includes(one))) {
        const { status } = await supervisor.call(path.replace(/:\w+/g, 'x'), { method });
        expect(`${method} ${path} ${status}`).toBe(`${method} ${path} 405`);
      }
    }
  });
});

describe('GET /auth/session', () => {
  let landscape: SessionLandscape;
  beforeAll(async () => {
    landscape = await SessionLandscape.start({
      settings: { SESSION_IDLE_MINUTES: '0.05', SESSION_MAX_HOURS: '0.002' },
    });
  });
  afterAll(() => landscape.end());

  const stateOf = async (visitor: Visitor): Promise<Record<string, unknown>> => {
    const { status, body } = await visitor.call('/auth/session');
    expect(status).toBe(200);
    return JSON.parse(body) as Record<string, unknown>;
  };

  it('answers whoever has no session, with where to sign in', async () => {
    expect(await stateOf(landscape.visitor())).toEqual({
      authenticated: false,
      loginUrl: `${landscape.gateway.url}/auth/login`,
    });
  });

  it('tells who, what they may do and until when', async () => {
    const state = await stateOf(await landscape.signedIn());
    expect(state).toMatchObject({
      authenticated: true,
      subject: 'clerk',
      session: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      scopes: ['handoff:read', 'handoff:write', 'deferred-actions:read', 'deferred-actions:write'],
      operations: [
        'deferred-action.list',
        'deferred-action.modify',
        'handoff.create',
        'handoff.read',
        'handoff.read-statuses',
        'handoff.update-status',
      ],
    });
    const [begun, idle, end] = ['startedAt', 'idleEndsAt', 'endsAt'].map((name) =>
      Date.parse(String(state[name])),
    );
    expect((idle ?? 0) - (begun ?? 0)).toBeGreaterThanOrEqual(3_000);
    expect((idle ?? 0) - (begun ?? 0)).toBeLessThan(6_000);
    expect((end ?? 0) - (begun ?? 0)).toBe(7_200);
  });

  it('does not keep a session alive, while use does', async () => {
    const [looking, using] = [await landscape.signedIn(), await landscape.signedIn()];
    const until = Date.now() + 4_500;
    while (Date.now() < until) {
      await Promise.all([stateOf(looking), using.call('/writes')]);
      await sleep(200);
    }
    expect(await stateOf(looking)).toMatchObject({ authenticated: false });
    expect(await stateOf(using)).toMatchObject({ authenticated: true });
  });

  it('has nothing to tell once the session is past its end, however much it was used; each end is recorded once', async () => {
    const using = await landscape.signedIn();
    const { session } = await stateOf(using);
    const until = Date.now() + 9_000;
    while (Date.now() < until && (await using.call('/writes')).status === 200) await sleep(300);
    expect(await stateOf(using)).toMatchObject({ authenticated: false });
    // The sweep, every 1.5 s here.
    await sleep(2_000);
    const ends = auditRecords(landscape.gateway.dataDir).filter(
      ({ kind, event }) => kind === 'session' && event === 'ended',
    );
    expect(ends.filter((record) => record['session'] === session)).toMatchObject([
      { reason: 'lifetime', owner: 'clerk', principal: null },
    ]);
    expect(ends.map((record) => record['reason'])).toContain('idle');
    expect(new Set(ends.map((record) => record['session'])).size).toBe(ends.length);
  });
});
