import type { Standing } from '../metrics/watched.js';
import type { WriteRow } from '../storage/tables.js';
import type { AuditEntry, AuditRecord, CheckpointEntry } from './audit-record.js';

/** One entry to append. What it claims, releases and stores follows from the entry. */
export interface Commit {
  readonly entry: AuditEntry;
  /** An intent's key: who may use it, and what it stands for. */
  readonly idempotency?: { readonly key: string; readonly fingerprint: string };
  /** What the key is answered with from now on, as JSON text. */
  readonly reply?: string;
  /** No key stands for the write that ends: none is to be answered or freed. */
  readonly keyless?: true;
  /** It may have been appended before. If it was, nothing is written. */
  readonly again?: true;
  /** Work under a lease: refused unless the lease still has this fence. */
  readonly lease?: { readonly name: string; readonly fence: number };
  /** What a session that begins is kept with. */
  readonly session?: BegunSession;
}

/** A session as it begins, but for what its entry says of it. */
export interface BegunSession {
  /** Of the id in its cookie. */
  readonly idHash: string;
  /** The session at the identity provider that it came of, if the provider names it. */
  readonly sid: string | null;
  /** How long it lasts however much it is used. */
  readonly lifetimeMs: number;
  /** When its access token is to be refreshed; null if it cannot be. */
  readonly refreshInMs: number | null;
  /** Its tokens, sealed. */
  readonly tokens: string;
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** What became of one commit. A conflict leaves nothing of it behind, and does not touch its neighbours. */
export type Settlement =
  | { readonly kind: 'committed' }
  /** Another write to the resource is in flight or undecided. */
  | { readonly kind: 'resource-busy'; readonly operationId: string }
  /** The key was used before: for the same write (with what is known of it), or for another one. */
  | {
      readonly kind: 'key-known';
      readonly operationId: string;
      /** Null while the first call's intent is still on its way. */
      readonly write: WriteRow | null;
      /** JSON text, as it was committed. */
      readonly reply: string | null;
    }
  | { readonly kind: 'key-reused' }
  /** It came too late: the write is decided, the lease was lost, or the session has ended. */
  | { readonly kind: 'superseded' };

export interface Committed {
  readonly settlements: readonly Settlement[];
  /** The checkpoint that this commit made due. */
  readonly checkpoint: CheckpointEntry | null;
}

/** Newest first; `before` is the `seq` below which to go on. */
export interface WritesFilter {
  readonly outcome?: string;
  readonly operation?: string;
  readonly resource?: string;
  readonly subject?: string;
  readonly requestId?: string;
  readonly idempotencyKey?: string;
  /** RFC 3339, inclusive. */
  readonly from?: string;
  /** RFC 3339, exclusive. */
  readonly until?: string;
  readonly open?: boolean;
  readonly before?: number;
  readonly limit: number;
}

/** In the order of the chain; `after` is the `seq` above which to go on. */
export interface RecordsFilter {
  readonly kind?: string;
  readonly operationId?: string;
  readonly requestId?: string;
  readonly subject?: string;
  readonly from?: string;
  readonly until?: string;
  /** HMACs of a sensitive value, as `Redaction.all` makes them; one of them is in the record. */
  readonly hmacs?: readonly string[];
  readonly after?: number;
  readonly limit: number;
}

/** Records as NDJSON, a line each. */
export interface RecordLines {
  readonly text: string;
  /** `seq` of the last of them; null if there are no more than these. */
  readonly last: number | null;
}

/** A write that is undecided although nothing of it can be in flight any more. */
export interface UndecidedWrite {
  readonly write: WriteRow;
  readonly intent: AuditRecord & { readonly kind: 'intent' };
}

/** Which account a resource belongs to. */
export interface KnownAccount {
  readonly accountId: string;
  /** The upstream listed the resource under this account; else it is only somebody's word. */
  readonly seen: boolean;
}

export interface Lease {
  readonly name: string;
  readonly fence: number;
}

/** Where the trail is kept. The class is the interface and its injection token. */
export abstract class AuditStore {
  /**
   * Appends to the chain, in order and in one transaction. Durable (on disk, not in a cache) once the promise
   * resolves. An entry whose id is already there is not written again. After a rejection it is not known
   * whether the entries were written.
   */
  abstract commit(commits: readonly Commit[]): Promise<Committed>;

  abstract writes(filter: WritesFilter): Promise<WriteRow[]>;
  abstract write(operationId: string): Promise<WriteRow | null>;
  /** The newest write that a subject made with a key. */
  abstract writeWithKey(subject: string, key: string): Promise<WriteRow | null>;
  abstract records(filter: RecordsFilter): Promise<AuditRecord[]>;
  /** The same records as text: what is stored is passed on without being read. */
  abstract lines(filter: RecordsFilter): Promise<RecordLines>;

  /** Writes whose `dispatchBy` lies more than `settledForMs` in the past, by the database's clock; oldest first. */
  abstract undecided(settledForMs: number, limit: number): Promise<UndecidedWrite[]>;
  /** What nobody knows the outcome of, and how old the last checkpoint is. Costs little, however long the trail. */
  abstract standing(): Promise<Standing>;
  /** Takes or renews a lease; null while another holder has it. */
  abstract lease(name: string, holder: string, forMs: number): Promise<Lease | null>;
  /** Gives a lease back, if it is still held, so that nobody has to wait until it ends. */
  abstract release(lease: Lease): Promise<void>;

  /** Keeps whose these resources are. What was seen outranks what somebody said. */
  abstract rememberAccount(resources: readonly string[], account: KnownAccount): Promise<void>;
  abstract accountOf(resource: string): Promise<KnownAccount | null>;
}
