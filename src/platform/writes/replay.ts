import { recordAccess } from '../audit/access.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { Settlement } from '../audit/audit-store.js';
import { Problem } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import { readReplyText } from './stored-reply.js';

type KnownKey = Extract<Settlement, { kind: 'key-known' }>;

/** Answers a key that was used before: with what is known of its write by now. Nothing is sent. */
export function replay(
  { operationId, write, reply }: KnownKey,
  context: RequestContext,
  trail: AuditTrail,
): unknown {
  const open = write?.outcome === 'unknown';
  if (write === null || (reply === null && !open)) {
    throw new Problem('write-in-progress', { operationId, outcome: 'pending' });
  }
  context.operationId = operationId;
  context.replayed = true;
  recordAccess(trail, context, 'idempotency.replay', { resource: operationId });
  // Its process died before it could keep a reply, and nobody could tell how it ended.
  if (reply === null) throw new Problem('upstream-bad-response', { outcome: 'unknown' });
  const stored = readReplyText(reply);
  if ('body' in stored) return stored.body;
  throw new Problem(stored.problem.code, stored.problem.facts);
}
