import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { REPLICA } from '../audit/audit-trail.js';
import { Problem } from '../http/problem.js';
import { Metrics } from '../metrics/metrics.js';
import { IdentityProvider, ProviderRefused } from './identity-provider.js';
import { SessionStore, type Session } from './session-store.js';
import { TokenVault, refreshInMs, type KeptTokens, type Owner, type Tokens } from './tokens.js';

/** How long a replica has the right to refresh before another one may. It renews it while the provider is slow. */
const LOCK_MS = 3_000;
/** Between two looks at whether the other replica is done. */
const POLL_MS = 40;
/** No request waits longer for what another replica does. */
const WAIT_MS = 12_000;
/** After the provider could not be asked, nobody asks it for so long. */
const PAUSE_MS = 2_000;

/** New tokens that the store does not take are offered again so often, after so many ms. */
const KEPT_WITHIN = 10;
const KEPT_AGAIN_MS = 300;

/** What a refresh came to. */
export interface Refreshed {
  /**
   * `old`: the provider could not be asked, and these may be over. `refused`: the provider wants to hear no more of
   * the session. `gone`: somebody else has ended it meanwhile.
   */
  readonly kind: 'current' | 'old' | 'refused' | 'gone';
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
  private pausedUntil = -Infinity;

  constructor(
    private readonly store: SessionStore,
    private readonly vault: TokenVault,
    private readonly provider: IdentityProvider,
    private readonly metrics: Metrics,
  ) {}

  /** Tokens that are current, by a refresh of this replica's or another's. */
  of(session: Session, tokens: KeptTokens): Promise<Refreshed> {
    const { session: name } = session;
    const refreshed =
      this.underWay.get(name) ?? this.refreshed(session, tokens).finally(() => this.underWay.delete(name));
    this.underWay.set(name, refreshed);
    return refreshed;
  }

  private async refreshed(session: Session, tokens: KeptTokens): Promise<Refreshed> {
    if (performance.now() < this.pausedUntil) return { kind: 'old', tokens };
    const until = performance.now() + WAIT_MS;
    while (!(await this.store.lockRefresh(session.session, session.version, REPLICA, LOCK_MS))) {
      const now = await this.store.get(session.session);
      if (now === null) return { kind: 'gone' };
      if (now.version !== session.version) {
        const current = this.vault.open(now);
        return current === undefined ? { kind: 'gone' } : { kind: 'current', tokens: current };
      }
      if (performance.now() > until) return { kind: 'old', tokens };
      await sleep(POLL_MS);
    }
    return await this.refresh(session, tokens);
  }

  private async refresh({ session, version }: Session, tokens: KeptTokens): Promise<Refreshed> {
    const renewal = setInterval(() => {
      this.store.lockRefresh(session, version, REPLICA, LOCK_MS).catch((error: unknown) => {
        this.logger.warn({ message: 'A refresh could not keep its lock', session, cause: error });
      });
    }, LOCK_MS / 3);
    try {
      const next = await this.provider.refresh(tokens.refresh ?? '', tokens.id);
      this.metrics.sessionRefreshed('refreshed');
      return await this.keep(tokens.owner, next);
    } catch (error) {
      if (error instanceof ProviderRefused || error instanceof Problem)
        return await this.failed(session, tokens, error);
      throw error;
    } finally {
      clearInterval(renewal);
    }
  }

  /** The provider has forgotten the old ones: only a store that stays away for long makes it give these up. */
  private async keep(owner: Owner, next: Tokens, triesLeft = KEPT_WITHIN): Promise<Refreshed> {
    try {
      const sealed = this.vault.seal(owner, next);
      if (await this.store.keepTokens(owner.session, REPLICA, sealed, refreshInMs(next)))
        return { kind: 'current', tokens: { ...next, owner } };
    } catch (error) {
      if (triesLeft === 0) throw error;
      await sleep(KEPT_AGAIN_MS);
      return await this.keep(owner, next, triesLeft - 1);
    }
    // It ended while the provider was asked, and what came of that is nobody's.
    await this.provider.revoke(next.refresh ?? next.access);
    return { kind: 'gone' };
  }

  private async failed(session: string, tokens: KeptTokens, error: Error): Promise<Refreshed> {
    await this.store.releaseRefresh(session, REPLICA);
    const refused = isFinal(error);
    this.metrics.sessionRefreshed(refused ? 'refused' : 'unavailable');
    if (refused) return { kind: 'refused' };
    this.pausedUntil = performance.now() + PAUSE_MS;
    this.logger.error({ message: 'Tokens could not be refreshed', session, cause: error });
    return { kind: 'old', tokens };
  }
}

/**
 * RFC 6749 section 5.2: the refresh token is over. Any other refusal is about the gateway, `invalid_client` say, and
 * no reason to sign everybody out.
 */
function isFinal(error: Error): boolean {
  return (
    error instanceof ProviderRefused &&
    error.cause instanceof Error &&
    'error' in error.cause &&
    error.cause.error === 'invalid_grant'
  );
}
