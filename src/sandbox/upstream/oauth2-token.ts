import type { UpstreamAccess } from './access.js';
import type { Route } from './route.js';

/** The standard token endpoint, for client credentials only: RFC 6749 section 4.4. */
export function oauth2Token(access: UpstreamAccess, lifetimeSeconds: number): Route {
  return {
    method: 'POST',
    path: /^\/oauth2\/token$/,
    answer: (call) => {
      const form = new URLSearchParams(call.body);
      if (form.get('grant_type') !== 'client_credentials') {
        return refusal(400, 'unsupported_grant_type');
      }
      const known =
        access.admitsBasic(call.headers.authorization) ||
        access.admitsCredentials(form.get('client_id') ?? '', form.get('client_secret') ?? '');
      return known
        ? { status: 200, headers: { 'cache-control': 'no-store' }, document: token(access, lifetimeSeconds) }
        : refusal(401, 'invalid_client');
    },
  };
}

function token(access: UpstreamAccess, lifetimeSeconds: number) {
  return {
    root: 'token',
    content: {
      access_token: access.issueToken(lifetimeSeconds),
      token_type: 'Bearer',
      expires_in: lifetimeSeconds,
    },
  };
}

function refusal(status: number, error: string) {
  return { status, document: { root: 'error', content: { error } } };
}
