import { sql, type RawBuilder } from 'kysely';
import type { NewWriteRow } from '../storage/tables.js';
import type { AuditRecord, OutcomeEntry, ReconciliationEntry, ResolutionEntry } from './audit-record.js';

/** The row of a write whose intent was just recorded. */
export function begunWrite(intent: AuditRecord & { readonly kind: 'intent' }): NewWriteRow {
  return {
    operation_id: intent.operationId,
    seq: intent.seq,
    operation: intent.operation,
    resource: intent.resource,
    subject: intent.principal?.subject ?? null,
    client: intent.principal?.client ?? null,
    request_id: intent.requestId,
    idempotency_key: intent.idempotencyKey,
    at: intent.at,
    dispatch_by: Date.parse(intent.dispatchBy),
    outcome: 'pending',
    evidence: null,
    problem: null,
    upstream_status: null,
    ended_at: null,
    open_item: 0,
  };
}

/**
 * Whether a person has to look at the write after this record: a read-back decided nothing, or the upstream's
 * own late reply contradicts what a read-back or a person had said.
 */
export function openItemAfter(
  ending: OutcomeEntry | ReconciliationEntry | ResolutionEntry,
): number | RawBuilder<number> {
  switch (ending.kind) {
    case 'resolution':
      return 0;
    case 'reconciliation':
      return ending.outcome === 'unknown' ? 1 : 0;
    case 'outcome':
      return sql<number>`case when evidence in ('read-back', 'person') and outcome <> ${ending.outcome} then 1 else open_item end`;
  }
}
