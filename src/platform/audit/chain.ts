import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditEntry, AuditRecord } from './audit-record.js';

/** The last record that is known: where the next one is chained to. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: '0'.repeat(64) };

/** Chains an entry to the head of the trail. */
export function chained(entry: AuditEntry, head: ChainHead): AuditRecord {
  const record = { ...entry, seq: head.seq + 1, previousHash: head.hash };
  return { ...record, hash: digest(record) };
}

/** SHA-256, hex, over the canonical form of a JSON value (RFC 8785). */
export function digest(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

/** The canonical form (RFC 8785) of a JSON value. */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('only a JSON value has a canonical form');
  return text;
}
