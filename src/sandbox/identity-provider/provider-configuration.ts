import type { Configuration } from 'oidc-provider';

import { automaticGrant } from './automatic-grant.js';
import { clients } from './clients.js';
import { inMemoryAdapter } from './in-memory-adapter.js';
import { loginPath } from './login.js';
import { escapeHtml, page } from './page.js';
import { personNamed } from './people.js';
import { gatewayFor, gatewayResource } from './protected-resource.js';
import type { ProviderKeys } from './provider-keys.js';

const seconds = { minute: 60, hour: 3600 } as const;

/** Everything in which the sandbox's provider differs from the library's defaults. */
export function providerConfiguration(
  audience: string,
  docsRedirectUris: readonly string[],
  keys: ProviderKeys,
): Configuration {
  return {
    adapter: inMemoryAdapter(),
    clients: clients(docsRedirectUris),
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
      resourceIndicators: {
        enabled: true,
        defaultResource: () => gatewayResource,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, _resource, client) => gatewayFor(client.clientId, audience),
      },
    },
    interactions: { url: (_ctx, interaction) => `${loginPath}${interaction.uid}` },
    loadExistingGrant: automaticGrant,
    findAccount: (_ctx, sub) =>
      personNamed(sub) === undefined ? undefined : { accountId: sub, claims: () => ({ sub }) },
    ttl: {
      AuthorizationCode: seconds.minute,
      AccessToken: seconds.hour,
      ClientCredentials: seconds.hour,
      IdToken: seconds.hour,
      Interaction: seconds.hour,
      Session: 8 * seconds.hour,
      Grant: 8 * seconds.hour,
    },
    renderError: (ctx, { error, error_description }) => {
      const { headers, html } = page(
        'The sign-in failed',
        `<p role="alert">${escapeHtml(error)}: ${escapeHtml(error_description ?? 'no description')}</p>`,
      );
      ctx.set(headers);
      ctx.body = html;
    },
  };
}
