import type { UpstreamAuth } from '../config/upstream-auth.js';
import { base64, basic } from './credentials.js';
import { isObject } from './reply-json.js';
import type { Answer, UpstreamRequest } from './upstream-client.js';

/** The ways that need a token. */
export type TokenAuth = Extract<UpstreamAuth, { readonly tokenUrl: URL }>;

/** The call that asks for a token. */
export function tokenCall(auth: TokenAuth): UpstreamRequest {
  const { credentials } = auth;
  const path = auth.tokenUrl.pathname;
  switch (auth.way) {
    case 'platojwt':
      return {
        method: 'POST',
        path,
        body: { username: base64(credentials.id), password: base64(credentials.secret) },
        headers: {
          appId: auth.appId,
          ...(auth.sourceCode !== undefined && { sourceCode: auth.sourceCode }),
        },
      };
    case 'bcws':
      return { method: 'GET', path, headers: { authorization: basic(credentials) } };
    case 'oauth2': {
      // RFC 6749 section 4.4.2.
      const form = new URLSearchParams({ grant_type: 'client_credentials' });
      if (auth.scope !== undefined) form.set('scope', auth.scope);
      if (auth.method === 'client_secret_basic') {
        // RFC 6749 section 2.3.1: form-encoded before they go into the header.
        const encoded = { id: formEncoded(credentials.id), secret: formEncoded(credentials.secret) };
        return { method: 'POST', path, body: form, headers: { authorization: basic(encoded) } };
      }
      form.set('client_id', credentials.id);
      form.set('client_secret', credentials.secret);
      return { method: 'POST', path, body: form };
    }
  }
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

export interface IssuedToken {
  readonly token: string;
  readonly lifetimeMs: number;
}

/** RFC 6750 section 2.1. What is longer would not fit into a header. */
const BEARER_TOKEN = /^[A-Za-z0-9._~+/-]{1,8192}=*$/;
/** The lifetime of a token that does not say its own, or says something else than a number. */
const UNSAID_MS = 60_000;
/** Longer is not believed: who withdraws a token wants that to be noticed one day. */
const LONGEST_MS = 24 * 60 * 60 * 1_000;

/** The token in a complete reply, or why there is none, without any word of the reply. */
export function readToken({ status, json }: Answer, way: TokenAuth['way']): IssuedToken | string {
  if (status !== 200) return `answered ${status}`;
  if (!isObject(json)) return 'answered 200 without a JSON object';
  const token = json[way === 'platojwt' ? 'token' : 'access_token'];
  if (typeof token !== 'string' || !BEARER_TOKEN.test(token)) return 'answered 200 without a usable token';
  return { token, lifetimeMs: lifetimeOf(json['expires_in']) };
}

/** Seconds, as a number or as its digits. */
function lifetimeOf(expiresIn: unknown): number {
  const digits = JSON.isRawJSON(expiresIn) ? expiresIn.rawJSON : expiresIn;
  const seconds = typeof digits === 'string' && digits.trim() !== '' ? Number(digits) : digits;
  if (typeof seconds !== 'number' || Number.isNaN(seconds)) return UNSAID_MS;
  return Math.min(Math.max(seconds, 0) * 1_000, LONGEST_MS);
}

/** Statuses by which a token endpoint says that it does not take the credentials. RFC 6749 section 5.2. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403]);

export function isRefusal({ status }: Answer): boolean {
  return REFUSALS.has(status);
}
