import type { ClientMetadata } from 'oidc-provider';

/** The public client by which a browser page (Swagger UI) signs people in. */
export const docsClientId = 'surehand-docs';

/** The confidential client by which a program calls in its own name. */
export const machineClient = { id: 'surehand-machine', secret: 'surehand-machine-secret' } as const;

/** @param docsRedirectUris where Swagger UI receives its authorization codes */
export function clients(docsRedirectUris: readonly string[]): ClientMetadata[] {
  return [
    {
      client_id: docsClientId,
      client_name: 'Surehand API documentation',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: docsRedirectUris,
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
  ];
}
