/**
 * What a writer hands to the trail. Every entry has its own id, made by the writer, so that an append can be
 * repeated after an ambiguous failure.
 */
interface Entry {
  /** UUIDv7. */
  readonly id: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** The gateway process that wrote it. */
  readonly replica: string;
  readonly requestId: string;
  readonly principal: AuditedPrincipal | null;
  /** The peer's address. */
  readonly address: string | null;
}

export interface AuditedPrincipal {
  readonly subject: string;
  readonly client: string | null;
  readonly method: string;
}

interface WriteEntry extends Entry {
  readonly operationId: string;
  readonly operation: string;
  readonly resource: string;
}

/** A write that is about to be sent. Durable before its first byte leaves. */
export interface IntentEntry extends WriteEntry {
  readonly kind: 'intent';
  /** After this moment (RFC 3339) the write is no longer sent. */
  readonly dispatchBy: string;
  /** The body as it is sent, sensitive fields replaced. */
  readonly payload: unknown;
  /** SHA-256 over the canonical form of `payload`, hex. */
  readonly payloadDigest: string;
}

/** How a write ended. Durable before the client is answered. */
export interface OutcomeEntry extends WriteEntry {
  readonly kind: 'outcome';
  readonly outcome: 'applied' | 'rejected' | 'not-applied' | 'unknown';
  readonly evidence: 'observed';
  /** The problem that the client was told of, if any. */
  readonly problem: string | null;
  readonly upstreamStatus: number | null;
  readonly upstreamRequestId: string | null;
  /** From the intent to the end of the upstream's reply, milliseconds. */
  readonly durationMs: number;
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

export type AuditEntry = IntentEntry | OutcomeEntry | RefusalEntry;

/** An entry in its place in the chain. */
export type AuditRecord = AuditEntry & {
  /** 1, 2, 3 … without a gap. */
  readonly seq: number;
  /** `hash` of the record before it; 64 zeros for the first. */
  readonly previousHash: string;
  /** SHA-256, hex, over the canonical form (RFC 8785) of all other members. */
  readonly hash: string;
};
