import type { UpstreamAccess } from '../upstream/access.js';
import type { Route } from '../upstream/route.js';
import { billingWording } from './billing-wording.js';

/** Billing's own token endpoint: client id and secret by HTTP Basic, no refresh token. */
export function queryAccessToken(access: UpstreamAccess, basePath: string, lifetimeSeconds: number): Route {
  return {
    method: 'GET',
    path: new RegExp(`^${basePath.replaceAll('.', '\\.')}/authentication/queryAccessToken$`),
    answer: (call) => {
      if (!access.admitsBasic(call.headers.authorization)) {
        return billingWording.unauthorized(call);
      }
      const content = {
        access_token: access.issueToken(lifetimeSeconds),
        token_type: 'Bearer',
        expires_in: lifetimeSeconds,
      };
      return { status: 200, headers: { 'cache-control': 'no-store' }, document: { root: 'token', content } };
    },
  };
}
