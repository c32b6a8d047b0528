import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { setBounded } from '../auth/bounded-map.js';
import { TokenVerifier, digestOf } from '../auth/token-verifier.js';
import { SessionsConfig } from '../config/config.js';
import { Problem } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import { hashOf } from './session-cookies.js';
import type { FoundSession } from './session-store.js';
import { Sessions, looked } from './sessions.js';
import { TokenRefresh, type Refreshed } from './token-refresh.js';
import { TokenVault, type KeptTokens } from './tokens.js';

/** As many sessions are known again without opening their tokens. */
const KNOWN_SESSIONS = 1_000;

/** What was in a session's row when its tokens were last opened, and the digest of the access token among them. */
interface Opened extends Pick<FoundSession, 'session' | 'tokens'> {
  readonly access: string;
}

/** Turns the cookie of a session into a principal, by the same verification that a bearer token goes through. */
@Injectable()
export class SessionPrincipals {
  /** By the hash of the cookie's id. */
  private readonly opened = new Map<string, Opened>();

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
    const idHash = hashOf(sessionId);
    const session = await this.sessions.find(idHash);
    if (session === null) return undefined;
    const principal = this.known(idHash, session) ?? (await this.verified(idHash, session, context));
    if (principal === undefined) return undefined;
    if (isUse) this.sessions.use(session);
    return { ...principal, method: 'session', session: session.session };
  }

  /**
   * The same for somebody who is about to leave: by the session alone, without any scope, so that nobody waits for
   * the identity provider. Throws only `session-unavailable`.
   */
  async leaving(sessionId: string): Promise<Principal | undefined> {
    const idHash = hashOf(sessionId);
    const found = await this.sessions.find(idHash);
    if (found === null || this.open(idHash, found) === undefined) return undefined;
    const { session, subject } = found;
    return {
      subject,
      client: this.config.clientId,
      method: 'session',
      session,
      scopes: new Set(),
      claims: {},
    };
  }

  /** Whom a session's access token names that was opened and verified a moment ago, and is there as it was. */
  private known(idHash: string, session: FoundSession): Principal | undefined {
    const opened = this.opened.get(idHash);
    if (opened?.tokens !== session.tokens || opened.session !== session.session || isDue(session))
      return undefined;
    const principal = this.verifier.known(opened.access);
    return principal?.subject === session.subject ? principal : undefined;
  }

  private async verified(
    idHash: string,
    session: FoundSession,
    context: RequestContext,
  ): Promise<Principal | undefined> {
    const kept = this.open(idHash, session);
    if (kept === undefined) return undefined;
    const { kind, tokens } = await this.current(session, kept, context);
    const principal = tokens === undefined ? undefined : await this.verifier.verify(tokens.access);
    if (principal?.subject === session.subject) return principal;
    if (kind === 'old') throw new Problem('identity-provider-unavailable');
    return undefined;
  }

  /** The tokens in a session's row, if they were sealed for it and for this very cookie. */
  private open(idHash: string, { session, tokens }: FoundSession): KeptTokens | undefined {
    const kept = this.vault.open({ session, tokens });
    if (kept?.owner.idHash !== idHash) return undefined;
    setBounded(this.opened, idHash, { session, tokens, access: digestOf(kept.access) }, KNOWN_SESSIONS);
    return kept;
  }

  private current(
    session: FoundSession,
    tokens: KeptTokens,
    context: RequestContext,
  ): Promise<Refreshed> | Refreshed {
    return isDue(session) ? looked(this.refresh.of(session, tokens, context)) : { kind: 'current', tokens };
  }
}

/** Whether its access token is to be refreshed. */
function isDue({ refreshAt, now }: FoundSession): boolean {
  return refreshAt !== null && now >= refreshAt;
}
