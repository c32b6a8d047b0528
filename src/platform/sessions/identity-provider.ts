import { Injectable, Logger } from '@nestjs/common';
import * as oidc from 'openid-client';
import { Config, SessionsConfig } from '../config/config.js';
import { Problem } from '../http/problem.js';
import type { Login } from './login.js';
import type { Tokens } from './tokens.js';

/** The provider refused, or what it said is not to be believed: asking again would not help. */
export class ProviderRefused extends Error {
  override readonly name = 'ProviderRefused';
}

/** What a login came to: tokens, and what the ID token says. */
export interface Redeemed {
  readonly tokens: Tokens;
  readonly subject: string;
  /** The session at the provider, if the provider names it. */
  readonly sid: string | null;
}

/** Longer than a slow provider takes, shorter than a person waits, seconds. */
const TIMEOUT_S = 10;

/**
 * The identity provider as a client sees it: authorization code with PKCE (RFC 7636), state, nonce and a client
 * secret; refresh; revocation (RFC 7009); where to log out (OpenID Connect RP-Initiated Logout 1.0).
 */
@Injectable()
export class IdentityProvider {
  private readonly logger = new Logger(IdentityProvider.name);
  private readonly publicUrl: string;
  private readonly issuer: string;
  private discovered: Promise<oidc.Configuration> | undefined;

  constructor(
    { auth, server }: Config,
    private readonly sessions: SessionsConfig,
  ) {
    this.publicUrl = server.publicUrl;
    this.issuer = auth.issuer;
  }

  /** Where the person signs in. */
  async loginUrl({ state, nonce, verifier }: Login): Promise<URL> {
    return oidc.buildAuthorizationUrl(await this.client(), {
      ...this.sessions.parameters,
      redirect_uri: this.redirectUri,
      scope: this.sessions.scope,
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
  }

  /** Redeems the code in the query of the callback. Throws `ProviderRefused`, or `identity-provider-unavailable`. */
  async redeem(query: string, { state, nonce, verifier }: Login): Promise<Redeemed> {
    const client = await this.client();
    const tokens = await this.asked(
      oidc.authorizationCodeGrant(
        client,
        new URL(this.redirectUri + query),
        {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        },
        this.resource,
      ),
    );
    const claims = tokens.claims();
    const { access_token: access, refresh_token: refresh, id_token: id } = tokens;
    if (claims === undefined || id === undefined) throw new ProviderRefused('there is no ID token');
    const { sub: subject, sid: named } = claims;
    const sid = typeof named === 'string' ? named : null;
    // No name has any, and PostgreSQL keeps no NUL.
    if (/\p{Cc}/u.test(`${subject}${sid ?? ''}`)) throw new ProviderRefused('a name has control characters');
    return {
      tokens: { access, refresh, id, lifetimeMs: lifetimeMsOf(tokens) },
      subject,
      sid,
    };
  }

  /** New tokens for a refresh token. Throws as `redeem` does. */
  async refresh(refreshToken: string, idToken: string): Promise<Tokens> {
    const client = await this.client();
    const tokens = await this.asked(
      oidc.refreshTokenGrant(this.refreshing(client), refreshToken, this.resource),
    );
    // Without a new one the old one goes on (RFC 6749 section 6; OpenID Connect Core 1.0 section 12.2).
    const { id_token: id = idToken, refresh_token: refresh = refreshToken } = tokens;
    return { access: tokens.access_token, refresh, id, lifetimeMs: lifetimeMsOf(tokens) };
  }

  /** Makes the provider forget a token. Throws as `redeem` does. */
  async revoke(token: string): Promise<void> {
    const client = await this.client();
    if (client.serverMetadata().revocation_endpoint === undefined) return;
    await this.asked(oidc.tokenRevocation(client, token));
  }

  /** Where the person is signed out of the provider too; nothing if it has no such place, or cannot be asked. */
  async logoutUrl(idToken: string | undefined, state: string): Promise<URL | undefined> {
    const client = await this.client();
    if (client.serverMetadata().end_session_endpoint === undefined) return undefined;
    return oidc.buildEndSessionUrl(client, {
      ...(idToken !== undefined && { id_token_hint: idToken }),
      post_logout_redirect_uri: `${this.publicUrl}/auth/logged-out`,
      state,
    });
  }

  /** What the token is to be for, said again with each grant (RFC 8707 section 2.2). */
  private get resource(): Record<string, string> {
    const { resource } = this.sessions.parameters;
    return resource === undefined ? {} : { resource };
  }

  /**
   * The same client, which believes what the token endpoint says over TLS (OpenID Connect Core 1.0 section 3.1.3.7,
   * item 6): once it has rotated a refresh token, nothing else that fails may lose the new one.
   */
  private refreshing(client: oidc.Configuration): oidc.Configuration {
    const { clientId } = this.sessions;
    const refreshing = new oidc.Configuration(client.serverMetadata(), clientId, {}, this.authentication);
    refreshing.timeout = TIMEOUT_S;
    for (const allow of this.allowances) allow(refreshing);
    return refreshing;
  }

  private get redirectUri(): string {
    return `${this.publicUrl}/auth/callback`;
  }

  /** Discovers the provider once; again after a failure. */
  private async client(): Promise<oidc.Configuration> {
    this.discovered ??= this.discover();
    try {
      return await this.discovered;
    } catch (error) {
      this.discovered = undefined;
      this.logger.error({ message: 'The identity provider cannot be discovered', cause: error });
      throw new Problem('identity-provider-unavailable', {}, { cause: error });
    }
  }

  private discover(): Promise<oidc.Configuration> {
    return oidc.discovery(new URL(this.issuer), this.sessions.clientId, {}, this.authentication, {
      timeout: TIMEOUT_S,
      // The code came to us, but what came with it is still checked by its signature.
      execute: [oidc.enableNonRepudiationChecks, ...this.allowances],
    });
  }

  private get authentication(): oidc.ClientAuth {
    const { clientSecret, clientAuth } = this.sessions;
    return clientAuth === 'client_secret_basic'
      ? oidc.ClientSecretBasic(clientSecret)
      : oidc.ClientSecretPost(clientSecret);
  }

  /** On loopback: production refuses any other plain http. The library marks it so that nobody overlooks it. */
  private get allowances(): ((client: oidc.Configuration) => void)[] {
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return this.issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [];
  }

  private async asked<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (mayPass(error)) throw new Problem('identity-provider-unavailable', {}, { cause: error });
      throw new ProviderRefused('the identity provider refused', { cause: error });
    }
  }
}

/** The answers of a provider that is not well, as against those of one that says no. */
function mayPass(error: unknown): boolean {
  if (error instanceof oidc.ResponseBodyError) return error.status >= 500 || error.status === 429;
  if (error instanceof oidc.AuthorizationResponseError)
    return error.error === 'temporarily_unavailable' || error.error === 'server_error';
  if (!(error instanceof oidc.ClientError)) return error instanceof TypeError;
  return (
    error.code === 'OAUTH_TIMEOUT' ||
    (error.cause instanceof Response && (error.cause.status >= 500 || error.cause.status === 429))
  );
}

/** RFC 6749 section 5.1 recommends that a provider says it; of one that does not, tokens are refreshed often. */
const UNTOLD_LIFETIME_S = 300;

function lifetimeMsOf({ expires_in: seconds = UNTOLD_LIFETIME_S }: oidc.TokenEndpointResponse): number {
  return seconds * 1_000;
}
