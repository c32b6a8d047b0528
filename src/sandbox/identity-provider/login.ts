import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Provider } from 'oidc-provider';

import { loginPage } from './login-page.js';
import { page, type Page } from './page.js';
import { personNamed, sharedPassword } from './people.js';

export const loginPath = '/interaction/';

/** Shows the login form and takes it back; then the provider carries on with the authorization request. */
export async function answerLogin(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response).catch(() => undefined);
  if (interaction === undefined) {
    send(response, 400, page('This sign-in has expired', '<p>Go back and start it again.</p>'));
    return;
  }
  const client = await provider.Client.find(String(interaction.params['client_id']));
  const show = (status: number, failedUsername?: string): void => {
    const { origin } = new URL(String(interaction.params['redirect_uri']));
    send(response, status, loginPage(client?.clientName ?? 'A program', origin, failedUsername));
  };

  if (request.method !== 'POST') {
    show(200);
    return;
  }
  const form = new URLSearchParams(await text(request));
  const username = form.get('username')?.trim() ?? '';
  if (form.has('cancel')) {
    const result = { error: 'access_denied', error_description: 'The sign-in was cancelled.' };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  } else if (personNamed(username) === undefined || form.get('password') !== sharedPassword) {
    show(401, username);
  } else {
    await provider.interactionFinished(request, response, { login: { accountId: username } });
  }
}

function send(response: ServerResponse, status: number, { headers, html }: Page): void {
  response.writeHead(status, headers).end(html);
}
