import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditEntry, AuditRecord } from './audit-record.js';

/** The last record that is known: where the next one is chained to. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: '0'.repeat(64) };

/** A record, and the text that its hash is taken of. */
export interface ChainedRecord {
  readonly record: AuditRecord;
  /** The canonical form of all members but `hash`: what is stored. */
  readonly text: string;
}

/** Chains an entry to the head of the trail. */
export function chained(entry: AuditEntry, head: ChainHead): ChainedRecord {
  const record = { ...entry, seq: head.seq + 1, previousHash: head.hash };
  const text = canonical(record);
  return { record: { ...record, hash: sha256(text) }, text };
}

/** SHA-256, hex, over the canonical form of a JSON value (RFC 8785). */
export function digest(value: unknown): string {
  return sha256(canonical(value));
}

function sha256(text: string): string {
  return hash('sha256', text);
}

/** The canonical form (RFC 8785) of a JSON value. */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('only a JSON value has a canonical form');
  return text;
}
