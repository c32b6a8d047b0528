import type { Configuration } from 'oidc-provider';

import { automaticGrant } from './automatic-grant.js';
import { clients } from './clients.js';
import { inMemoryAdapter } from './in-memory-adapter.js';
import { loginPath } from './login.js';
import { showLoggedOut, showLogout } from './logout-page.js';
import { escapeHtml, page, show } from './page.js';
import { personNamed } from './people.js';
import { gatewayFor, gatewayResource } from './protected-resource.js';
import type { ProviderKeys } from './provider-keys.js';

const seconds = { minute: 60, hour: 3600 } as const;

/** What a provider has to be told about the gateway. */
export interface ProviderOptions {
  /** The `aud` of its access tokens. */
  readonly audience: string;
  /** By which browsers reach the gateway; the provider itself uses the first one. */
  readonly gatewayOrigins: readonly [string, ...string[]];
  /** How long an access token that a person gets is valid; an hour unless given. */
  readonly accessTokenSeconds?: number;
}

/** Everything in which the sandbox's provider differs from the library's defaults. */
export function providerConfiguration(
  { audience, gatewayOrigins, accessTokenSeconds = seconds.hour }: ProviderOptions,
  keys: ProviderKeys,
): Configuration {
  return {
    adapter: inMemoryAdapter(),
    clients: clients(gatewayOrigins),
    jwks: keys.jwks,
    cookies: { keys: keys.cookieKeys },
    scopes: ['openid'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    // Swagger UI calls the token endpoint from the gateway's origin.
    clientBasedCORS: () => true,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      // Its tokens are for the gateway; there is no profile to show.
      userinfo: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      rpInitiatedLogout: { enabled: true, logoutSource: showLogout, postLogoutSuccessSource: showLoggedOut },
      backchannelLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => gatewayResource,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, _resource, client) =>
          gatewayFor(client.clientId, audience, accessTokenSeconds),
      },
    },
    // Without offline_access: such a refresh token ends with the sign-in that it came of.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    // RFC 9700 section 4.14.2.
    rotateRefreshToken: true,
    // What is given along refuses to connect to loopback, where the gateway listens for its back-channel logout.
    fetch: (url, { dispatcher: _, ...init } = {}) => globalThis.fetch(url, init),
    interactions: { url: (_ctx, interaction) => `${loginPath}${interaction.uid}` },
    loadExistingGrant: automaticGrant,
    findAccount: (_ctx, sub) =>
      personNamed(sub) === undefined ? undefined : { accountId: sub, claims: () => ({ sub }) },
    ttl: {
      AuthorizationCode: seconds.minute,
      AccessToken: accessTokenSeconds,
      ClientCredentials: seconds.hour,
      IdToken: seconds.hour,
      Interaction: seconds.hour,
      RefreshToken: 8 * seconds.hour,
      Session: 8 * seconds.hour,
      Grant: 8 * seconds.hour,
    },
    renderError: (ctx, { error, error_description }) => {
      const reason = `${error}: ${error_description ?? 'no description'}`;
      show(ctx, page('The sign-in failed', `<p role="alert">${escapeHtml(reason)}</p>`));
    },
  };
}
