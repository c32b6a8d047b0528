import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { AuditedPrincipal } from '../audit/audit-record.js';
import { isObject } from '../upstream/reply-json.js';

/** What a look at a resource shows. */
export type Seen =
  | { readonly kind: 'seen'; readonly state: Readonly<Record<string, unknown>> }
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
  look(write: WrittenResource): Promise<Seen>;
  /** Whether a field that was sent is what is seen now, where that takes more than a comparison. */
  same?(field: string, sent: unknown, seen: unknown): boolean;
  /** The documented reply to a write that a read-back, or a person, found applied. */
  confirmed(write: WrittenResource, state: Readonly<Record<string, unknown>> | null): object;
}

/** The read-backs of all operations; each feature adds its own at start. */
@Injectable()
export class ReadBacks {
  private readonly byOperation = new Map<string, ReadBack>();

  add(readBack: ReadBack): void {
    this.byOperation.set(readBack.operation, readBack);
  }

  for(operation: string): ReadBack | undefined {
    return this.byOperation.get(operation);
  }
}

/** A write's payload, the resource before it and now; sensitive fields redacted alike in all of them. */
export interface Comparison {
  readonly sent: unknown;
  readonly before: unknown;
  readonly now: unknown;
}

export interface ReadBackVerdict {
  readonly outcome: 'applied' | 'not-applied' | 'unknown';
  readonly reason: string;
}

/** Decides only what is certain: all as sent, or all as before. */
export function compare({ sent, before, now }: Comparison, same?: ReadBack['same']): ReadBackVerdict {
  if (!isObject(sent) || !isObject(now)) return { outcome: 'unknown', reason: 'there is nothing to compare' };
  const fields = Object.keys(sent);
  const all = (state: Readonly<Record<string, unknown>>): boolean =>
    fields.every(
      (field) => holds(sent[field], state[field]) || same?.(field, sent[field], state[field]) === true,
    );
  if (all(now)) return { outcome: 'applied', reason: 'every field that was sent is as it was sent' };
  if (
    isObject(before) &&
    fields.every((field) => isDeepStrictEqual(now[field] ?? null, before[field] ?? null))
  ) {
    return { outcome: 'not-applied', reason: 'every field that was sent is as it was before' };
  }
  return { outcome: 'unknown', reason: 'the resource is neither as it was sent nor as it was before' };
}

/** Whether everything that was sent is in what is seen, which may have more. */
function holds(sent: unknown, seen: unknown): boolean {
  if (!isObject(sent) || !isObject(seen)) return isDeepStrictEqual(sent, seen);
  return Object.entries(sent).every(([name, value]) => holds(value, seen[name]));
}
