import { Injectable, Logger } from '@nestjs/common';
import { SessionsConfig } from '../config/config.js';
import { IdentityProvider, ProviderRefused } from './identity-provider.js';
import { SessionStore, type OwedRevocation } from './session-store.js';
import { TokenVault, type Tokens } from './tokens.js';

/** A revocation that failed is tried again after this, ms; nobody else has it until then. */
const AGAIN_MS = 60_000;
/** A day of trying: by then a refresh token has ended by itself, or somebody has to look. */
const MOST_ATTEMPTS = 1_440;
const AT_ONCE = 20;

type Revocable = Pick<Tokens, 'access' | 'refresh'>;

/** Tells the identity provider of each ended session that its tokens are no longer wanted, until it has heard (RFC 7009). */
@Injectable()
export class Revocations {
  private readonly logger = new Logger(Revocations.name);
  private underWay: Promise<void> | undefined;

  constructor(
    private readonly config: SessionsConfig,
    private readonly store: SessionStore,
    private readonly vault: TokenVault,
    private readonly provider: IdentityProvider,
  ) {}

  /** Begins with what is owed; whoever ended a session does not wait for it. */
  hurry(): void {
    void this.settle();
  }

  /** Pays what is due, of all replicas. Never rejects. */
  settle(): Promise<void> {
    this.underWay ??= this.pay().finally(() => (this.underWay = undefined));
    return this.underWay;
  }

  /** Revokes tokens that no session has. Never rejects: whoever waits could do nothing about it. */
  async drop(tokens: Revocable, sid: string | null): Promise<void> {
    try {
      await this.tell(tokens, sid);
    } catch (error) {
      this.logger.warn({ message: 'Tokens that no session has were not revoked', cause: error });
    }
  }

  private async pay(): Promise<void> {
    try {
      for (;;) {
        const owed = await this.store.takeOwed(AT_ONCE, AGAIN_MS);
        if (owed.length === 0) return;
        await Promise.all(owed.map((revocation) => this.revoke(revocation)));
      }
    } catch (error) {
      this.logger.warn({ message: 'What is to be revoked could not be looked up', cause: error });
    }
  }

  private async revoke(owed: OwedRevocation): Promise<void> {
    const { session, attempts } = owed;
    const tokens = this.vault.open(owed);
    try {
      if (tokens !== undefined && !(await this.tell(tokens, tokens.owner.sid))) return;
    } catch (error) {
      const isFinal = error instanceof ProviderRefused || attempts >= MOST_ATTEMPTS;
      this.logger.warn({
        message: isFinal ? 'Tokens were not revoked' : 'Tokens are not revoked yet',
        session,
        attempts,
        cause: error,
      });
      if (!isFinal) return;
    }
    await this.store.settleOwed(session);
  }

  /** False while another session lives on the same grant: it is owed until that one has ended. */
  private async tell({ refresh, access }: Revocable, sid: string | null): Promise<boolean> {
    if (await this.isShared(sid)) return false;
    await this.provider.revoke(refresh ?? access);
    return true;
  }

  /**
   * With a refresh token the provider forgets the whole grant (RFC 7009 section 2.1), and sessions of one sign-in
   * there may share it.
   */
  private async isShared(sid: string | null): Promise<boolean> {
    if (sid === null) return false;
    const others = await this.store.list({ sid, limit: 1 }, this.config.idleMs);
    return others.length > 0;
  }
}
