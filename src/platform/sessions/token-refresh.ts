import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { REPLICA } from '../audit/audit-trail.js';
import { Problem } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import { Metrics } from '../metrics/metrics.js';
import { IdentityProvider, ProviderRefused } from './identity-provider.js';
import { Revocations } from './revocations.js';
import { SessionStore, type Session } from './session-store.js';
import { Sessions } from './sessions.js';
import { TokenVault, refreshInMs, type KeptTokens, type Owner, type Tokens } from './tokens.js';

/** This process, as no other one is called: two containers may have the same host name and process id. */
const HOLDER = `${REPLICA}/${randomUUID()}`;
/** How long a replica has the right to refresh before another one may. It renews it while the provider is slow. */
const LOCK_MS = 3_000;
/** Between two looks at whether the other replica is done. */
const POLL_MS = 40;
/** No request waits longer for what another replica does. */
const WAIT_MS = 12_000;
/** After the provider could not be asked, nobody asks it for so long; if it refused one session, not for that one. */
const PAUSE_MS = 2_000;
/** The refusals that are about the gateway, and so are the same for every session (RFC 6749 section 5.2). */
const OF_THE_GATEWAY: ReadonlySet<unknown> = new Set(['invalid_client', 'unauthorized_client']);
/**
 * The refusals after which only a new login helps: the refresh token is over (RFC 6749 section 5.2), or the provider
 * wants to see the person (OpenID Connect Core 1.0 section 3.1.2.6, which some answer here too). Any other one is no
 * reason to sign people out.
 */
const FINAL: ReadonlySet<unknown> = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
]);

/** New tokens that the store does not take are offered again so often, after so many ms. */
const KEPT_WITHIN = 10;
const KEPT_AGAIN_MS = 300;

/** What a refresh came to. */
export interface Refreshed {
  /** `old`: the provider could not be asked, and these may be over. `gone`: the session has ended. */
  readonly kind: 'current' | 'old' | 'gone';
  readonly tokens?: KeptTokens;
}

/**
 * Refreshes the tokens of a session once, however many requests on however many replicas need it: a provider that
 * rotates refresh tokens takes a second use for theft, and ends everything.
 */
@Injectable()
export class TokenRefresh {
  private readonly logger = new Logger(TokenRefresh.name);
  private readonly underWay = new Map<string, Promise<Refreshed>>();
  private readonly pauses = new Pauses();

  constructor(
    private readonly store: SessionStore,
    private readonly vault: TokenVault,
    private readonly provider: IdentityProvider,
    private readonly sessions: Sessions,
    private readonly revocations: Revocations,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Tokens that are current, by a refresh of this replica's or another's. If the provider wants to hear no more of
   * the session, it has ended, in the name of the request that came first.
   */
  of(session: Session, tokens: KeptTokens, context: RequestContext): Promise<Refreshed> {
    const { session: name } = session;
    const refreshed =
      this.underWay.get(name) ??
      this.refreshed(session, tokens, context).finally(() => this.underWay.delete(name));
    this.underWay.set(name, refreshed);
    return refreshed;
  }

  private async refreshed(session: Session, tokens: KeptTokens, context: RequestContext): Promise<Refreshed> {
    if (this.pauses.holds(session.session)) return { kind: 'old', tokens };
    const until = performance.now() + WAIT_MS;
    while (!(await this.store.lockRefresh(session.session, session.version, HOLDER, LOCK_MS))) {
      const now = await this.store.get(session.session);
      if (now === null) return { kind: 'gone' };
      if (now.version !== session.version) return this.refreshedElsewhere(now);
      if (performance.now() > until) return { kind: 'old', tokens };
      await sleep(POLL_MS);
    }
    return await this.refresh(session, tokens, context);
  }

  private refreshedElsewhere(now: Session): Refreshed {
    const tokens = this.vault.open(now);
    return tokens === undefined ? { kind: 'gone' } : { kind: 'current', tokens };
  }

  private async refresh(whole: Session, tokens: KeptTokens, context: RequestContext): Promise<Refreshed> {
    const { session, version } = whole;
    const renewal = setInterval(() => {
      this.store.lockRefresh(session, version, HOLDER, LOCK_MS).catch((error: unknown) => {
        this.logger.warn({ message: 'A refresh could not keep its lock', session, cause: error });
      });
    }, LOCK_MS / 3);
    try {
      const next = await this.provider.refresh(tokens.refresh ?? '', tokens.id);
      this.metrics.sessionRefreshed('refreshed');
      return await this.keep(tokens.owner, next);
    } catch (error) {
      if (error instanceof ProviderRefused || error instanceof Problem)
        return await this.failed(whole, tokens, error, context);
      throw error;
    } finally {
      clearInterval(renewal);
    }
  }

  /** The provider has forgotten the old ones: only a store that stays away for long makes it give these up. */
  private async keep(owner: Owner, next: Tokens, triesLeft = KEPT_WITHIN): Promise<Refreshed> {
    try {
      const sealed = this.vault.seal(owner, next);
      if (await this.store.keepTokens(owner.session, HOLDER, sealed, refreshInMs(next)))
        return { kind: 'current', tokens: { ...next, owner } };
    } catch (error) {
      if (triesLeft === 0) throw error;
      await sleep(KEPT_AGAIN_MS);
      return await this.keep(owner, next, triesLeft - 1);
    }
    // Another replica has taken the right: the session goes on with what that one gets.
    if ((await this.store.get(owner.session)) !== null)
      return { kind: 'current', tokens: { ...next, owner } };
    // It ended while the provider was asked, and what came of that is nobody's.
    await this.revocations.drop(next, owner.sid);
    return { kind: 'gone' };
  }

  private async failed(
    whole: Session,
    tokens: KeptTokens,
    error: Error,
    context: RequestContext,
  ): Promise<Refreshed> {
    const { session } = whole;
    const refusal = refusalOf(error);
    if (FINAL.has(refusal)) {
      // This replica may have stood still for so long that another one has refreshed it meanwhile.
      const now = await this.store.get(session);
      if (now !== null && now.version !== whole.version) return this.refreshedElsewhere(now);
      this.metrics.sessionRefreshed('refused');
      // With the right still held: nobody asks the provider again before the end is recorded.
      await this.sessions.end(whole, 'refresh-refused', context);
      return { kind: 'gone' };
    }
    this.metrics.sessionRefreshed('unavailable');
    this.pauses.begin(error instanceof Problem || OF_THE_GATEWAY.has(refusal) ? undefined : session);
    this.logger.error({ message: 'Tokens could not be refreshed', session, cause: error });
    await this.store.releaseRefresh(session, HOLDER);
    return { kind: 'old', tokens };
  }
}

/** Until when the provider is left alone: by every session, or by one. */
class Pauses {
  private readonly until = new Map<string | undefined, number>();

  holds(session: string): boolean {
    const now = performance.now();
    return [session, undefined].some((whose) => (this.until.get(whose) ?? -Infinity) > now);
  }

  /** @param session nothing: for every session */
  begin(session: string | undefined): void {
    const now = performance.now();
    for (const [whose, until] of this.until) if (until <= now) this.until.delete(whose);
    this.until.set(session, now + PAUSE_MS);
  }
}

/** The `error` of an OAuth error response, if it was one. */
function refusalOf({ cause }: Error): unknown {
  return cause instanceof Error && 'error' in cause ? cause.error : undefined;
}
