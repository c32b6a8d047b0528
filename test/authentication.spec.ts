import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { recordsOf } from './support/audit-records.js';
import { HANDOFF_PATH, Landscape, UPDATED_HANDOFF, aHandoffUpdate } from './support/landscape.js';
import { ScriptedUpstream, json } from './support/scripted-upstream.js';

const NO_CREDENTIALS = 'Bearer realm="surehand"';
const INVALID_TOKEN =
  'Bearer realm="surehand", error="invalid_token", error_description="The access token is not valid here"';
/** Beyond the tolerance of 30 s, and within it. */
const LONG = 40;
const SHORT = 20;

let landscape: Landscape;
/** Belongs to a stranger, who would like the gateway to fetch keys there. */
let canary: ScriptedUpstream;
let stranger: { privateKey: CryptoKey; jwk: JWK };
let keyOf: Record<'ES256' | 'PS256' | 'EdDSA', string>;

beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  stranger = {
    privateKey: pair.privateKey,
    jwk: { ...(await exportJWK(pair.publicKey)), kid: 'stranger', alg: 'RS256', use: 'sig' },
  };
  [landscape, canary] = await Promise.all([Landscape.start(), ScriptedUpstream.start()]);
  canary.play(json(200, { keys: [stranger.jwk] }));
  keyOf = {
    ES256: await landscape.issuer.addKey('ES256'),
    PS256: await landscape.issuer.addKey('PS256'),
    EdDSA: await landscape.issuer.addKey('EdDSA'),
  };
  await landscape.issuer.addKey('RS256');
});
beforeEach(() => {
  landscape.lending.play(json(200, UPDATED_HANDOFF));
});
afterAll(() => Promise.all([landscape.end(), canary.close()]));

const now = (): number => Math.floor(Date.now() / 1000);
const token: Landscape['issuer']['token'] = (...of) => landscape.issuer.token(...of);
const bearer = async (credentials: Promise<string>): Promise<string> => `Bearer ${await credentials}`;

/** A token signed by a stranger's key, with that key offered in its header. */
const strangersToken = (header: Record<string, unknown>, kid = 'stranger'): Promise<string> =>
  token({}, { kid, key: stranger.privateKey, header: { alg: 'RS256', ...header } });

/** A valid token of which one part was changed after it had been signed. */
async function changed(
  change: (parts: { header: string; payload: string; signature: string }) => string[],
): Promise<string> {
  const [header = '', payload = '', signature = ''] = (await token()).split('.');
  return change({ header, payload, signature }).join('.');
}

function withMembers(part: string, members: object): string {
  const decoded = JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
  return Buffer.from(JSON.stringify({ ...decoded, ...members })).toString('base64url');
}

/** Updates a handoff with an `Authorization` header of its own, or with none. */
function update(authorization?: string): Promise<Response> {
  return landscape.call(HANDOFF_PATH, {
    body: aHandoffUpdate(),
    token: null,
    ...(authorization !== undefined && { headers: { authorization } }),
  });
}

const requestIdOf = (reply: Response): string => reply.headers.get('x-request-id') ?? '';

/** Neither the log nor the trail may hold credentials, whole or in parts. */
function expectNoTrace(authorization: string, record: unknown): void {
  const credentials = authorization.replace(/^\S+ */, '');
  const written = [...landscape.gateway.log, JSON.stringify(record)].join('\n');
  for (const part of [credentials, ...credentials.split('.')].filter(({ length }) => length >= 12)) {
    expect(written.includes(part)).toBe(false);
  }
}

describe('a request without a bearer token', () => {
  it.each([
    ['no Authorization header', undefined],
    ['an empty Authorization header', ''],
    ['Basic credentials', `Basic ${Buffer.from('clerk:a-long-password').toString('base64')}`],
    ['another scheme that starts alike', 'Bearer-Token abcdefghijklmnop'],
    ['a bare token', 'eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl'],
  ])('is challenged without an error code: %s', async (_, authorization) => {
    const reply = await update(authorization);
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe(NO_CREDENTIALS);
    expect(await reply.json()).toMatchObject({ code: 'unauthenticated', outcome: 'not-applied' });
    expect(landscape.lending.calls).toEqual([]);
    const records = await recordsOf(landscape.gateway.dataDir, requestIdOf(reply));
    expect(records).toMatchObject([{ kind: 'refusal', problem: 'unauthenticated', principal: null }]);
    expectNoTrace(authorization ?? '', records);
  });

  it.each(['query', 'body'])('gets nowhere with a token in the %s', async (place) => {
    const valid = await token();
    const reply =
      place === 'query'
        ? await landscape.call(`${HANDOFF_PATH}?access_token=${valid}`, {
            body: aHandoffUpdate(),
            token: null,
          })
        : await landscape.call(HANDOFF_PATH, { body: aHandoffUpdate({ access_token: valid }), token: null });
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe(NO_CREDENTIALS);
    expect(landscape.lending.calls).toEqual([]);
    expectNoTrace(valid, await recordsOf(landscape.gateway.dataDir, requestIdOf(reply)));
  });
});

describe('a token that is not valid here', () => {
  it.each<[string, () => Promise<string>]>([
    ['the scheme alone', () => Promise.resolve('Bearer')],
    ['a token that is no JWT', () => Promise.resolve('Bearer not-a-json-web-token')],
    ['three parts of nothing', () => Promise.resolve('Bearer aaaaaaaaaaaaa.bbbbbbbbbbbbb.ccccccccccccc')],
    ['two tokens in one header', async () => `Bearer ${await token()}, Bearer ${await token()}`],
    ['a token with blanks in it', async () => `Bearer ${(await token()).replaceAll('.', '. ')}`],
    [
      'alg none',
      () => bearer(changed(({ header, payload }) => [withMembers(header, { alg: 'none' }), payload, ''])),
    ],
    [
      'no alg at all',
      () =>
        bearer(changed(({ header, ...rest }) => [withMembers(header, { alg: undefined }), ...tail(rest)])),
    ],
    ['HS256 with the public key as its secret', () => bearer(signedWithThePublicKey())],
    ["a stranger's signature under a published key id", () => bearer(strangersToken({}, keyOf.PS256))],
    ['an RS256 signature under the key id of an ES256 key', () => bearer(strangersToken({}, keyOf.ES256))],
    ['an unknown key id', () => bearer(strangersToken({}))],
    ['a key id that climbs out of a directory', () => bearer(strangersToken({}, '../../../../dev/null'))],
    ['a key id that is a URL', () => bearer(strangersToken({}, `${canary.url}/jwks`))],
    ['a key id that is no text', () => bearer(strangersToken({ kid: { $ne: null } }))],
    ['jku: keys from a URL of its own', () => bearer(strangersToken({ jku: `${canary.url}/jwks` }))],
    ['x5u: a certificate from a URL of its own', () => bearer(strangersToken({ x5u: `${canary.url}/x5u` }))],
    ['jwk: its own key inside', () => bearer(strangersToken({ jwk: stranger.jwk }))],
    ['x5c: its own certificate inside', () => bearer(strangersToken({ x5c: ['MIIB'] }))],
    ['another issuer', () => bearer(token({ iss: canary.url }))],
    ['almost the issuer', () => bearer(token({ iss: `${landscape.issuer.url}/` }))],
    ['no issuer', () => bearer(token({ iss: undefined }))],
    ['another audience', () => bearer(token({ aud: 'surehand-test' }))],
    ['many audiences, none of them ours', () => bearer(token({ aud: ['billing', 'lending'] }))],
    ['no audience', () => bearer(token({ aud: undefined }))],
    ['expired', () => bearer(token({ exp: now() - LONG }))],
    ['no expiry', () => bearer(token({ exp: undefined }))],
    ['an expiry that is no number', () => bearer(token({ exp: '9999999999' }))],
    ['not valid yet', () => bearer(token({ nbf: now() + LONG }))],
    ['no subject', () => bearer(token({ sub: undefined }))],
    ['an empty subject', () => bearer(token({ sub: '' }))],
    ['a subject with half of a surrogate pair', () => bearer(token({ sub: 'a\ud800b' }))],
    ['a subject with NUL', () => bearer(token({ sub: 'a\0b' }))],
    ['a subject that is too long', () => bearer(token({ sub: 'a'.repeat(256) }))],
    ['a client with NUL', () => bearer(token({ client_id: 'a\0b' }))],
    ['a subject that is no text', () => bearer(token({ sub: { id: 'clerk' } }))],
    ['an ID token', () => bearer(token({}, { typ: 'JWT' }))],
    ['a logout token', () => bearer(token({}, { typ: 'logout+jwt' }))],
    ['no type', () => bearer(token({}, { typ: null }))],
    ['a type that is no text', () => bearer(token({}, { header: { typ: 5 } }))],
    [
      'another subject written into it',
      () =>
        bearer(
          changed(({ header, payload, signature }) => [
            header,
            withMembers(payload, { sub: 'chief' }),
            signature,
          ]),
        ),
    ],
    [
      'a signature of which a byte was changed',
      () =>
        bearer(
          changed(({ header, payload, signature }) => [
            header,
            payload,
            (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1),
          ]),
        ),
    ],
    ['its signature cut off', () => bearer(changed(({ header, payload }) => [header, payload, '']))],
    ['a token longer than any real one', () => bearer(token({ padding: 'x'.repeat(8_000) }))],
  ])('is refused: %s', async (_, credentials) => {
    const authorization = await credentials();
    const reply = await update(authorization);
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe(INVALID_TOKEN);
    expect(await reply.json()).toMatchObject({
      code: 'unauthenticated',
      outcome: 'not-applied',
      // The same for all: why it was refused is nobody's business but the operator's.
      detail: 'The access token is malformed, expired, or not meant for this gateway.',
    });
    expect(landscape.lending.calls).toEqual([]);
    expect(canary.calls).toEqual([]);
    const records = await recordsOf(landscape.gateway.dataDir, requestIdOf(reply));
    expect(records).toMatchObject([
      {
        kind: 'refusal',
        problem: 'unauthenticated',
        status: 401,
        principal: null,
        operation: 'handoff.update-status',
        resource: 'HO123',
      },
    ]);
    expectNoTrace(authorization, records);
  });

  it('is refused by the HTTP parser when it is 100 KB long', async () => {
    const reply = await update(`Bearer ${'x'.repeat(100_000)}`);
    expect(reply.status).toBe(431);
    expect(await reply.json()).toMatchObject({ code: 'headers-too-large' });
    const records = await recordsOf(landscape.gateway.dataDir, requestIdOf(reply));
    expect(records).toMatchObject([{ kind: 'refusal', problem: 'headers-too-large', principal: null }]);
    expect(landscape.lending.calls).toEqual([]);
  });

  it.each([
    [
      'two Authorization headers',
      400,
      async () => ({ Authorization: [await bearer(token()), await bearer(token())] }),
    ],
    [
      '1,200 other headers',
      431,
      async () => ({
        ...Object.fromEntries(Array.from({ length: 1_200 }, (_, index) => [`x-${index}`, '1'])),
        Authorization: await bearer(token()),
      }),
    ],
  ])('is not looked for among %s', async (_, expected, headersOf) => {
    const headers = { 'Content-Type': 'application/json', ...(await headersOf()) };
    const status = await new Promise((resolve, reject) => {
      request(landscape.gateway.url + HANDOFF_PATH, { method: 'PUT', headers }, (reply) => {
        resolve(reply.resume().statusCode);
      })
        .on('error', reject)
        .end(JSON.stringify(aHandoffUpdate()));
    });
    expect(status).toBe(expected);
    expect(landscape.lending.calls).toEqual([]);
  });
});

describe('a token that was refused', () => {
  const ask = async (credentials: string): Promise<number> =>
    (await landscape.call('/writes', { method: 'GET', token: credentials })).status;
  const checks = (): number =>
    landscape.gateway.log.filter((line) => line.includes('An access token was refused')).length;

  it('is known again without another check of its signature', async () => {
    const forged = await token({}, { key: stranger.privateKey });
    const before = checks();
    expect([await ask(forged), await ask(forged), await ask(forged)]).toEqual([401, 401, 401]);
    // Another one: once its line is there, the others have come too.
    expect(await ask(await token({ aud: 'elsewhere' }))).toBe(401);
    while (!landscape.gateway.log.slice(-5).some((line) => line.includes('aud'))) await setTimeout(10);
    expect(checks() - before).toBe(2);
  });

  it('is accepted all the same once its time has come', async () => {
    const early = await token({ nbf: now() + 33 });
    expect(await ask(early)).toBe(401);
    await setTimeout(3_500);
    expect(await ask(early)).toBe(200);
  });
});

describe('a token that is valid here', () => {
  it.each<[string, () => Promise<string>]>([
    ['one that is right', () => bearer(token())],
    ['the scheme in lower case', async () => `bearer ${await token()}`],
    ['many audiences, ours among them', () => bearer(token({ aud: ['billing', 'surehand'] }))],
    ['expired within the tolerance', () => bearer(token({ exp: now() - SHORT }))],
    ['valid in a moment', () => bearer(token({ nbf: now() + SHORT }))],
    ['typ application/at+jwt', () => bearer(token({}, { typ: 'application/at+jwt' }))],
    ['typ in capitals', () => bearer(token({}, { typ: 'AT+JWT' }))],
    ['ES256', () => bearer(token({}, { kid: keyOf.ES256 }))],
    ['PS256', () => bearer(token({}, { kid: keyOf.PS256 }))],
    ['EdDSA', () => bearer(token({}, { kid: keyOf.EdDSA }))],
    ['scopes that nobody asks for', () => bearer(token({ scope: '  openid  handoff:write profile' }))],
  ])('is accepted: %s', async (_, credentials) => {
    const reply = await update(await credentials());
    expect(reply.status).toBe(200);
    expect(landscape.lending.calls).toHaveLength(1);
  });

  it.each([
    ['client_id', { client_id: 'branch-app' }],
    ['azp', { client_id: undefined, azp: 'branch-app' }],
  ])('names the caller in the trail, the application by %s', async (_, claims) => {
    const reply = await update(await bearer(token({ sub: 'j.doe', ...claims })));
    const records = await recordsOf(landscape.gateway.dataDir, requestIdOf(reply), 2);
    const principal = { subject: 'j.doe', client: 'branch-app', method: 'bearer' };
    expect(records).toMatchObject([
      { kind: 'intent', principal },
      { kind: 'outcome', principal },
    ]);
  });
});

describe('a token without the scope', () => {
  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['another', 'deferred-actions:write'],
    ['one that starts alike', 'handoff:writer handoff'],
    ['the right one in capitals', 'HANDOFF:WRITE'],
    ['what is no scope at all', { 'handoff:write': true }],
  ])('is forbidden by name and told which scope is missing: %s', async (_, scope) => {
    const authorization = await bearer(token({ scope }));
    const reply = await update(authorization);
    expect(reply.status).toBe(403);
    expect(reply.headers.get('www-authenticate')).toBe(
      'Bearer realm="surehand", error="insufficient_scope", scope="handoff:write"',
    );
    expect(await reply.json()).toMatchObject({ code: 'forbidden', outcome: 'not-applied' });
    expect(landscape.lending.calls).toEqual([]);
    const records = await recordsOf(landscape.gateway.dataDir, requestIdOf(reply));
    expect(records).toMatchObject([
      {
        kind: 'refusal',
        problem: 'forbidden',
        status: 403,
        principal: { subject: 'clerk', client: 'test-client', method: 'bearer' },
        operation: 'handoff.update-status',
        resource: 'HO123',
      },
    ]);
    expectNoTrace(authorization, records);
  });
});

describe('an issuer with habits of its own', () => {
  it.each([
    ['an array in scp', { AUTH_SCOPE_CLAIM: 'scp' }, { scp: ['openid', 'handoff:write'] }, {}],
    ['a text in scp', { AUTH_SCOPE_CLAIM: 'scp' }, { scp: 'openid handoff:write' }, {}],
    [
      'roles within realm_access',
      { AUTH_SCOPE_CLAIM: 'realm_access.roles' },
      { realm_access: { roles: ['offline_access', 'handoff:write'] } },
      {},
    ],
    ['typ JWT', { AUTH_TOKEN_TYPES: 'application/JWT, at+jwt' }, { scope: 'handoff:write' }, { typ: 'JWT' }],
  ])('is understood: %s', async (_, settings, claims, options) => {
    const configured = await Landscape.start(settings);
    try {
      configured.lending.play(json(200, UPDATED_HANDOFF));
      const statusWith = async (granted: object): Promise<number> => {
        const accessToken = await configured.issuer.token({ scope: undefined, ...granted }, options);
        const { status } = await configured.call(HANDOFF_PATH, {
          body: aHandoffUpdate(),
          token: accessToken,
        });
        return status;
      };
      expect(await statusWith(claims)).toBe(200);
      expect(await statusWith({})).toBe(403);
      expect(configured.lending.calls).toHaveLength(1);
    } finally {
      await configured.end();
    }
  });
});

async function signedWithThePublicKey(): Promise<string> {
  const publicKey = (await importJWK(landscape.issuer.publicKey, 'RS256')) as CryptoKey;
  return token({}, { key: Buffer.from(await exportSPKI(publicKey)), header: { alg: 'HS256' } });
}

const tail = ({ payload, signature }: { payload: string; signature: string }): string[] => [
  payload,
  signature,
];
