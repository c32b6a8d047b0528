import { Visitor } from '../test/support/visitor.js';
import { ALL_SCOPES, AUDIENCE } from '../test/support/token-issuer.js';
import type { World } from './world.js';

type Headers = Readonly<Record<string, string>>;

/** Before the number of a deferred action. */
export const ACTIONS = '/bcws/webresources/v1.0/deferredactions/0.0.0.1+-schedule+';

/** A change of a deferred action, in either format. */
export interface Change {
  readonly headers: Headers;
  readonly body: string;
}

export const JSON_CHANGE: Change = {
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ scheduledDate: 1613241000000 }),
};

export const XML_CHANGE: Change = {
  headers: { 'content-type': 'application/xml', accept: 'application/xml' },
  body: '<DeferredAction><scheduledDate>1613241000000</scheduledDate></DeferredAction>',
};

/** An RS256 access token of the provider, for longer than any run. */
export async function bearer({ provider }: World): Promise<Headers> {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: provider.url,
    aud: AUDIENCE,
    sub: 'clerk',
    client_id: 'bench',
    scope: ALL_SCOPES,
    iat: now,
    exp: now + 86_400,
    jti: 'bench',
  };
  const token = await provider.sign(claims, { header: { typ: 'at+jwt' } });
  return { authorization: `Bearer ${token}` };
}

/** What a page sends once the clerk has signed in at the provider. */
export async function session({ url }: World): Promise<Headers> {
  const visitor = new Visitor(url);
  await visitor.signIn('clerk', '/auth/session');
  const sending = { url: new URL(url), method: 'PUT', crossSite: false, navigation: false };
  const cookie = visitor.jar.header(sending);
  if (cookie === undefined) throw new Error('the sign-in gave no cookie');
  return { cookie, 'x-surehand': '1', origin: url, 'sec-fetch-site': 'same-origin' };
}
