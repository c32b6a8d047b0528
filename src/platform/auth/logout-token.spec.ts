import { Logger } from '@nestjs/common';
import { generateKeyPair, UnsecuredJWT } from 'jose';
import { TokenIssuer, type TokenOptions } from '../../../test/support/token-issuer.js';
import { Config } from '../config/config.js';
import { IssuerKeys } from './issuer-keys.js';
import { IssuerMetadata } from './issuer-metadata.js';
import { LogoutTokenVerifier } from './logout-token.js';

const CLIENT = 'surehand-frontend';
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

describe('a logout token', () => {
  let issuer: TokenIssuer;
  let odd: string;
  let verifier: LogoutTokenVerifier;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    issuer = await TokenIssuer.start();
    // Published, but not by an algorithm that is believed. The last one signs.
    odd = await issuer.addKey('RS384');
    await issuer.addKey();
    const config = Config.fromEnvironment({
      HANDOFF_BASE_URL: 'http://127.0.0.1:9',
      BILLING_CARE_BASE_URL: 'http://127.0.0.1:9',
      AUTH_ISSUER: issuer.url,
      AUTH_AUDIENCE: 'surehand',
    });
    verifier = new LogoutTokenVerifier(config, new IssuerKeys(config, new IssuerMetadata(config)));
  });
  afterAll(() => issuer.close());

  const now = (): number => Math.floor(Date.now() / 1_000);
  /** Right in everything that the changes leave alone; undefined takes a claim away. */
  const claims = (changes: Record<string, unknown>): Record<string, unknown> => ({
    ...{ aud: CLIENT, sid: 'session-1', jti: 'logout-1', events: { [EVENT]: {} } },
    ...{ client_id: undefined, scope: undefined, exp: now() + 120 },
    ...changes,
  });
  const verify = async (
    changes: Record<string, unknown> = {},
    options: TokenOptions = {},
  ): Promise<unknown> =>
    await verifier.verify(await issuer.token(claims(changes), { typ: 'logout+jwt', ...options }), CLIENT);

  it('names the session that is over, and until when its id has to be remembered', async () => {
    const exp = now() + 100;
    expect(await verify({ exp })).toEqual({
      subject: 'clerk',
      sid: 'session-1',
      jti: 'logout-1',
      expiresAt: (exp + 30) * 1_000,
    });
  });

  it.each<[what: string, changes: Record<string, unknown>, options?: TokenOptions]>([
    ['for a subject as a whole', { sid: undefined }],
    ['for a session of nobody named', { sub: undefined }],
    ['for several clients', { aud: ['another', CLIENT] }],
    ['whose event has members', { events: { [EVENT]: { reason: 'idle' }, 'urn:other': true } }],
    ['made two minutes ago', { iat: now() - 120 }],
    ['made a little ahead of our time', { iat: now() + 20 }],
    ['whose type is spelt out', {}, { typ: 'application/LOGOUT+JWT' }],
  ])('is taken %s', async (_, changes, options = {}) => {
    expect(await verify(changes, options)).toHaveProperty('jti', 'logout-1');
  });

  it.each<[what: string, changes: Record<string, unknown>, options?: TokenOptions]>([
    ['of another type', {}, { typ: 'at+jwt' }],
    ['of the type that ID tokens have', {}, { typ: 'JWT' }],
    ['of no type', {}, { typ: null }],
    ['of another issuer', { iss: 'https://idp.example' }],
    ['of an issuer with a slash more', { iss: 'slash' }],
    ['without an issuer', { iss: undefined }],
    ['for another client', { aud: 'surehand-docs' }],
    ['for the API', { aud: 'surehand' }],
    ['for nobody', { aud: undefined }],
    ['made too long ago', { iat: now() - 180 }],
    ['made in the future', { iat: now() + 60 }],
    ['that does not say when it was made', { iat: undefined }],
    ['that says so in words', { iat: 'today' }],
    ['that has expired', { exp: now() - 60 }],
    ['that never expires', { exp: undefined }],
    ['whose time is yet to come', { nbf: now() + 120 }],
    ['without an id', { jti: undefined }],
    ['whose id is empty', { jti: '' }],
    ['whose id is a number', { jti: 17 }],
    ['without events', { events: undefined }],
    ['with another event', { events: { 'urn:other': {} } }],
    ['whose event is no object', { events: { [EVENT]: true } }],
    ['whose event is null', { events: { [EVENT]: null } }],
    ['whose event is a list', { events: { [EVENT]: [] } }],
    ['whose events are a list', { events: [EVENT] }],
    ['whose events are null', { events: null }],
    ['with a nonce', { nonce: 'n-1' }],
    ['with a nonce that is null', { nonce: null }],
    ['of nothing and nobody', { sub: undefined, sid: undefined }],
    ['whose subject is a number', { sub: 17 }],
    ['whose subject is empty', { sub: '' }],
    ['whose session is an object', { sid: {} }],
    ['whose session is empty', { sid: '' }],
    ['by an unknown key', {}, { kid: 'unknown' }],
    ['that is too long', { extra: 'x'.repeat(8_192) }],
  ])('is refused %s', async (_, changes, options = {}) => {
    const { iss } = changes;
    const changed = { ...changes, ...(iss === 'slash' && { iss: `${issuer.url}/` }) };
    expect(await verify(changed, options)).toEqual({ refused: expect.any(String) as string });
  });

  it('is refused if another key has signed it', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    expect(await verify({}, { key: privateKey })).toEqual({ refused: 'signature verification failed' });
  });

  it('is refused if a published key has signed it by an algorithm that is not believed', async () => {
    expect(await verify({}, { kid: odd })).toEqual({ refused: expect.stringContaining('alg') as string });
  });

  it('is refused without a signature, and with a secret for a key', async () => {
    const refused = { refused: expect.stringContaining('alg') as string };
    const unsigned = new UnsecuredJWT(claims({ iss: issuer.url, iat: now(), sub: 'clerk' })).encode();
    expect(await verifier.verify(unsigned, CLIENT)).toHaveProperty('refused');
    const key = new TextEncoder().encode(JSON.stringify(issuer.publicKey));
    expect(await verify({}, { key, header: { alg: 'HS256' } })).toEqual(refused);
  });

  it('is refused if it is none at all', async () => {
    for (const text of ['', '.', 'a.b.c', 'logout', '{}'])
      expect(await verifier.verify(text, CLIENT)).toHaveProperty('refused');
  });

  it('cannot be judged while no key is known', async () => {
    const config = Config.fromEnvironment({
      HANDOFF_BASE_URL: 'http://127.0.0.1:9',
      BILLING_CARE_BASE_URL: 'http://127.0.0.1:9',
      AUTH_ISSUER: 'http://127.0.0.1:9',
      AUTH_AUDIENCE: 'surehand',
    });
    const keyless = new LogoutTokenVerifier(config, new IssuerKeys(config, new IssuerMetadata(config)));
    await expect(keyless.verify('a.b.c', CLIENT)).rejects.toMatchObject({
      code: 'identity-provider-unavailable',
    });
  });
});
