import { hash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';

/**
 * The prefix makes a browser refuse the cookie unless it is Secure, HttpOnly, for `/` and for no other host
 * (RFC 6265bis section 4.1.3); one that a page or a sibling host tries to set is none.
 */
const PREFIX = '__Host-Http-surehand';
const SESSION = PREFIX;
const LOGIN = `${PREFIX}-login-`;
/** 256 bits: not to be guessed. */
const ID_BYTES = 32;
/** A login that takes longer is begun again. */
export const LOGIN_SECONDS = 600;
/**
 * Logins that were begun and left, and the bytes of their cookies: with more of them, and the next one, the headers
 * would grow beyond what is taken, and every request of the browser would be refused.
 */
const MOST_LOGINS = 8;
const MOST_LOGIN_BYTES = 8_192;

const ATTRIBUTES = { secure: true, httpOnly: true, path: '/' } as const;

/** What a session's cookie holds. */
export function newSessionId(): string {
  return randomBytes(ID_BYTES).toString('base64url');
}

/** By which the store finds the session: whoever reads the store cannot make a cookie of it. */
export function hashOf(sessionId: string): string {
  return hash('sha256', sessionId, 'base64url');
}

/** The id in the session's cookie, if there is one. */
export function sessionIdOf({ cookie }: IncomingHttpHeaders): string | undefined {
  return cookie === undefined ? undefined : parseCookie(cookie)[SESSION];
}

/**
 * Sets the cookie of a session, for as long as the browser runs. Strict: no other site can make the browser send
 * it, not even by a link.
 */
export function sessionCookie(sessionId: string): string {
  return stringifySetCookie({ ...ATTRIBUTES, name: SESSION, value: sessionId, sameSite: 'strict' });
}

export function noSessionCookie(): string {
  return stringifySetCookie({ ...ATTRIBUTES, name: SESSION, value: '', sameSite: 'strict', maxAge: 0 });
}

/**
 * Sets the cookie of a login. Lax, since it has to come back when the identity provider, another site, sends the
 * person on. Each login has its own, so that several tabs do not get in each other's way.
 */
export function loginCookie(state: string, sealed: string): string {
  const name = loginCookieName(state);
  return stringifySetCookie({
    ...ATTRIBUTES,
    name,
    value: sealed,
    sameSite: 'lax',
    maxAge: LOGIN_SECONDS,
  });
}

/** The sealed login that the state belongs to. */
export function loginOf({ cookie }: IncomingHttpHeaders, state: string): string | undefined {
  return cookie === undefined ? undefined : parseCookie(cookie)[loginCookieName(state)];
}

export function noLoginCookie(state: string): string {
  return removed(loginCookieName(state));
}

/** Removes the cookies of logins that were begun and left, the oldest first, once there are too many. */
export function surplusLogins({ cookie = '' }: IncomingHttpHeaders): string[] {
  let bytes = 0;
  return (
    Object.entries(parseCookie(cookie))
      .filter(([name]) => name.startsWith(LOGIN))
      // Browsers send the oldest first (RFC 6265bis section 5.8.3).
      .reverse()
      .filter(([name, value = ''], index) => {
        bytes += name.length + value.length;
        return index >= MOST_LOGINS || bytes > MOST_LOGIN_BYTES;
      })
      .map(([name]) => removed(name))
  );
}

function loginCookieName(state: string): string {
  return LOGIN + hash('sha256', state, 'base64url').slice(0, 8);
}

function removed(name: string): string {
  return stringifySetCookie({ ...ATTRIBUTES, name, value: '', sameSite: 'lax', maxAge: 0 });
}
