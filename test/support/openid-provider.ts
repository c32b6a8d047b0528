import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  SignJWT,
  decodeJwt,
  importJWK,
  type CryptoKey,
  type JWK,
  type JWTPayload,
  type KeyObject,
} from 'jose';
import type { AdapterPayload, Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { webClient } from '../../src/sandbox/identity-provider/clients.js';
import { identityProvider } from '../../src/sandbox/identity-provider/identity-provider.js';
import { inMemoryAdapter } from '../../src/sandbox/identity-provider/in-memory-adapter.js';
import { providerConfiguration } from '../../src/sandbox/identity-provider/provider-configuration.js';
import { newProviderKeys } from '../../src/sandbox/identity-provider/provider-keys.js';
import { listen, type RunningServer } from '../../src/sandbox/running-server.js';
import { PATHS, endpointAt, endpoints } from './provider-endpoints.js';
import { isNoGateway, isSecret } from './set-cookie-rules.js';
import { AUDIENCE } from './token-issuer.js';

/** What the token endpoint answers: RFC 6749 section 5.1. */
export type TokenReply = Readonly<Record<string, unknown>>;

export interface Signing {
  readonly header?: Readonly<Record<string, unknown>>;
  /** Signs instead of the provider's own key. */
  readonly key?: CryptoKey | KeyObject | Uint8Array;
}

/**
 * A real OpenID provider under a test's control, with the sandbox's people and its confidential client. Its
 * issuer's host is `localhost`: for a browser, another site than a gateway at 127.0.0.1.
 */
export class OpenIdProvider {
  readonly endpoints = endpoints();
  /** The grant types of all token requests that were understood, in order. */
  readonly grants: string[] = [];
  /** The tokens that it was asked to revoke, in order. */
  readonly revoked: string[] = [];
  /** What it sent to the gateway's back channel. */
  readonly logoutTokens: string[] = [];
  /** May falsify what the token endpoint answers. */
  falsify: (reply: TokenReply) => TokenReply | Promise<TokenReply> = (reply) => reply;

  private readonly keys = newProviderKeys();
  private readonly sessions = new Map<string, AdapterPayload>();
  private readonly provider: Provider;
  private readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;

  private constructor(
    private running: RunningServer,
    server: Server,
    gateway: string,
    accessTokenSeconds: number,
  ) {
    isNoGateway(running.url);
    const options = { audience: AUDIENCE, gatewayOrigins: [gateway], accessTokenSeconds } as const;
    const adapters = inMemoryAdapter();
    const sandbox = providerConfiguration(options, this.keys);
    const configuration: Configuration = {
      ...sandbox,
      adapter: (model: string) => (model === 'Session' ? this.remembering(adapters(model)) : adapters(model)),
      fetch: (url, init) => {
        const token = init?.body instanceof URLSearchParams ? init.body.get('logout_token') : null;
        if (token !== null) this.logoutTokens.push(token);
        return (sandbox.fetch ?? fetch)(url, init);
      },
    };
    const { provider, answer } = identityProvider(running.url, configuration, [
      async (context, next) => {
        await next();
        await this.afterwards(context as KoaContextWithOIDC);
      },
    ]);
    this.provider = provider;
    this.answer = answer;
    this.serve(server);
  }

  /** @param gateway the origin of the gateway; it need not run yet */
  static async start(gateway: string, { accessTokenSeconds = 300 } = {}): Promise<OpenIdProvider> {
    const server = createServer();
    return new OpenIdProvider(await listen(server, 'localhost', 0), server, gateway, accessTokenSeconds);
  }

  get url(): string {
    return this.running.url;
  }

  /** What a gateway has to be told to use it. */
  get settings(): Record<string, string> {
    return {
      AUTH_ISSUER: this.url,
      AUTH_AUDIENCE: AUDIENCE,
      AUTH_CLIENT_ID: webClient.id,
      AUTH_CLIENT_SECRET: webClient.secret,
    };
  }

  /** Refuses connections until `accept`. */
  async refuse(): Promise<void> {
    await this.running.close();
  }

  async accept(): Promise<void> {
    const server = createServer();
    this.running = await listen(server, 'localhost', Number(new URL(this.url).port));
    this.serve(server);
  }

  /** Ends whatever sessions a person has here, and tells the gateway by its back channel. */
  async endSessions(username: string): Promise<void> {
    for (const [id, { accountId }] of this.sessions) {
      const session = accountId === username ? await this.provider.Session.find(id) : undefined;
      const client = (await this.provider.Client.find(webClient.id)) as unknown as BackChannel | undefined;
      const sid = session?.sidFor(webClient.id);
      await session?.destroy();
      if (sid !== undefined) await client?.backchannelLogout(username, sid);
    }
  }

  /** A JWT by its own key, or by another; the header and the claims are all the caller's, but for `alg` and `kid`. */
  async sign(claims: JWTPayload, { header = {}, key }: Signing = {}): Promise<string> {
    const [own] = this.keys.jwks.keys;
    if (own === undefined) throw new Error('the provider has no key');
    return await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', ...(own.kid !== undefined && { kid: own.kid }), ...header })
      .sign(key ?? (await importJWK(own as JWK)));
  }

  /** A token reply with its ID token signed anew, after its claims were changed; undefined takes one away. */
  async withIdToken(reply: TokenReply, changes: JWTPayload, signing?: Signing): Promise<TokenReply> {
    const claims = { ...decodeJwt(String(reply['id_token'])), ...changes };
    return { ...reply, id_token: await this.sign(claims, signing) };
  }

  /** The same with its access token. */
  async withAccessToken(reply: TokenReply, changes: JWTPayload): Promise<TokenReply> {
    const claims = { ...decodeJwt(String(reply['access_token'])), ...changes };
    return { ...reply, access_token: await this.sign(claims, { header: { typ: 'at+jwt' } }) };
  }

  async close(): Promise<void> {
    await this.running.close();
  }

  private serve(server: Server): void {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const endpoint = endpointAt(this.endpoints, request.url);
      void (endpoint?.behave(request, response, this.answer) ?? this.answer(request, response));
    });
  }

  /** Counts what was understood, and falsifies. */
  private async afterwards(context: KoaContextWithOIDC): Promise<void> {
    const params = context.oidc.params ?? {};
    if (context.path === PATHS.revocation && context.status === 200)
      this.revoked.push(String(params['token']));
    if (context.path !== PATHS.token) return;
    this.grants.push(String(params['grant_type']));
    if (context.status !== 200) return;
    const reply = context.body as TokenReply;
    for (const token of [reply['access_token'], reply['refresh_token'], reply['id_token'], params['code']])
      isSecret(token);
    context.body = await this.falsify(reply);
  }

  private remembering(adapter: ReturnType<ReturnType<typeof inMemoryAdapter>>): typeof adapter {
    return {
      ...adapter,
      upsert: (id, payload, expiresIn) => {
        this.sessions.set(id, payload);
        return adapter.upsert(id, payload, expiresIn);
      },
      destroy: (id) => {
        this.sessions.delete(id);
        return adapter.destroy(id);
      },
    };
  }
}

/** What the types of oidc-provider leave out. */
interface BackChannel {
  backchannelLogout(subject: string, sid: string): Promise<void>;
}
