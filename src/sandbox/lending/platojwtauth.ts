import { isObject } from '../json.js';
import type { UpstreamAccess } from '../upstream/access.js';
import { readBody } from '../upstream/media.js';
import type { Route } from '../upstream/route.js';
import { lendingWording } from './lending-wording.js';

/**
 * The platform's own token endpoint: user and password base64-encoded in JSON, header `appId: SECSRV001`.
 * @param lifetimeAsText whether `expires_in` is the text "360000" (which real replies show) or a number of seconds
 */
export function platojwtauth(
  access: UpstreamAccess,
  lifetimeSeconds: number,
  lifetimeAsText: boolean,
): Route {
  const seconds = lifetimeAsText ? 360_000 : lifetimeSeconds;
  return {
    method: 'POST',
    path: /^\/platojwtauth\/?$/,
    answer: (call) => {
      const body = readBody(call);
      const known =
        isObject(body) &&
        call.headers['appid'] === 'SECSRV001' &&
        access.admitsCredentials(decoded(body['username']), decoded(body['password']));
      if (!known) {
        return lendingWording.unauthorized(call);
      }
      const content = {
        token: access.issueToken(seconds),
        expires_in: lifetimeAsText ? String(seconds) : seconds,
        token_type: 'Bearer',
      };
      return { status: 200, headers: { 'cache-control': 'no-store' }, document: { root: 'token', content } };
    },
  };
}

function decoded(base64: unknown): string {
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64').toString() : '';
}
