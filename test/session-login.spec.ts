import { randomBytes } from 'node:crypto';
import { UnsecuredJWT, decodeJwt, generateKeyPair } from 'jose';
import { request } from 'undici';
import { Sealing } from '../src/platform/auth/sealing.js';
import { auditRecords, recordsOf, type StoredRecord } from './support/audit-records.js';
import type { TokenReply } from './support/openid-provider.js';
import type { Step } from './support/onward.js';
import { SessionLandscape } from './support/session-landscape.js';
import type { Visitor } from './support/visitor.js';

const KEY = randomBytes(32);
const SESSION_COOKIE = '__Host-Http-surehand';

let landscape: SessionLandscape;
let url: string;
/** What the token endpoint answered, in order. */
const replies: TokenReply[] = [];
beforeAll(async () => {
  landscape = await SessionLandscape.start({ settings: { SESSION_KEY: KEY.toString('base64') } });
  ({ url } = landscape.gateway);
});
beforeEach(() => {
  landscape.provider.falsify = (reply) => {
    replies.push(reply);
    return reply;
  };
});
afterAll(() => landscape.end());

const begin = (visitor: Visitor, returnTo = '/auth/session'): Promise<Step> =>
  visitor.load({ url: new URL(`${url}/auth/login?returnTo=${encodeURIComponent(returnTo)}`) });

const formOf = (visitor: Visitor, returnTo = '/auth/session'): Promise<Step> =>
  visitor.open(`${url}/auth/login?returnTo=${encodeURIComponent(returnTo)}`);

/** Signs in at the provider, and stays there: where it leads back to. */
async function ledBack(visitor: Visitor): Promise<URL> {
  const { url: from } = await formOf(visitor);
  const form = { username: 'clerk', password: 'surehand' };
  const { headers } = await visitor.open(from.href, { form, from, before: '/auth/callback' });
  return new URL(headers['location'] ?? '');
}

/** Follows the provider back. */
const comeBack = (visitor: Visitor, to: URL): Promise<Step> =>
  visitor.load({ url: to, chain: [new URL(landscape.provider.url)] });

async function stateOf(visitor: Visitor): Promise<Record<string, unknown>> {
  return JSON.parse((await visitor.call('/auth/session')).body) as Record<string, unknown>;
}

const cookiesOf = (visitor: Visitor): string[] => visitor.jar.of(url).map(({ name }) => name);

const sessionRecords = (dataDir = landscape.gateway.dataDir): StoredRecord[] =>
  auditRecords(dataDir).filter(({ kind }) => kind === 'session');

/** Of one session, as `started` or as the reason of its end. */
const lifeOf = (session: unknown): unknown[] =>
  sessionRecords()
    .filter((record) => record['session'] === session)
    .map(({ event, reason }) => (event === 'started' ? event : reason));

/** That a login came to nothing: a page that says so, a record, and no session. */
async function expectFailed(
  visitor: Visitor,
  step: Step,
  sessionsBefore: number,
  { dataDir } = landscape.gateway,
): Promise<void> {
  expect([step.url.pathname, step.status]).toEqual(['/auth/callback', 400]);
  expect(step.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(step.body).toContain('<h1>');
  const records = await recordsOf(dataDir, step.headers['x-request-id'] ?? '');
  expect(records).toMatchObject([{ kind: 'refusal', problem: 'login-failed', principal: null }]);
  expect(cookiesOf(visitor)).not.toContain(SESSION_COOKIE);
  expect(await stateOf(visitor)).toMatchObject({ authenticated: false });
  expect(sessionRecords(dataDir)).toHaveLength(sessionsBefore);
}

describe('a login', () => {
  it('asks the provider for a code, with PKCE, state and nonce, for one redirect URI [B2, B14]', async () => {
    const ask = async (): Promise<Record<string, string>> => {
      const { status, headers } = await begin(landscape.visitor());
      expect(status).toBe(302);
      const to = new URL(headers['location'] ?? '');
      expect(to.origin + to.pathname).toBe(`${landscape.provider.url}/auth`);
      return Object.fromEntries(to.searchParams);
    };
    const asked = await ask();
    expect(asked).toEqual({
      client_id: 'surehand-frontend',
      resource: 'urn:surehand:gateway',
      response_type: 'code',
      redirect_uri: `${url}/auth/callback`,
      scope: expect.stringMatching(/^openid /) as string,
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      nonce: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
    });
    const again = await ask();
    for (const name of ['state', 'nonce', 'code_challenge']) expect(again[name]).not.toBe(asked[name]);
  });

  it('leads back to PUBLIC_URL, whatever host was asked and whoever says to have passed it on [B14]', async () => {
    const { statusCode, headers } = await request(`${url}/auth/login`, {
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    });
    expect(statusCode).toBe(302);
    const to = new URL(String(headers['location']));
    expect(to.searchParams.get('redirect_uri')).toBe(`${url}/auth/callback`);
  });

  it('cannot be made to ask for anything else: response_type=token is refused [B14]', async () => {
    const reply = await fetch(`${url}/auth/login?response_type=token`, { redirect: 'manual' });
    expect(reply.status).toBe(400);
  });

  it('ends by a page that goes on to where the person was, signed in', async () => {
    const visitor = landscape.visitor();
    const last = await visitor.signIn('clerk', '/auth/session?tab=1');
    const here = visitor.steps.filter((step) => step.url.origin === url);
    expect(here.map(({ url: { pathname }, status }) => [pathname, status])).toEqual([
      ['/auth/login', 302],
      ['/auth/callback', 200],
      // It takes a script to send X-Surehand.
      ['/auth/session', 403],
    ]);
    expect(last.url.search).toBe('?tab=1');
    expect(here[1]?.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
    });
    const state = await stateOf(visitor);
    expect(state).toMatchObject({ authenticated: true, subject: 'clerk' });
    expect(sessionRecords().filter(({ session }) => session === state['session'])).toMatchObject([
      {
        event: 'started',
        owner: 'clerk',
        reason: null,
        remark: null,
        requestId: here[1]?.headers['x-request-id'],
        principal: { subject: 'clerk', method: 'session', session: state['session'] },
        address: '127.0.0.1',
      },
    ]);
  });

  it('leaves one cookie: opaque, Secure, HttpOnly, Strict, for `/` and this host [B3, B4, B5, B6, B7]', async () => {
    const visitor = await landscape.signedIn();
    expect(visitor.jar.of(url)).toEqual([
      {
        host: '127.0.0.1',
        name: SESSION_COOKIE,
        value: expect.stringMatching(/^[\w-]{43}$/) as string,
        path: '/',
        secure: true,
        httpOnly: true,
        sameSite: 'strict',
      },
    ]);
    const lines = visitor.steps.filter((step) => step.url.origin === url).flatMap(({ cookies }) => cookies);
    const tokens = replies.flatMap((reply) =>
      ['access_token', 'refresh_token', 'id_token'].map((name) => String(reply[name])),
    );
    expect(tokens.length).toBeGreaterThan(0);
    for (const token of tokens) expect(lines.join('\n')).not.toContain(token);
  });

  it('has a cookie of its own until it ends: sealed, Lax, for 10 minutes [B3, B4, B5, B6]', async () => {
    const visitor = landscape.visitor();
    await begin(visitor);
    expect(visitor.jar.of(url)).toEqual([
      {
        host: '127.0.0.1',
        name: expect.stringMatching(/^__Host-Http-surehand-login-[\w-]{8}$/) as string,
        value: expect.stringMatching(/^[\w-]{200,}$/) as string,
        path: '/',
        secure: true,
        httpOnly: true,
        sameSite: 'lax',
        maxAge: 600,
      },
    ]);
  });

  it('gives the browser a new id each time, and ends the session that it had, once', async () => {
    const visitor = await landscape.signedIn();
    const [before] = visitor.jar.of(url);
    const { session: first } = await stateOf(visitor);
    await visitor.signIn('clerk');
    const [after] = visitor.jar.of(url);
    expect(after?.value).not.toBe(before?.value);
    const { session: second } = await stateOf(visitor);
    expect(lifeOf(first)).toEqual(['started', 'replaced']);
    expect(lifeOf(second)).toEqual(['started']);
    const old = { cookie: `${SESSION_COOKIE}=${before?.value ?? ''}` };
    expect((await landscape.visitor().call('/writes', { headers: old })).status).toBe(401);
    expect((await visitor.call('/writes')).status).toBe(200);
  });

  it('works in five tabs at once; a logout in one ends whatever they began', async () => {
    // A provider that asks for the password once has one session of its own for all of them.
    landscape.provider.falsify = (reply) => landscape.provider.withIdToken(reply, { sid: 'shared' });
    const visitor = landscape.visitor();
    const before = sessionRecords().length;
    const tabs = [1, 2, 3, 4, 5].map((tab) => `/docs?tab=${tab}`);
    const forms = await Promise.all(tabs.map((tab) => formOf(visitor, tab)));
    expect(cookiesOf(visitor)).toHaveLength(5);
    const ends = await Promise.all(forms.map((form) => visitor.submitLogin(form, 'clerk')));
    expect(ends.map((end) => end.url.search)).toEqual(tabs.map((tab) => new URL(tab, url).search));
    expect(cookiesOf(visitor)).toEqual([SESSION_COOKIE]);
    expect(await stateOf(visitor)).toMatchObject({ authenticated: true, subject: 'clerk' });
    const begun = sessionRecords().slice(before);
    expect(begun.map(({ event }) => event)).toEqual(tabs.map(() => 'started'));
    await visitor.signOut();
    for (const { session } of begun) expect(lifeOf(session)).toEqual(['started', 'logout']);
  });

  it('removes the oldest of more than eight logins that were begun and left', async () => {
    const visitor = landscape.visitor();
    const begun: string[] = [];
    for (let count = 0; count < 12; count++) {
      await begin(visitor);
      begun.push(...cookiesOf(visitor).filter((name) => !begun.includes(name)));
    }
    expect(begun).toHaveLength(12);
    expect(cookiesOf(visitor)).toEqual(begun.slice(-9));
  });

  it('does not let logins to long paths grow the headers of a browser beyond what is taken', async () => {
    const visitor = landscape.visitor();
    for (let count = 0; count < 12; count++)
      expect((await begin(visitor, `/${'a'.repeat(2_047)}`)).status).toBe(302);
    expect((await visitor.call('/auth/session')).status).toBe(200);
  });

  it.each(['<', '~', '%22'])('fits into its cookie with the longest path, of %s', async (character) => {
    const returnTo = `/${character.repeat(2_047 / character.length)}`;
    // The watch on every Set-Cookie knows how much a browser keeps.
    expect((await begin(landscape.visitor(), returnTo)).status).toBe(302);
  });
});

describe('a login is refused to lead', () => {
  it.each([
    ...['//evil', '///evil', '////evil', '\\\\evil', '/\\evil', '\\/evil', '/\\/evil', '\\evil', '//a@evil'],
    ...['/..//evil', '/.//evil', '/a/..//evil', '/%2e%2e//evil', '/%2e//evil', '/@evil:80\\x', ' //evil'],
    ...['/\tevil', '/\t/evil', '\t//evil', '/\n/evil', '/\r\nset-cookie: a=b', '/\u0000', '/ /evil'],
    ...['https:evil', 'https://evil', 'HTTPS://evil', 'http:///evil', 'javascript:alert(1)', 'JaVaScRiPt:x'],
    ...['data:text/html,x', 'blob:x', '%2f%2fevil', '／／evil', '/／evil', '⁄⁄evil', '//evil。example'],
    ...['evil', '', '?x', '#x', './x', '../x', '/é', '/"'],
  ])('to %j', async (returnTo) => {
    const reply = await fetch(`${url}/auth/login?returnTo=${encodeURIComponent(returnTo)}`, {
      redirect: 'manual',
    });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer: '?returnTo' }],
    });
    expect(reply.headers.getSetCookie()).toEqual([]);
  });

  it('to a path that is too long', async () => {
    const reply = await fetch(`${url}/auth/login?returnTo=/${'a'.repeat(2_048)}`, { redirect: 'manual' });
    expect(reply.status).toBe(400);
  });

  it('to two places', async () => {
    const reply = await fetch(`${url}/auth/login?returnTo=/a&returnTo=/b`, { redirect: 'manual' });
    expect(reply.status).toBe(400);
  });
});

describe('a callback is refused', () => {
  let visitor: Visitor;
  let before: number;
  beforeEach(() => {
    visitor = landscape.visitor();
    before = sessionRecords().length;
  });

  it('to another browser than the one that began', async () => {
    const to = await ledBack(visitor);
    const other = landscape.visitor();
    await begin(other);
    await expectFailed(other, await comeBack(other, to), before);
    // It was not used up by that.
    expect((await comeBack(visitor, to)).status).toBe(200);
  });

  it('the second time', async () => {
    const to = await ledBack(visitor);
    const cookie = visitor.jar.header({ url: to, method: 'GET', crossSite: true, navigation: true });
    expect((await comeBack(visitor, to)).status).toBe(200);
    const begun = sessionRecords().length;
    const again = landscape.visitor();
    await expectFailed(again, await comeBack(again, to), begun);
    // Not even to somebody who has kept the cookie of the login.
    const reply = await fetch(to, { headers: { cookie: cookie ?? '' } });
    expect(reply.status).toBe(400);
    expect(sessionRecords()).toHaveLength(begun);
  });

  it('if the person has cancelled', async () => {
    const { url: from } = await formOf(visitor);
    const step = await visitor.open(from.href, { form: { cancel: 'yes' }, from });
    expect(step.url.searchParams.get('error')).toBe('access_denied');
    expect(step.body).toContain('cancelled');
    await expectFailed(visitor, step, before);
  });

  it.each<[what: string, change: (query: URLSearchParams) => void]>([
    [
      'with an unknown state',
      (query) => {
        query.set('state', 'x'.repeat(43));
      },
    ],
    [
      'without a state',
      (query) => {
        query.delete('state');
      },
    ],
    [
      'with two states',
      (query) => {
        query.append('state', query.get('state') ?? '');
      },
    ],
    [
      'without a code',
      (query) => {
        query.delete('code');
      },
    ],
    [
      'with two codes',
      (query) => {
        query.append('code', query.get('code') ?? '');
      },
    ],
    [
      'with an invented code',
      (query) => {
        query.set('code', 'x'.repeat(43));
      },
    ],
    [
      'with another issuer (RFC 9207)',
      (query) => {
        query.set('iss', 'https://idp.example');
      },
    ],
    [
      'without an issuer',
      (query) => {
        query.delete('iss');
      },
    ],
    [
      'with an error beside the code',
      (query) => {
        query.set('error', 'invalid_request');
      },
    ],
  ])('%s', async (_, change) => {
    const to = await ledBack(visitor);
    change(to.searchParams);
    await expectFailed(visitor, await comeBack(visitor, to), before);
  });

  it('ten minutes after the login began, or with a cookie that was sealed for something else', async () => {
    const sealing = new Sealing(KEY);
    const to = await ledBack(visitor);
    const [{ name, value = '' } = { name: '' }] = visitor.jar.of(url);
    const login = sealing.open('login', value) ?? {};
    expect(login).toMatchObject({ state: to.searchParams.get('state') });
    const statusWith = async (sealed: string): Promise<number> =>
      (await fetch(to, { headers: { cookie: `${name}=${sealed}` } })).status;
    expect(await statusWith(sealing.seal('login', login, -1))).toBe(400);
    expect(await statusWith(sealing.seal('return', login, 60))).toBe(400);
    expect(await statusWith(new Sealing(randomBytes(32)).seal('login', login, 60))).toBe(400);
    expect(await statusWith(sealing.seal('login', login, 60))).toBe(200);
  });

  it('if the token endpoint answers what nobody understands, and tells the log no token', async () => {
    const { provider, gateway } = landscape;
    const told: unknown[] = [];
    provider.falsify = (reply) => {
      told.push(reply['access_token'], reply['id_token'], reply['refresh_token']);
      return { ...reply, expires_in: null };
    };
    try {
      await expectFailed(visitor, await comeBack(visitor, await ledBack(visitor)), before);
    } finally {
      provider.falsify = (reply) => reply;
    }
    expect(told).toHaveLength(3);
    const log = gateway.log.join('\n');
    for (const token of told) expect(log.includes(String(token))).toBe(false);
  });

  it('with a problem document to whoever is no browser', async () => {
    const reply = await fetch(`${url}/auth/callback?code=x&state=y`);
    expect(reply.status).toBe(400);
    expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await reply.json()).toMatchObject({ code: 'login-failed', instance: '/auth/callback' });
  });
});

describe('a login fails, and nothing is kept of it, if the ID token', () => {
  const forge = (changes: Record<string, unknown>) => (reply: TokenReply) =>
    landscape.provider.withIdToken(reply, changes);
  const now = (): number => Math.floor(Date.now() / 1_000);

  it.each<[what: string, falsify: (reply: TokenReply) => TokenReply | Promise<TokenReply>]>([
    [
      'is not signed',
      (reply) => ({ ...reply, id_token: new UnsecuredJWT(decodeJwt(String(reply['id_token']))).encode() }),
    ],
    [
      'is signed with the client’s secret',
      (reply) => {
        const key = new TextEncoder().encode(landscape.provider.settings['AUTH_CLIENT_SECRET']);
        return landscape.provider.withIdToken(reply, {}, { key, header: { alg: 'HS256' } });
      },
    ],
    [
      'is signed by another key',
      async (reply) => {
        const { privateKey } = await generateKeyPair('RS256');
        return landscape.provider.withIdToken(reply, {}, { key: privateKey });
      },
    ],
    ['is of another issuer', forge({ iss: 'https://idp.example' })],
    ['is for another client', forge({ aud: 'another' })],
    ['is for several clients and names another', forge({ aud: ['surehand-frontend', 'x'], azp: 'x' })],
    ['has expired', forge({ exp: now() - 600 })],
    ['does not say when it was made', forge({ iat: undefined })],
    ['has no nonce', forge({ nonce: undefined })],
    ['has another nonce', forge({ nonce: 'another' })],
    ['names nobody', forge({ sub: undefined })],
    ['names somebody else than the access token', forge({ sub: 'supervisor' })],
    ['has a name with control characters', forge({ sub: 'clerk\u0000' })],
    ['is missing', ({ id_token: _, ...reply }) => reply],
  ])('%s [B2]', async (_, falsify) => {
    landscape.provider.falsify = falsify;
    const visitor = landscape.visitor();
    const before = sessionRecords().length;
    await expectFailed(visitor, await visitor.signIn('clerk'), before);
  });
});

it('a login fails, and nothing is kept of it, if the access token is for another audience', async () => {
  landscape.provider.falsify = (reply) => landscape.provider.withAccessToken(reply, { aud: 'another' });
  const visitor = landscape.visitor();
  const before = sessionRecords().length;
  const step = await visitor.signIn('clerk');
  await expectFailed(visitor, step, before);
  expect(step.body).toContain('no access token for this gateway');
  expect(landscape.gateway.log.join('\n')).toContain('see AUTH_AUDIENCE and AUTH_LOGIN_PARAMETERS');
});

describe('while the provider is not well, a login', () => {
  const token = (): (typeof landscape.provider.endpoints)['token'] => landscape.provider.endpoints.token;
  afterEach(() => (token().fault = undefined));

  it.each(['unavailable', 'reset', 'lost'] as const)(
    'ends with 503: its token endpoint is %s',
    async (fault) => {
      const visitor = landscape.visitor();
      token().fault = fault;
      const { status, headers, body } = await visitor.signIn('clerk');
      expect([status, headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
      expect(headers['retry-after']).toMatch(/^\d+$/);
      expect(body).toContain('<h1>');
      expect(await stateOf(visitor)).toMatchObject({ authenticated: false });
      token().fault = undefined;
      await visitor.signIn('clerk');
      expect(await stateOf(visitor)).toMatchObject({ authenticated: true });
    },
  );

  it('fails if the provider does not take the gateway’s secret [B1]', async () => {
    let own = await SessionLandscape.start();
    expect(await stateOf(await own.signedIn())).toMatchObject({ authenticated: true });
    await own.gateway.stop();
    own = await own.restart({ AUTH_CLIENT_SECRET: 'not-what-the-provider-knows' });
    const visitor = own.visitor();
    await expectFailed(visitor, await visitor.signIn('clerk'), 1, own.gateway);
    expect(own.gateway.log.join('\n')).toContain('OAUTH_WWW_AUTHENTICATE_CHALLENGE');
    await own.end();
  });
});

describe('after a restart without the provider, and with 5 requests a minute,', () => {
  let again: SessionLandscape;
  const people: Visitor[] = [];
  beforeAll(async () => {
    again = await SessionLandscape.start();
    people.push(await again.signedIn(), await again.signedIn());
    await again.gateway.stop();
    await again.provider.refuse();
    again = await again.restart({ RATE_LIMIT_PER_MINUTE: '5' });
  });
  afterAll(() => again.end());

  it('a login begins with 503, and is taken as soon as the provider is there', async () => {
    const login = { url: new URL(`${again.gateway.url}/auth/login`) };
    const refused = await again.visitor().load(login);
    expect([refused.status, refused.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
    expect(refused.cookies).toEqual([]);
    await again.provider.accept();
    expect((await again.visitor().load(login)).status).toBe(302);
  });

  it('a person with two sessions has one budget [B15]', async () => {
    await again.gateway.untilReady();
    const statuses: number[] = [];
    for (const visitor of [...people, ...people, ...people]) {
      statuses.push((await visitor.call('/writes')).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  });
});
