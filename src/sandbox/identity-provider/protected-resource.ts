import type { ResourceServer } from 'oidc-provider';

import { machineClient } from './clients.js';
import { allScopes, clerkScopes } from './people.js';

/** RFC 8707 wants an absolute URI to name the gateway by; the audience in the token can be any text. */
export const gatewayResource = 'urn:surehand:gateway';

/**
 * What the provider has to know to issue JWT access tokens (RFC 9068) for the gateway to one client.
 * @param accessTokenSeconds their lifetime
 */
export function gatewayFor(clientId: string, audience: string, accessTokenSeconds: number): ResourceServer {
  return {
    scope: (clientId === machineClient.id ? clerkScopes : allScopes).join(' '),
    audience,
    accessTokenTTL: accessTokenSeconds,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'RS256' } },
  };
}
