import { Problem } from '../http/problem.js';
import type { Principal } from './principal.js';
import type { TokenVerifier } from './token-verifier.js';

// RFC 6750 section 2.1.
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * Authenticates by the `Authorization` header, or throws `unauthenticated` with a challenge by RFC 6750
 * section 3: without credentials it carries no error code.
 */
export async function authenticate(
  authorization: string | undefined,
  verifier: TokenVerifier,
): Promise<Principal> {
  if (authorization === undefined || !/^Bearer(?: |$)/i.test(authorization)) {
    throw unauthenticated('Bearer realm="surehand"', 'The request has no bearer token.');
  }
  const token = BEARER.exec(authorization)?.[1];
  const principal = token === undefined ? undefined : await verifier.verify(token);
  if (principal === undefined) {
    throw unauthenticated(
      'Bearer realm="surehand", error="invalid_token", error_description="The access token is not valid here"',
      'The access token is malformed, expired, or not meant for this gateway.',
    );
  }
  return principal;
}

function unauthenticated(challenge: string, detail: string): Problem {
  return new Problem('unauthenticated', { detail, headers: { 'www-authenticate': challenge } });
}
