/** A live session. Times in ms since the epoch, by the database's clock. */
export interface Session {
  /** Its public name, UUIDv7: what records and operators call it. Not what the cookie holds. */
  readonly session: string;
  readonly subject: string;
  /** The session at the identity provider that it came of, if the provider names it. */
  readonly sid: string | null;
  readonly startedAt: number;
  /** When it was last used, to within a minute. */
  readonly seenAt: number;
  /** When it ends however much it is used. */
  readonly endsAt: number;
  /** From when its access token is to be refreshed; null if it cannot be. */
  readonly refreshAt: number | null;
  /** Its tokens, sealed. */
  readonly tokens: string;
  /** Grows with each refresh. */
  readonly version: number;
  /** Where it began. */
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** A session, and the database's clock when it was looked for. */
export type FoundSession = Session & { readonly now: number };

/** Sessions of one subject or of all, newest first; `before` is the session below which to go on. */
export interface SessionsFilter {
  readonly subject?: string;
  readonly sid?: string;
  readonly before?: string;
  readonly limit: number;
}

/** Tokens of an ended session that the identity provider is still to be told of. */
export interface OwedRevocation {
  readonly session: string;
  /** As they were sealed in the session. */
  readonly tokens: string;
  readonly attempts: number;
}

/** Where sessions are kept. They begin and end with their record in the trail, by `AuditTrail.session`. */
export abstract class SessionStore {
  /**
   * The live sessions of cookies, by the hashes of their ids and in their order, each with the database's clock. Null
   * for one that has been idle for `idleMs` or is past its end, whether or not its row is still there.
   */
  abstract find(idHashes: readonly string[], idleMs: number): Promise<readonly (FoundSession | null)[]>;
  /** Live sessions by filter. */
  abstract list(filter: SessionsFilter, idleMs: number): Promise<Session[]>;
  abstract get(session: string): Promise<Session | null>;
  /** Notes that the session is in use. */
  abstract touch(session: string): Promise<void>;
  /** Takes or renews the right to refresh this version of the tokens; false while another holder has it, or if it is gone. */
  abstract lockRefresh(session: string, version: number, holder: string, forMs: number): Promise<boolean>;
  /** Replaces the tokens and gives the right back; false if the right was lost or the session has ended. */
  abstract keepTokens(
    session: string,
    holder: string,
    tokens: string,
    refreshInMs: number | null,
  ): Promise<boolean>;
  /** Gives the right back without new tokens. */
  abstract releaseRefresh(session: string, holder: string): Promise<void>;
  /** Sessions whose time is over, and why; oldest first. */
  abstract expired(
    idleMs: number,
    limit: number,
  ): Promise<{ readonly session: Session; readonly reason: 'idle' | 'lifetime' }[]>;
  /** Notes the id of a logout token for so long; false if it was noted before and is not forgotten yet. */
  abstract noteOnce(id: string, forMs: number): Promise<boolean>;
  /** As if the id had never been noted. */
  abstract forgetNoted(id: string): Promise<void>;
  /** Takes revocations that are due, for `forMs`: no other replica gets them meanwhile. Each taking counts as an attempt. */
  abstract takeOwed(limit: number, forMs: number): Promise<OwedRevocation[]>;
  /** Nothing is owed for this session any more. */
  abstract settleOwed(session: string): Promise<void>;
}
