import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Provider, type Configuration } from 'oidc-provider';

import { listen, type RunningServer } from '../running-server.js';
import { beginSignedOut } from './fresh-sign-in.js';
import { answerLogin, loginPath } from './login.js';
import { providerConfiguration, type ProviderOptions } from './provider-configuration.js';
import { providerKeys } from './provider-keys.js';

export interface IdentityProviderOptions extends ProviderOptions {
  /** 0 takes any free port; the issuer carries the real one. */
  readonly port: number;
  /** The host in the issuer's URL, and the address to listen on. */
  readonly host: string;
  /** The folder of the signing key. */
  readonly dataDir: string;
}

/**
 * Starts the sandbox's OpenID Connect provider; its `url` is the issuer.
 * @throws PortTaken
 */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<RunningServer> {
  const { port, host, dataDir } = options;
  const configuration = providerConfiguration(options, providerKeys(dataDir));

  // The issuer names the port, which is known only once the server listens.
  const server = createServer();
  const running = await listen(server, host, port);
  const { answer } = identityProvider(running.url, configuration);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void answer(request, response);
  });
  return running;
}

export type Middleware = Parameters<Provider['use']>[0];

/** A provider and what it answers, its login form included. */
export interface IdentityProvider {
  readonly provider: Provider;
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/** @param around what sees each request before the library, and the reply after it */
export function identityProvider(
  issuer: string,
  configuration: Configuration,
  around: readonly Middleware[] = [],
): IdentityProvider {
  const provider = new Provider(issuer, configuration);
  around.forEach((middleware) => provider.use(middleware));
  const answerProtocol = provider.callback();
  return {
    provider,
    answer: async (request, response) => {
      try {
        if (request.url?.startsWith(loginPath) === true) {
          await answerLogin(provider, request, response);
        } else {
          beginSignedOut(request, provider.cookieName('session'));
          await answerProtocol(request, response);
        }
      } catch (error) {
        console.error(error);
        response.destroy();
      }
    },
  };
}
