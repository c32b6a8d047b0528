import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Provider } from 'oidc-provider';

import { listen, type RunningServer } from '../running-server.js';
import { beginSignedOut } from './fresh-sign-in.js';
import { answerLogin, loginPath } from './login.js';
import { providerConfiguration } from './provider-configuration.js';
import { providerKeys } from './provider-keys.js';

export interface IdentityProviderOptions {
  /** 0 takes any free port; the issuer carries the real one. */
  readonly port: number;
  /** The host in the issuer's URL, and the address to listen on. */
  readonly host: string;
  /** The `aud` of its access tokens. */
  readonly audience: string;
  /** Where Swagger UI receives its authorization codes. */
  readonly docsRedirectUris: readonly string[];
  /** The folder of the signing key. */
  readonly dataDir: string;
}

/**
 * Starts the sandbox's OpenID Connect provider; its `url` is the issuer.
 * @throws PortTaken
 */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<RunningServer> {
  const { port, host, audience, docsRedirectUris, dataDir } = options;
  const configuration = providerConfiguration(audience, docsRedirectUris, providerKeys(dataDir));

  // The issuer names the port, which is known only once the server listens.
  const server = createServer();
  const running = await listen(server, host, port);
  const provider = new Provider(running.url, configuration);
  const answerProtocol = provider.callback();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith(loginPath) === true) {
      await answerLogin(provider, request, response);
    } else {
      beginSignedOut(request, provider.cookieName('session'));
      await answerProtocol(request, response);
    }
  }
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  return running;
}
