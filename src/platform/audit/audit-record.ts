export type DecidedOutcome = 'applied' | 'rejected' | 'not-applied';
export type WriteOutcome = DecidedOutcome | 'unknown';
/** By what a write's outcome is known: its own reply, a later look at the resource, or a person's word. */
export type Evidence = 'observed' | 'read-back' | 'person';

/**
 * What a writer hands to the trail. Every entry has its own id, made by the writer, so that an append can be
 * repeated after an ambiguous failure.
 */
interface Entry extends Cause {
  /** UUIDv7. */
  readonly id: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** The gateway process that wrote it. */
  readonly replica: string;
}

/** The request that an entry comes of. */
export interface Cause {
  /** Null for what no request caused. */
  readonly requestId: string | null;
  /** The trace that the request is part of, 32 hex digits: its caller's, or the gateway's own. */
  readonly traceId?: string;
  readonly principal: AuditedPrincipal | null;
  /** The peer's address; behind trusted proxies, that of whoever called the first of them. */
  readonly address: string | null;
}

export interface AuditedPrincipal {
  readonly subject: string;
  readonly client: string | null;
  readonly method: string;
  /** The session that the request was made with, if it was. */
  readonly session?: string;
}

interface WriteEntry extends Entry {
  readonly operationId: string;
  readonly operation: string;
  /** The id as in the path. */
  readonly resource: string;
}

/** A write that is about to be sent. Durable before its first byte leaves. */
export interface IntentEntry extends WriteEntry {
  readonly kind: 'intent';
  /** After this moment (RFC 3339) nothing of it is sent. */
  readonly dispatchBy: string;
  /** The body as it is sent, sensitive fields replaced. */
  readonly payload: unknown;
  /** SHA-256 over the canonical form of `payload`, hex. */
  readonly payloadDigest: string;
  /** The resource as it was before, if it was read; sensitive fields replaced. */
  readonly before: unknown;
  readonly idempotencyKey: string | null;
}

/**
 * A write is about to be sent once more, since the upstream refused the gateway's token with a complete 401.
 * Durable before its first byte leaves again; still before the intent's `dispatchBy`.
 */
export interface AttemptEntry extends WriteEntry {
  readonly kind: 'attempt';
  /** The intent was for the first. */
  readonly attempt: 2;
  /** How the attempt before was answered. */
  readonly upstreamStatus: number;
  readonly upstreamRequestId: string | null;
}

/** How a write ended. Durable before the client is answered. */
export interface OutcomeEntry extends WriteEntry {
  readonly kind: 'outcome';
  readonly outcome: WriteOutcome;
  readonly evidence: 'observed';
  /** The problem that the client was told of, if any. */
  readonly problem: string | null;
  readonly upstreamStatus: number | null;
  readonly upstreamRequestId: string | null;
  /** From the intent to the end of the upstream's reply, milliseconds. */
  readonly durationMs: number;
}

/** What a later look at the resource showed. `unknown` puts the write before a person. */
export interface ReconciliationEntry extends WriteEntry {
  readonly kind: 'reconciliation';
  readonly outcome: 'applied' | 'not-applied' | 'unknown';
  readonly evidence: 'read-back';
  readonly reason: string;
  /** What was read, sensitive fields replaced; null if nothing was. */
  readonly readBack: unknown;
}

/** What a person found out about a write that nobody else could decide. */
export interface ResolutionEntry extends WriteEntry {
  readonly kind: 'resolution';
  readonly outcome: 'applied' | 'not-applied';
  readonly evidence: 'person';
  readonly reason: string;
}

/** A request that was refused before it became a write. */
export interface RefusalEntry extends Entry {
  readonly kind: 'refusal';
  readonly problem: string;
  readonly status: number;
  readonly method: string | null;
  /** The path as it was asked for, shortened. */
  readonly path: string | null;
  /** What it would have done, if it got as far as a route that says so. */
  readonly operation: string | null;
  readonly resource: string | null;
}

/** Somebody read business data or the trail itself. */
export interface AccessEntry extends Entry {
  readonly kind: 'access';
  /** What was read, such as `audit.records`. */
  readonly operation: string;
  readonly resource: string | null;
  /** The filter that was asked for. */
  readonly query: unknown;
}

/** Why a session ended. */
export const SESSION_ENDS = [
  'logout',
  'back-channel-logout',
  'ended-by-operator',
  'replaced',
  'idle',
  'lifetime',
  'refresh-refused',
] as const;
export type SessionEnd = (typeof SESSION_ENDS)[number];

/** A browser session began or ended. One record for each, whatever replicas do. `principal` is who caused it. */
export interface SessionEntry extends Entry {
  readonly kind: 'session';
  readonly event: 'started' | 'ended';
  /** Its public name, UUIDv7. */
  readonly session: string;
  /** Whose session it is: a subject. */
  readonly owner: string;
  /** Null for what began. */
  readonly reason: SessionEnd | null;
  /** What an operator said about it. */
  readonly remark: string | null;
}

/** Refusals or reads that were counted instead of being recorded one by one. */
export interface OverflowEntry extends Entry {
  readonly kind: 'overflow';
  readonly overflowed: 'refusal' | 'access';
  readonly count: number;
  /** What they had in common: a problem code, or what was read; null if that differed. */
  readonly what: string | null;
  /** RFC 3339. */
  readonly since: string;
}

/** A signed statement of where the chain stood. */
export interface CheckpointEntry extends Entry {
  readonly kind: 'checkpoint';
  readonly checkpoint: Checkpoint;
  /** Ed25519 over the canonical form of `checkpoint`, base64url. */
  readonly signature: string;
  /** SHA-256 of the public key (SPKI, DER), hex: which key verifies it. */
  readonly keyId: string;
}

/** The chain up to a record: `count` records end with this one. */
export interface Checkpoint {
  readonly seq: number;
  readonly hash: string;
  readonly count: number;
  /** RFC 3339. */
  readonly time: string;
}

/** Every kind of record. */
export const RECORD_KINDS = [
  'intent',
  'attempt',
  'outcome',
  'reconciliation',
  'resolution',
  'refusal',
  'access',
  'session',
  'overflow',
  'checkpoint',
] as const satisfies readonly AuditEntry['kind'][];

export type AuditEntry =
  | IntentEntry
  | AttemptEntry
  | OutcomeEntry
  | ReconciliationEntry
  | ResolutionEntry
  | RefusalEntry
  | AccessEntry
  | SessionEntry
  | OverflowEntry
  | CheckpointEntry;

/** What tells how a write ended, or turned out to have ended. */
export type EndingEntry = OutcomeEntry | ReconciliationEntry | ResolutionEntry;

export function isEnding<Entry extends AuditEntry>(entry: Entry): entry is Entry & EndingEntry {
  return entry.kind === 'outcome' || entry.kind === 'reconciliation' || entry.kind === 'resolution';
}

/** An entry in its place in the chain. */
export type AuditRecord = AuditEntry & {
  /** 1, 2, 3 … without a gap. */
  readonly seq: number;
  /** `hash` of the record before it; 64 zeros for the first. */
  readonly previousHash: string;
  /** SHA-256, hex, over the canonical form (RFC 8785) of all other members. */
  readonly hash: string;
};
