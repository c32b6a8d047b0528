import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { AuditedPrincipal } from '../audit/audit-record.js';
import { isObject } from '../upstream/reply-json.js';

export type ResourceState = Readonly<Record<string, unknown>>;

/** One call of a look takes this long at most, milliseconds: others wait for their turn. */
export const LOOK_WITHIN_MS = 3_000;

/** What a look at a resource shows. */
export type Seen =
  | { readonly kind: 'seen'; readonly state: ResourceState }
  /** The reply was complete, and shows that there is no such resource. */
  | { readonly kind: 'absent' }
  /** The reply was complete, but does not show what would decide: looking again would not help. */
  | { readonly kind: 'unrecognised'; readonly reason: string }
  /** No reply: looking again may help. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Whose write is looked after, and what it was about. */
export interface WrittenResource {
  readonly resource: string;
  readonly principal: AuditedPrincipal | null;
}

/** How a feature finds out, by reading only, what became of a write of one of its operations. */
export interface ReadBack {
  readonly operation: string;
  /** Reads the resource, until `deadline` at the latest (ms since the epoch). */
  look(write: WrittenResource, deadline?: number): Promise<Seen>;
  /** What follows from a look. Decides only what is certain. */
  verdict(comparison: Comparison): ReadBackVerdict;
  /** The documented reply to a write that a read-back, or a person, found applied; null if that is empty. */
  confirmed(write: WrittenResource, state: ResourceState | null): object | null;
}

/** The read-backs of all operations; each feature adds its own at start. */
@Injectable()
export class ReadBacks {
  private readonly byOperation = new Map<string, ReadBack>();

  add(readBack: ReadBack): void {
    this.byOperation.set(readBack.operation, readBack);
  }

  for(operation: string): ReadBack {
    return this.byOperation.get(operation) ?? nothingToRead(operation);
  }
}

/** For a write that another version of the gateway made: it goes to a person. */
function nothingToRead(operation: string): ReadBack {
  const reason = 'the operation cannot be read back';
  return {
    operation,
    look: () => Promise.resolve({ kind: 'unrecognised', reason }),
    verdict: () => ({ outcome: 'unknown', reason }),
    confirmed: () => null,
  };
}

/** What is known of a resource before its write, in the intent: null if nobody looked. */
export type BeforeImage = ResourceState | typeof ABSENT | null;
/** Somebody looked, and there was no such resource. */
export const ABSENT = 'absent';

/** A write's payload, the resource before it and now; sensitive fields redacted alike in all of them. */
export interface Comparison {
  readonly sent: unknown;
  readonly before: unknown;
  /** Null if there is no such resource. */
  readonly now: ResourceState | null;
}

export interface ReadBackVerdict {
  readonly outcome: 'applied' | 'not-applied' | 'unknown';
  readonly reason: string;
}

/** How the fields of a write are compared with those of a resource. */
export interface FieldRules {
  /** The member by which the resource was found: that it is as it was sent proves nothing. */
  readonly identity: string;
  /** Whether a field is as it was sent, where that takes more than a comparison. */
  readonly same?: (field: string, sent: unknown, seen: unknown) => boolean;
}

/** The verdict on a write that sets fields: all as sent and not so before, or all as before. */
export function compareFields(
  { sent, before, now }: Comparison,
  { identity, same }: FieldRules,
): ReadBackVerdict {
  if (now === null) return { outcome: 'unknown', reason: 'the resource is not there' };
  const fields = isObject(sent) ? Object.entries(sent).filter(([field]) => field !== identity) : [];
  if (fields.length === 0) return { outcome: 'unknown', reason: 'there is nothing to compare' };
  const isAsSent = (state: ResourceState): boolean =>
    fields.every(
      ([field, value]) => holds(value, state[field]) || same?.(field, value, state[field]) === true,
    );
  // What neither of them shows may well have changed.
  const isAsBefore = (state: ResourceState): boolean =>
    fields.every(([field]) => field in now && field in state && isDeepStrictEqual(now[field], state[field]));
  if (isAsSent(now)) {
    return isObject(before) && isAsSent(before)
      ? { outcome: 'unknown', reason: 'every field is as it was sent, and was so before' }
      : { outcome: 'applied', reason: 'every field that was sent is as it was sent' };
  }
  if (isObject(before) && isAsBefore(before)) {
    return { outcome: 'not-applied', reason: 'every field that was sent is as it was before' };
  }
  return { outcome: 'unknown', reason: 'the resource is neither as it was sent nor as it was before' };
}

/** Whether everything that was sent is in what is seen, which may have more. */
function holds(sent: unknown, seen: unknown): boolean {
  if (!isObject(sent) || !isObject(seen)) return isDeepStrictEqual(sent, seen);
  return Object.entries(sent).every(([name, value]) => holds(value, seen[name]));
}
