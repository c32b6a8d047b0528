import { machineClient } from './identity-provider/clients.js';
import { clerkScopes } from './identity-provider/people.js';
import { isObject } from './json.js';

/** Gets an access token with the clerk's scopes for the machine client, as any program would. */
export async function liveToken(issuer: string): Promise<string> {
  const basic = Buffer.from(`${machineClient.id}:${machineClient.secret}`).toString('base64');
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: clerkScopes.join(' ') }),
  });
  const body: unknown = await response.json();
  if (!isObject(body) || typeof body['access_token'] !== 'string') {
    throw new Error(`The identity provider issued no token: ${JSON.stringify(body)}`);
  }
  return body['access_token'];
}
