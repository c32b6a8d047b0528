import { sql } from 'kysely';
import { overRow, overRows } from '../storage/compiled-queries.js';
import type { NewWriteRow, Transaction } from '../storage/tables.js';
import {
  isEnding,
  type AuditRecord,
  type EndingEntry,
  type IntentEntry,
  type OutcomeEntry,
  type ReconciliationEntry,
  type ResolutionEntry,
} from './audit-record.js';

const begin = overRows<NewWriteRow>((db, writes) => db.insertInto('writes').values(writes));
const observe = overRow<OutcomeEntry>((db, { operationId, outcome, evidence, at, problem, upstreamStatus }) =>
  db
    .updateTable('writes')
    .set({
      outcome,
      evidence,
      ended_at: at,
      problem,
      upstream_status: upstreamStatus,
      // The upstream's own late reply contradicts what a read-back or a person had said.
      open_item: sql`case when evidence in ('read-back', 'person') and outcome <> ${outcome} then 1 else open_item end`,
    })
    .where('operation_id', '=', operationId),
);
const decide = overRow<(ReconciliationEntry | ResolutionEntry) & { open: number }>(
  (db, { operationId, outcome, evidence, at, open }) =>
    db
      .updateTable('writes')
      .set({ outcome, evidence, ended_at: at, open_item: open })
      .where('operation_id', '=', operationId),
);

/** Keeps the row of each write in step with its records. */
export function project(transaction: Transaction, records: readonly AuditRecord[]): Promise<unknown> {
  return Promise.all([
    begin(transaction, records.filter(isIntent).map(begunWrite)),
    // One after the other: the last of two endings of a write is the one that stays.
    ...records.filter(isEnding).map((ending) => end(transaction, ending)),
  ]);
}

function begunWrite(intent: IntentEntry & AuditRecord): NewWriteRow {
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

function end(transaction: Transaction, ending: EndingEntry): Promise<unknown> {
  if (ending.kind === 'outcome') return observe(transaction, ending);
  // A read-back that decided nothing puts the write before a person.
  return decide(transaction, { ...ending, open: ending.outcome === 'unknown' ? 1 : 0 });
}

function isIntent(record: AuditRecord): record is IntentEntry & AuditRecord {
  return record.kind === 'intent';
}
