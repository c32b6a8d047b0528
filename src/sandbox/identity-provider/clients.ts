import type { ClientMetadata } from 'oidc-provider';

/** The public client by which a browser page (Swagger UI) signs people in. */
export const docsClientId = 'surehand-docs';

/** The confidential client by which a program calls in its own name. */
export const machineClient = { id: 'surehand-machine', secret: 'surehand-machine-secret' } as const;

/** The confidential client by which the gateway signs people in for the frontend and keeps their tokens. */
export const webClient = { id: 'surehand-frontend', secret: 'surehand-frontend-secret' } as const;

/** @param gatewayOrigins by which browsers reach the gateway; the provider itself uses the first one */
export function clients(gatewayOrigins: readonly [string, ...string[]]): ClientMetadata[] {
  const [gateway] = gatewayOrigins;
  const at = (path: string): string[] => gatewayOrigins.map((origin) => `${origin}${path}`);
  return [
    {
      client_id: docsClientId,
      client_name: 'Surehand API documentation',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: at('/docs/oauth2-redirect.html'),
    },
    {
      client_id: machineClient.id,
      client_secret: machineClient.secret,
      client_name: 'Surehand machine client',
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    },
    {
      client_id: webClient.id,
      client_secret: webClient.secret,
      client_name: 'Surehand',
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: at('/auth/callback'),
      post_logout_redirect_uris: at('/auth/logged-out'),
      backchannel_logout_uri: `${gateway}/auth/backchannel-logout`,
      // Puts the `sid` into ID tokens too.
      backchannel_logout_session_required: true,
    },
  ];
}
