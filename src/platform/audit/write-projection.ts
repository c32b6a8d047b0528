import { sql } from 'kysely';
import { overRow, overRows } from '../storage/compiled-queries.js';
import type { NewWriteRow, Transaction } from '../storage/tables.js';
import { valuesOf } from '../storage/values.js';
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
const observe = overRows<OutcomeEntry>((db, outcomes) =>
  db
    .with('ended(operation_id, outcome, evidence, at, problem, upstream_status)', () =>
      valuesOf(outcomes, 'operationId', 'outcome', 'evidence', 'at', 'problem', 'upstreamStatus'),
    )
    .updateTable('writes')
    .from('ended')
    .set((row) => ({
      outcome: row.ref('ended.outcome'),
      evidence: row.ref('ended.evidence'),
      ended_at: row.ref('ended.at'),
      problem: row.ref('ended.problem'),
      upstream_status: row.cast<number>('ended.upstream_status', 'integer'),
      // The upstream's own late reply contradicts what a read-back or a person had said.
      open_item: sql`case when writes.evidence in ('read-back', 'person') and writes.outcome <> ended.outcome
        then 1 else writes.open_item end`,
    }))
    .whereRef('writes.operation_id', '=', 'ended.operation_id')
    // That nobody knew, told late by a replica that was cut off, undoes nothing that is known by now.
    .where((row) =>
      row.or([sql<boolean>`ended.outcome <> 'unknown'`, row('writes.outcome', 'in', ['pending', 'unknown'])]),
    )
    // By index, whatever is known of the table.
    .where(
      'writes.operation_id',
      'in',
      outcomes.map(({ operationId }) => operationId),
    ),
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
    // In their order: the last of two endings of a write is the one that stays.
    ...stepsOf(records.filter(isEnding)).map((step) => end(transaction, step)),
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

/** What one statement can take of endings: outcomes of different writes, or one ending of another kind. */
type Step = readonly OutcomeEntry[] | ReconciliationEntry | ResolutionEntry;

/** Endings in their order, in as few steps as can be. */
function stepsOf(endings: readonly EndingEntry[]): Step[] {
  const steps: Step[] = [];
  let outcomes: OutcomeEntry[] | undefined;
  for (const ending of endings) {
    if (ending.kind !== 'outcome') {
      outcomes = undefined;
      steps.push(ending);
    } else if (outcomes?.every(({ operationId }) => operationId !== ending.operationId) === true) {
      outcomes.push(ending);
    } else {
      outcomes = [ending];
      steps.push(outcomes);
    }
  }
  return steps;
}

function end(transaction: Transaction, step: Step): Promise<unknown> {
  if ('kind' in step) {
    // A read-back that decided nothing puts the write before a person.
    return decide(transaction, { ...step, open: step.outcome === 'unknown' ? 1 : 0 });
  }
  return observe(transaction, step);
}

function isIntent(record: AuditRecord): record is IntentEntry & AuditRecord {
  return record.kind === 'intent';
}
