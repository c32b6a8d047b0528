import { type Kysely, type RawBuilder } from 'kysely';
import type { Tables, WriteRow } from '../storage/tables.js';
import type { AuditRecord } from './audit-record.js';
import type { RecordsFilter, UndecidedWrite, WritesFilter } from './audit-store.js';

/** Writes by filter, newest first. Keyset paging: every page costs the same. */
export async function findWrites(db: Kysely<Tables>, filter: WritesFilter): Promise<WriteRow[]> {
  const equal = {
    outcome: filter.outcome,
    operation: filter.operation,
    resource: filter.resource,
    subject: filter.subject,
    request_id: filter.requestId,
    idempotency_key: filter.idempotencyKey,
    open_item: filter.open === undefined ? undefined : Number(filter.open),
  };
  let query = db.selectFrom('writes').selectAll();
  for (const [column, value] of entriesOf(equal)) query = query.where(column, '=', value);
  if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
  if (filter.until !== undefined) query = query.where('at', '<', filter.until);
  if (filter.before !== undefined) query = query.where('seq', '<', filter.before);
  return await query.orderBy('seq', 'desc').limit(filter.limit).execute();
}

/** Records by filter, in the order of the chain. */
export async function findRecords(db: Kysely<Tables>, filter: RecordsFilter): Promise<AuditRecord[]> {
  const equal = {
    kind: filter.kind,
    operation_id: filter.operationId,
    request_id: filter.requestId,
    subject: filter.subject,
  };
  let query = db.selectFrom('audit_records').select(['record', 'hash']);
  for (const [column, value] of entriesOf(equal)) query = query.where(column, '=', value);
  if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
  if (filter.until !== undefined) query = query.where('at', '<', filter.until);
  if (filter.hmacs !== undefined) {
    const { hmacs } = filter;
    query = query.where('seq', 'in', (eb) =>
      eb.selectFrom('sensitive_values').select('seq').where('hmac', 'in', hmacs),
    );
  }
  if (filter.after !== undefined) query = query.where('seq', '>', filter.after);
  const rows = await query.orderBy('seq').limit(filter.limit).execute();
  return rows.map(
    ({ record, hash }) => ({ ...(JSON.parse(record) as Omit<AuditRecord, 'hash'>), hash }) as AuditRecord,
  );
}

/** Undecided writes whose `dispatchBy` lies before a moment (ms since the epoch), oldest first. */
export async function findUndecided(
  db: Kysely<Tables>,
  before: RawBuilder<number>,
  limit: number,
): Promise<UndecidedWrite[]> {
  const writes = await db
    .selectFrom('writes')
    .selectAll()
    .where('outcome', 'in', ['pending', 'unknown'])
    .where('open_item', '=', 0)
    .where('dispatch_by', '<', before)
    .orderBy('seq')
    .limit(limit)
    .execute();
  const found: UndecidedWrite[] = [];
  for (const write of writes) {
    const [intent] = await findRecords(db, { kind: 'intent', operationId: write.operation_id, limit: 1 });
    if (intent?.kind === 'intent') found.push({ write, intent });
  }
  return found;
}

function entriesOf<Column extends string, Value>(
  columns: Record<Column, Value | undefined>,
): [Column, Value][] {
  return Object.entries<Value | undefined>(columns).filter(([, value]) => value !== undefined) as [
    Column,
    Value,
  ][];
}
