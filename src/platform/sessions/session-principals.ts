import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { TokenVerifier } from '../auth/token-verifier.js';
import { SessionsConfig } from '../config/config.js';
import { Problem } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import { hashOf } from './session-cookies.js';
import type { Session } from './session-store.js';
import { Sessions, looked } from './sessions.js';
import { TokenRefresh, type Refreshed } from './token-refresh.js';
import { TokenVault, type KeptTokens } from './tokens.js';

type Found = Session & { readonly now: number };

/** Turns the cookie of a session into a principal, by the same verification that a bearer token goes through. */
@Injectable()
export class SessionPrincipals {
  constructor(
    private readonly config: SessionsConfig,
    private readonly sessions: Sessions,
    private readonly vault: TokenVault,
    private readonly refresh: TokenRefresh,
    private readonly verifier: TokenVerifier,
  ) {}

  /**
   * Who the session of a cookie belongs to; nobody if it has ended. Refreshes its tokens if it is time. `isUse`: the
   * request puts off the session's end. Throws `session-unavailable` if the store cannot be asked, and
   * `identity-provider-unavailable` if the access token is over and the provider cannot be asked.
   */
  async of(sessionId: string, context: RequestContext, isUse: boolean): Promise<Principal | undefined> {
    const found = await this.find(sessionId);
    if (found === undefined) return undefined;
    const { session, kept } = found;
    const { kind, tokens } = await this.current(session, kept, context);
    const principal = tokens === undefined ? undefined : await this.verifier.verify(tokens.access);
    if (principal?.subject !== session.subject) {
      if (kind === 'old') throw new Problem('identity-provider-unavailable');
      return undefined;
    }
    if (isUse) this.sessions.use(session);
    return { ...principal, method: 'session', session: session.session };
  }

  /**
   * The same for somebody who is about to leave: by the session alone, without any scope, so that nobody waits for
   * the identity provider. Throws only `session-unavailable`.
   */
  async leaving(sessionId: string): Promise<Principal | undefined> {
    const found = await this.find(sessionId);
    if (found === undefined) return undefined;
    const { session, subject } = found.session;
    return {
      subject,
      client: this.config.clientId,
      method: 'session',
      session,
      scopes: new Set(),
      claims: {},
    };
  }

  /** The session of a cookie, with the tokens that were sealed for this very cookie. */
  private async find(sessionId: string): Promise<{ session: Found; kept: KeptTokens } | undefined> {
    const idHash = hashOf(sessionId);
    const session = await this.sessions.find(idHash);
    const kept = session === null ? undefined : this.vault.open(session);
    return session === null || kept?.owner.idHash !== idHash ? undefined : { session, kept };
  }

  private current(
    session: Found,
    tokens: KeptTokens,
    context: RequestContext,
  ): Promise<Refreshed> | Refreshed {
    if (session.refreshAt === null || session.now < session.refreshAt) return { kind: 'current', tokens };
    return looked(this.refresh.of(session, tokens, context));
  }
}
