import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { decodeJwt, generateKeyPair } from 'jose';
import { webClient } from '../src/sandbox/identity-provider/clients.js';
import { Sealing } from '../src/platform/auth/sealing.js';
import { auditRecords, recordsOf, type StoredRecord } from './support/audit-records.js';
import { eventually } from './support/eventually.js';
import { Gateway } from './support/gateway.js';
import type { Signing, TokenReply } from './support/openid-provider.js';
import type { Step } from './support/onward.js';
import { SessionLandscape } from './support/session-landscape.js';
import type { Visitor } from './support/visitor.js';

const KEY = randomBytes(32);
/** A signed JWT (RFC 7515 section 7.1). */
const TOKEN = /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/;
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const NOWHERE = '01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d';

let landscape: SessionLandscape;
let url: string;
/** What the token endpoint answered last. */
let reply: TokenReply = {};
beforeAll(async () => {
  landscape = await SessionLandscape.start({ settings: { SESSION_KEY: KEY.toString('base64') } });
  ({ url } = landscape.gateway);
});
beforeEach(() => {
  landscape.provider.falsify = (own) => (reply = own);
});
afterAll(() => landscape.end());

/** Somebody who has signed in, and what the provider gave for it. */
interface Person {
  readonly visitor: Visitor;
  /** The public name of the session. */
  readonly session: string;
  readonly sid: string;
  readonly refreshToken: string;
}

async function signedIn(username = 'clerk', sid?: string): Promise<Person> {
  if (sid !== undefined) {
    landscape.provider.falsify = async (own) => (reply = await landscape.provider.withIdToken(own, { sid }));
  }
  const visitor = await landscape.signedIn(username);
  const { session } = JSON.parse((await visitor.call('/auth/session')).body) as { session: string };
  return {
    visitor,
    session,
    sid: String(decodeJwt(String(reply['id_token']))['sid']),
    refreshToken: String(reply['refresh_token']),
  };
}

const cookieOf = (visitor: Visitor): string =>
  visitor.jar
    .of(url)
    .map(({ name, value = '' }) => `${name}=${value}`)
    .join('; ');

/** What the API answers to the session: 200, or 401 once it has ended. */
const statusOf = async ({ visitor }: Person): Promise<number> => (await visitor.call('/writes')).status;

const endsOf = ({ session }: Pick<Person, 'session'>, { dataDir } = landscape.gateway): StoredRecord[] =>
  auditRecords(dataDir).filter((record) => record['event'] === 'ended' && record['session'] === session);

function codeOf({ status, body }: Step): unknown[] {
  return [status, (JSON.parse(body) as { code?: string }).code];
}

describe('a logout by a page', () => {
  it('ends the session at once, then that at the provider, and leads back', async () => {
    const person = await signedIn();
    const { visitor } = person;
    const otherTab = { cookie: cookieOf(visitor) };
    const out = await visitor.call('/auth/logout?returnTo=/docs?tab=1', { method: 'POST' });
    expect(out.status).toBe(200);
    const { next } = JSON.parse(out.body) as { next: string };
    expect(next).toMatch(/^\/auth\/logout\?hint=[\w.-]+$/);
    expect(out.cookies).toEqual([
      '__Host-Http-surehand=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict',
    ]);
    // Before the page has gone anywhere.
    expect(codeOf(await landscape.visitor().call('/writes', { headers: otherTab }))).toEqual([
      401,
      'unauthenticated',
    ]);
    const before = visitor.steps.length;
    const last = await visitor.open(url + next, { from: new URL(url) });
    expect([last.url.href, last.status]).toEqual([`${url}/docs?tab=1`, expect.any(Number)]);
    const way = visitor.steps.slice(before).map((step) => step.url.origin + step.url.pathname);
    expect(way.filter((place) => !place.startsWith(`${url}/docs`))).toEqual([
      `${url}/auth/logout`,
      `${landscape.provider.url}/session/end`,
      `${landscape.provider.url}/session/end/confirm`,
      `${url}/auth/logged-out`,
    ]);
    expect(visitor.jar.of(landscape.provider.url).map(({ name }) => name)).not.toContain('_session');
    expect(endsOf(person)).toMatchObject([
      {
        reason: 'logout',
        owner: 'clerk',
        remark: null,
        requestId: out.headers['x-request-id'],
        principal: {
          subject: 'clerk',
          client: webClient.id,
          method: 'session',
          session: person.session,
        },
      },
    ]);
  });

  it('tells the provider whose session it is, and shows no page a token', async () => {
    const { visitor } = await signedIn();
    await visitor.signOut('/docs');
    const there = visitor.steps.find((step) => step.url.pathname === '/session/end');
    expect(Object.fromEntries(there?.url.searchParams ?? [])).toEqual({
      client_id: webClient.id,
      id_token_hint: reply['id_token'],
      post_logout_redirect_uri: `${url}/auth/logged-out`,
      state: expect.any(String) as string,
    });
    for (const { url: place, body } of visitor.steps.filter((step) => step.url.origin === url)) {
      expect(place.href).not.toMatch(TOKEN);
      expect(body).not.toMatch(TOKEN);
    }
  });

  it('goes to the provider without the ID token if that would not fit into an address', async () => {
    landscape.provider.falsify = async (own) =>
      (reply = await landscape.provider.withIdToken(own, { groups: 'g'.repeat(9_000) }));
    const { visitor } = await signedIn();
    await visitor.signOut('/docs');
    const there = visitor.steps.find((step) => step.url.pathname === '/session/end');
    expect([...(there?.url.searchParams.keys() ?? [])].sort()).toEqual([
      'client_id',
      'post_logout_redirect_uri',
      'state',
    ]);
  });

  it('has its tokens revoked at the provider', async () => {
    const { visitor, refreshToken } = await signedIn();
    await visitor.call('/auth/logout', { method: 'POST' });
    const revoked = (): string[] => landscape.provider.revoked.filter((token) => token === refreshToken);
    expect(await eventually(1, revoked)).toEqual([refreshToken]);
  });

  it('ends whatever else came of the same sign-in at the provider, and nothing of anybody else', async () => {
    const [first, second] = [await signedIn('clerk', 'one'), await signedIn('clerk', 'one')];
    const others = [await signedIn('clerk', 'two'), await signedIn('supervisor', 'one')];
    await first.visitor.call('/auth/logout', { method: 'POST' });
    expect(await statusOf(second)).toBe(401);
    expect(endsOf(second)).toMatchObject([{ reason: 'logout' }]);
    for (const other of others) expect(await statusOf(other)).toBe(200);
  });

  it('is answered the same without a session, and after it', async () => {
    const { visitor } = await signedIn();
    await visitor.call('/auth/logout', { method: 'POST' });
    for (const whoever of [visitor, landscape.visitor()]) {
      const { status, body } = await whoever.call('/auth/logout?returnTo=/docs', { method: 'POST' });
      expect([status, JSON.parse(body)]).toEqual([200, { next: '/docs' }]);
    }
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['without X-Surehand', { 'x-surehand': undefined }, 'csrf-header-missing'],
    ['from another site', { 'sec-fetch-site': 'cross-site' }, 'cross-site-request'],
    ['from another origin', { origin: 'https://evil.example' }, 'cross-site-request'],
  ])('ends nothing %s [B8]', async (_, headers, code) => {
    const person = await signedIn();
    const out = await person.visitor.call('/auth/logout', { method: 'POST', headers });
    expect(codeOf(out)).toEqual([403, code]);
    expect(out.cookies).toEqual([]);
    expect(await statusOf(person)).toBe(200);
  });

  it('leads nowhere else', async () => {
    const person = await signedIn();
    const out = await person.visitor.call('/auth/logout?returnTo=//evil.example', { method: 'POST' });
    expect(JSON.parse(out.body)).toMatchObject({ status: 400, errors: [{ pointer: '?returnTo' }] });
    expect(await statusOf(person)).toBe(200);
  });

  it('leads to the start page if what it was given along is not its own, or too old', async () => {
    const sealing = new Sealing(KEY);
    const content = { idToken: String(reply['id_token']), returnTo: '/docs' };
    const leadsTo = async (path: string): Promise<unknown[]> => {
      const { status, headers } = await landscape.visitor().load({ url: new URL(url + path) });
      return [status, headers['location']];
    };
    const hint = (sealed: string): Promise<unknown[]> => leadsTo(`/auth/logout?hint=${sealed}`);
    const state = (sealed: string): Promise<unknown[]> => leadsTo(`/auth/logged-out?state=${sealed}`);
    const another = new Sealing(randomBytes(32));
    for (const sealed of [
      'x',
      another.seal('logout', content, 60),
      sealing.seal('logout', content, -1),
      sealing.seal('return', content, 60),
    ])
      expect(await hint(sealed)).toEqual([302, '/']);
    for (const sealed of [
      'x',
      '',
      another.seal('return', content, 60),
      sealing.seal('return', content, -1),
      sealing.seal('logout', content, 60),
    ])
      expect(await state(sealed)).toEqual([302, '/']);
    expect(await leadsTo('/auth/logged-out')).toEqual([302, '/']);
    expect(await state(sealing.seal('return', content, 60))).toEqual([302, '/docs']);
    const [, there] = await hint(sealing.seal('logout', content, 60));
    expect(there).toContain(`${landscape.provider.url}/session/end?`);
  });
});

describe('a logout while the provider is not well', () => {
  const owed = ({ dataDir } = landscape.gateway): { session: string; tokens: string }[] => {
    const database = new SQLite(join(dataDir, 'surehand.db'), { readonly: true });
    const rows = database.prepare('select session, tokens from owed_revocations').all();
    database.close();
    return rows as { session: string; tokens: string }[];
  };

  it('ends the session at once; its tokens are revoked later, even after a restart', async () => {
    let own = await SessionLandscape.start({ settings: { SESSION_IDLE_MINUTES: '0.03' } });
    try {
      let refreshToken = '';
      own.provider.falsify = (tokens) => {
        refreshToken = String(tokens['refresh_token']);
        return tokens;
      };
      const visitor = await own.signedIn();
      const { revocation } = own.provider.endpoints;
      revocation.fault = 'unavailable';
      expect((await visitor.call('/auth/logout', { method: 'POST' })).status).toBe(200);
      expect((await visitor.call('/writes')).status).toBe(401);
      await eventually(1, () => own.gateway.log.filter((line) => line.includes('not revoked yet')));
      expect(owed(own.gateway)).toHaveLength(1);
      expect(JSON.stringify(owed(own.gateway))).not.toMatch(TOKEN);
      expect(JSON.stringify(owed(own.gateway))).not.toContain(refreshToken);

      await own.gateway.stop();
      const database = new SQLite(join(own.gateway.dataDir, 'surehand.db'));
      // A minute later.
      database.exec('update owed_revocations set due_at = due_at - 60000');
      database.close();
      revocation.fault = undefined;
      own = await own.restart();
      expect(await eventually(1, () => own.provider.revoked)).toEqual([refreshToken]);
      expect(await eventually(1, () => (owed(own.gateway).length === 0 ? ['settled'] : []))).toEqual([
        'settled',
      ]);
    } finally {
      await own.end();
    }
  });

  it('ends the session even if its access token is over and cannot be refreshed', async () => {
    // Believed for 3 s more: 30 s of tolerance.
    landscape.provider.falsify = async (own) => {
      const claims = decodeJwt(String(own['access_token']));
      const exp = Math.floor(Date.now() / 1_000) - 27;
      const access = await landscape.provider.sign({ ...claims, exp }, { header: { typ: 'at+jwt' } });
      return (reply = { ...own, access_token: access, expires_in: 1 });
    };
    const visitor = await landscape.signedIn();
    landscape.provider.endpoints.token.fault = 'unavailable';
    try {
      const over = await eventually(1, async () => {
        const step = await visitor.call('/writes');
        return step.status === 200 ? [] : [codeOf(step)];
      });
      expect(over).toEqual([[503, 'identity-provider-unavailable']]);
      const old = { cookie: cookieOf(visitor) };
      const out = await visitor.call('/auth/logout', { method: 'POST' });
      expect(out.status).toBe(200);
      expect(visitor.jar.of(url)).toEqual([]);
      expect((await landscape.visitor().call('/writes', { headers: old })).status).toBe(401);
    } finally {
      landscape.provider.endpoints.token.fault = undefined;
    }
  });
});

describe('a back-channel logout', () => {
  const now = (): number => Math.floor(Date.now() / 1_000);

  /** Right in everything that the changes leave alone; undefined takes a claim away. */
  function logoutToken(changes: Record<string, unknown>, signing: Signing = {}): Promise<string> {
    const claims = {
      ...{ iss: landscape.provider.url, aud: webClient.id, sub: 'clerk', jti: randomUUID() },
      ...{ iat: now(), exp: now() + 120, events: { [EVENT]: {} } },
      ...changes,
    };
    const { header, key } = signing;
    return landscape.provider.sign(claims, {
      header: { typ: 'logout+jwt', ...header },
      ...(key !== undefined && { key }),
    });
  }

  const post = (
    body: URLSearchParams | string,
    headers: Record<string, string> = {},
    gateway = url,
  ): Promise<Response> => fetch(`${gateway}/auth/backchannel-logout`, { method: 'POST', body, headers });
  const send = (logout_token: string): Promise<Response> => post(new URLSearchParams({ logout_token }));

  it('by the provider itself ends the session', async () => {
    const person = await signedIn('auditor');
    expect(await statusOf(person)).toBe(200);
    await landscape.provider.endSessions('auditor');
    expect(await statusOf(person)).toBe(401);
    expect(endsOf(person)).toMatchObject([
      { reason: 'back-channel-logout', owner: 'auditor', principal: null, address: '127.0.0.1' },
    ]);
  });

  it('ends one session by its sid, and all of a person by the subject', async () => {
    const [one, two, other] = [await signedIn(), await signedIn(), await signedIn('supervisor')];
    const { status, headers } = await send(await logoutToken({ sub: undefined, sid: one.sid }));
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await Promise.all([one, two, other].map(statusOf))).toEqual([401, 200, 200]);
    expect((await send(await logoutToken({}))).status).toBe(200);
    expect(await Promise.all([one, two, other].map(statusOf))).toEqual([401, 401, 200]);
    for (const ended of [one, two]) expect(endsOf(ended)).toMatchObject([{ reason: 'back-channel-logout' }]);
  });

  it('ends nothing if the sid is of somebody else than the subject', async () => {
    const person = await signedIn();
    expect((await send(await logoutToken({ sub: 'supervisor', sid: person.sid }))).status).toBe(200);
    expect(await statusOf(person)).toBe(200);
  });

  it('counts once', async () => {
    const token = await logoutToken({ sub: 'clerk' });
    expect((await send(token)).status).toBe(200);
    const person = await signedIn();
    const again = await send(token);
    expect([again.status, await again.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid-logout-token' }),
    ]);
    expect(await statusOf(person)).toBe(200);
  });

  describe('is refused, and ends nothing,', () => {
    let person: Person;
    beforeAll(async () => (person = await signedIn()));

    it.each<[what: string, changes: Record<string, unknown>, signing?: () => Promise<Signing> | Signing]>([
      ['of another issuer', { iss: 'https://idp.example' }],
      ['for another client', { aud: 'another' }],
      ['of another type', {}, () => ({ header: { typ: 'JWT' } })],
      ['made too long ago', { iat: now() - 600 }],
      ['that has expired', { exp: now() - 600 }],
      ['without an id', { jti: undefined }],
      ['without events', { events: undefined }],
      ['of another event', { events: { 'https://events.example/other': {} } }],
      ['with a nonce, as ID tokens have', { nonce: 'n' }],
      ['of nobody', { sub: undefined }],
      ['signed by another key', {}, async () => ({ key: (await generateKeyPair('RS256')).privateKey })],
      [
        'signed with the client’s secret',
        {},
        () => ({ header: { alg: 'HS256' }, key: new TextEncoder().encode(webClient.secret) }),
      ],
    ])('%s', async (_, changes, signing = () => ({})) => {
      const refused = await send(await logoutToken(changes, await signing()));
      expect([refused.status, refused.headers.get('cache-control')]).toEqual([400, 'no-store']);
      expect(await refused.json()).toMatchObject({ code: 'invalid-logout-token' });
      const requestId = refused.headers.get('x-request-id') ?? '';
      expect(await recordsOf(landscape.gateway.dataDir, requestId)).toMatchObject([
        { kind: 'refusal', problem: 'invalid-logout-token' },
      ]);
      expect(await statusOf(person)).toBe(200);
    });

    const JSON_BODY = { 'content-type': 'application/json' };
    it.each<[what: string, expected: unknown[], () => Promise<Response>]>([
      ['without the field', [400, 'invalid-request'], () => post(new URLSearchParams({ x: 'y' }))],
      [
        'with an empty field',
        [400, 'invalid-request'],
        () => post(new URLSearchParams({ logout_token: '' })),
      ],
      [
        'with two fields',
        [400, 'invalid-request'],
        async () => {
          const tokens = [await logoutToken({}), await logoutToken({})];
          return await post(
            new URLSearchParams(tokens.map((token): [string, string] => ['logout_token', token])),
          );
        },
      ],
      [
        'as JSON',
        [415, 'unsupported-media-type'],
        async () => post(JSON.stringify({ logout_token: await logoutToken({}) }), JSON_BODY),
      ],
      ['as text', [415, 'unsupported-media-type'], async () => post(`logout_token=${await logoutToken({})}`)],
      ['that is too large', [413, 'payload-too-large'], () => send('x'.repeat(1_000_000))],
      ['that is none', [400, 'invalid-logout-token'], () => send('x')],
    ])('%s', async (_, expected, sent) => {
      const refused = await sent();
      const { code } = (await refused.json()) as { code: string };
      expect([refused.status, code]).toEqual(expected);
      expect(refused.headers.get('cache-control')).toBe('no-store');
      expect(await statusOf(person)).toBe(200);
    });
  });

  it('may have other fields', async () => {
    const person = await signedIn();
    const token = await logoutToken({ sid: person.sid });
    expect(
      (
        await post(
          new URLSearchParams([
            ['x', '1'],
            ['logout_token', token],
            ['x', '2'],
          ]),
        )
      ).status,
    ).toBe(200);
    expect(await statusOf(person)).toBe(401);
  });

  it('is the only request that is taken as a form', async () => {
    const { visitor } = await signedIn();
    const { status } = await visitor.call('/bcws/webresources/v1.0/deferredactions/0.0.0.1+-schedule+1', {
      method: 'PUT',
      body: {},
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(status).toBe(415);
  });

  it('is to come again while no key of the provider is known', async () => {
    const gateway = await Gateway.start({
      ...{ HANDOFF_BASE_URL: landscape.lending.url, BILLING_CARE_BASE_URL: landscape.billing.url },
      ...landscape.provider.settings,
      AUTH_ISSUER: 'http://127.0.0.1:9',
    });
    try {
      const refused = await post(new URLSearchParams({ logout_token: 'x.y.z' }), {}, gateway.url);
      expect([refused.status, await refused.json()]).toEqual([
        503,
        expect.objectContaining({ code: 'identity-provider-unavailable' }),
      ]);
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    } finally {
      await gateway.discard();
    }
  });
});

describe('an operator', () => {
  let operator: Person;
  let clerks: Person[];
  beforeAll(async () => {
    operator = await signedIn('supervisor');
    clerks = [];
    // Whoever is left of the tests before is signed out.
    for (const { session } of (await list('/auth/sessions?subject=clerk')).items)
      await end(String(session), 'before the test');
    for (let count = 0; count < 3; count++) clerks.push(await signedIn());
  });

  interface List {
    readonly items: readonly Record<string, unknown>[];
    readonly next: string | null;
  }
  async function list(path: string): Promise<List> {
    const step = await operator.visitor.call(path);
    expect(step.status).toBe(200);
    return JSON.parse(step.body) as List;
  }
  const end = (session: string, reason?: string): Promise<Step> => {
    const query = reason === undefined ? '' : `?reason=${encodeURIComponent(reason)}`;
    return operator.visitor.call(`/auth/sessions/${session}${query}`, { method: 'DELETE' });
  };

  it('sees who is signed in, newest first, page by page', async () => {
    const newest = clerks.map(({ session }) => session).reverse();
    const all = await list('/auth/sessions?subject=clerk');
    expect([all.items.map(({ session }) => session), all.next]).toEqual([newest, null]);
    const first = await list('/auth/sessions?subject=clerk&limit=2');
    expect(first.items.map(({ session }) => session)).toEqual(newest.slice(0, 2));
    const second = await list(`/auth/sessions?subject=clerk&limit=2&cursor=${first.next ?? ''}`);
    expect([second.items.map(({ session }) => session), second.next]).toEqual([newest.slice(2), null]);
    expect((await list('/auth/sessions?subject=nobody')).items).toEqual([]);
    const everybody = (await list('/auth/sessions')).items.map(({ subject }) => subject);
    expect(everybody).toEqual(expect.arrayContaining(['clerk', 'supervisor']));
  });

  it('sees nothing that would make a session: no cookie, no token, no hash of an id', async () => {
    const { items } = await list('/auth/sessions?subject=clerk&limit=1');
    expect(items).toEqual([
      {
        session: expect.any(String) as string,
        subject: 'clerk',
        startedAt: expect.any(String) as string,
        seenAt: expect.any(String) as string,
        idleEndsAt: expect.any(String) as string,
        endsAt: expect.any(String) as string,
        address: '127.0.0.1',
        userAgent: null,
      },
    ]);
  });

  it('is recorded for looking, with what was looked for', async () => {
    const { headers } = await operator.visitor.call('/auth/sessions?subject=clerk');
    expect(await recordsOf(landscape.gateway.dataDir, headers['x-request-id'] ?? '')).toMatchObject([
      {
        kind: 'access',
        operation: 'sessions.list',
        query: { subject: 'clerk' },
        principal: { subject: 'supervisor', method: 'session', session: operator.session },
      },
    ]);
  });

  it('ends a session at once, with a reason that is recorded; a second time there is none', async () => {
    const person = await signedIn();
    const ended = await end(person.session, 'Left the bank');
    expect([ended.status, ended.body]).toEqual([204, '']);
    expect(await statusOf(person)).toBe(401);
    expect(endsOf(person)).toMatchObject([
      {
        reason: 'ended-by-operator',
        remark: 'Left the bank',
        owner: 'clerk',
        principal: { subject: 'supervisor', session: operator.session },
      },
    ]);
    const revoked = (): string[] =>
      landscape.provider.revoked.filter((token) => token === person.refreshToken);
    expect(await eventually(1, revoked)).toHaveLength(1);
    expect(codeOf(await end(person.session, 'Left the bank'))).toEqual([404, 'not-found']);
    expect(endsOf(person)).toHaveLength(1);
  });

  it.each<[string, (session: string) => Promise<Step>, unknown[]]>([
    ['without a reason', (session) => end(session), [400, 'invalid-request']],
    ['with a blank reason', (session) => end(session, '  '), [400, 'invalid-request']],
    ['with too long a reason', (session) => end(session, 'x'.repeat(501)), [400, 'invalid-request']],
    ['that never was', () => end(NOWHERE, 'why'), [404, 'not-found']],
    ['by what is no name of one', () => end('clerk', 'why'), [400, 'invalid-id']],
  ])('ends no session %s', async (_, ending, expected) => {
    const person = clerks[0] ?? operator;
    expect(codeOf(await ending(person.session))).toEqual(expected);
    expect(await statusOf(person)).toBe(200);
  });

  it('is who has the scope for it, and nobody else', async () => {
    const [clerk, other] = [clerks[0] ?? operator, clerks[1] ?? operator];
    const attempts = [
      await clerk.visitor.call('/auth/sessions'),
      await clerk.visitor.call(`/auth/sessions/${other.session}?reason=why`, { method: 'DELETE' }),
    ];
    for (const attempt of attempts) expect(codeOf(attempt)).toEqual([403, 'forbidden']);
    expect(await statusOf(other)).toBe(200);
  });

  it.each([
    ['a limit of 0', 'limit=0'],
    ['a limit of 201', 'limit=201'],
    ['a cursor that is none', 'cursor=x'],
    ['an unknown filter', 'sid=x'],
    ['an empty subject', 'subject='],
  ])('is told that there is no page for %s', async (_, query) => {
    expect(codeOf(await operator.visitor.call(`/auth/sessions?${query}`))).toEqual([400, 'invalid-request']);
  });
});
