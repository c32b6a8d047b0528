import { randomUUIDv7 } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import DataLoader from 'dataloader';
import type { SessionEnd } from '../audit/audit-record.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { causedBy } from '../audit/caused-by.js';
import type { Principal } from '../auth/principal.js';
import { SessionsConfig } from '../config/config.js';
import { Problem } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import type { Redeemed } from './identity-provider.js';
import { Revocations } from './revocations.js';
import { hashOf, newSessionId } from './session-cookies.js';
import { SessionStore, type FoundSession, type Session, type SessionsFilter } from './session-store.js';
import { TokenVault, refreshInMs } from './tokens.js';

/** The use of a session is noted this often, ms; more often where it ends sooner without use. */
const TOUCH_MS = 60_000;
const LONGEST_USER_AGENT = 256;
const SWEPT_AT_ONCE = 100;
/** As many requests share a search. */
const LOOKED_FOR_AT_ONCE = 100;

/** The life of a session: begun by a login, used by requests, ended once. */
@Injectable()
export class Sessions {
  private readonly logger = new Logger(Sessions.name);
  /** The requests of one turn of the event loop share a search; nothing that it finds is kept. */
  private readonly looks = new DataLoader<string, FoundSession | null>(
    (idHashes) => this.store.find(idHashes, this.config.idleMs),
    {
      cache: false,
      maxBatchSize: LOOKED_FOR_AT_ONCE,
      batchScheduleFn: (look) => setImmediate(look),
    },
  );

  constructor(
    private readonly config: SessionsConfig,
    private readonly store: SessionStore,
    private readonly trail: AuditTrail,
    private readonly vault: TokenVault,
    private readonly revocations: Revocations,
  ) {}

  /**
   * Begins a session with what a login came to, and returns what its cookie holds. The principal is from then on the
   * one of the request. Throws `audit-unavailable` if the trail cannot take the record.
   */
  async begin(principal: Principal, { tokens, sid }: Redeemed, context: RequestContext): Promise<string> {
    const sessionId = newSessionId();
    const owner = { session: randomUUIDv7(), idHash: hashOf(sessionId), sid };
    const { session, idHash } = owner;
    context.principal = { ...principal, method: 'session', session };
    await this.recorded(
      {
        ...causedBy(context),
        event: 'started',
        session,
        owner: principal.subject,
        reason: null,
        remark: null,
      },
      {
        idHash,
        sid,
        // Without a refresh token it cannot outlive its access token, and says so from the start.
        lifetimeMs:
          tokens.refresh === undefined ? Math.min(this.config.maxMs, tokens.lifetimeMs) : this.config.maxMs,
        refreshInMs: refreshInMs(tokens),
        tokens: this.vault.seal(owner, tokens),
        address: context.address,
        userAgent: context.userAgent?.slice(0, LONGEST_USER_AGENT) ?? null,
      },
    );
    return sessionId;
  }

  /** The live session of a cookie, by the hash of its id. Throws `session-unavailable` if the store cannot be asked. */
  find(idHash: string): Promise<FoundSession | null> {
    return looked(this.looks.load(idHash));
  }

  /** A session by its public name. */
  get(name: string): Promise<Session | null> {
    return looked(this.store.get(name));
  }

  /** Live sessions by filter, newest first. */
  list(filter: SessionsFilter): Promise<readonly Session[]> {
    return looked(this.store.list(filter, this.config.idleMs));
  }

  /** Notes an id for a while, ms; false if it was noted before. */
  noteOnce(id: string, forMs: number): Promise<boolean> {
    return looked(this.store.noteOnce(id, forMs));
  }

  /** As if the id had never been noted. */
  forgetNoted(id: string): Promise<void> {
    return looked(this.store.forgetNoted(id));
  }

  /** When it ends unless it is used, ms since the epoch. */
  idleEndOf({ seenAt, endsAt }: Session): number {
    return Math.min(seenAt + this.config.idleMs, endsAt);
  }

  /** Notes behind the reply that the session is in use, if that was not noted a moment ago. */
  use({ session, seenAt, now }: FoundSession): void {
    if (now - seenAt < Math.min(TOUCH_MS, this.config.idleMs / 10)) return;
    this.store.touch(session).catch((error: unknown) => {
      this.logger.warn({ message: 'The use of a session could not be noted', session, cause: error });
    });
  }

  /**
   * Ends a session at once, on every replica; its tokens are revoked behind the reply. False if it had ended
   * already: each end is recorded once. Throws as `begin` does.
   */
  async end(
    { session, subject }: Pick<Session, 'session' | 'subject'>,
    reason: SessionEnd,
    context: RequestContext | null,
    remark: string | null = null,
  ): Promise<boolean> {
    const cause = context === null ? NOBODY : causedBy(context);
    const isFirst = await this.recorded({
      ...cause,
      event: 'ended',
      session,
      owner: subject,
      reason,
      remark,
    });
    if (isFirst) this.revocations.hurry();
    return isFirst;
  }

  /** Ends whatever has been idle for too long, or is past its end. */
  async sweep(): Promise<void> {
    for (const { session, reason } of await this.store.expired(this.config.idleMs, SWEPT_AT_ONCE))
      await this.end(session, reason, null);
  }

  private async recorded(...record: Parameters<AuditTrail['session']>): Promise<boolean> {
    try {
      const { kind } = await this.trail.session(...record);
      return kind === 'committed';
    } catch (error) {
      const detail = 'No session begins or ends without its record.';
      throw new Problem('audit-unavailable', { detail }, { cause: error });
    }
  }
}

/** Its time was over. */
const NOBODY = { requestId: null, principal: null, address: null } as const;

/** Waits for the store of sessions. One that cannot be asked is told as such, not as a fault of ours. */
export async function looked<T>(search: Promise<T>): Promise<T> {
  try {
    return await search;
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('session-unavailable', {}, { cause: error });
  }
}
