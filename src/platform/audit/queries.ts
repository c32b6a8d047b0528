import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { AuditRecordsTable, Tables, WriteRow } from '../storage/tables.js';
import type { AuditRecord } from './audit-record.js';
import type { RecordLines, RecordsFilter, UndecidedWrite, WritesFilter } from './audit-store.js';

// Some indexes hold rare rows only, and a database goes by one if the query says so in the index's own words.
// What is common needs none: it is found soon wherever the search begins.
const NOT_APPLIED = sql<boolean>`outcome <> 'applied'`;
const NEITHER_INTENT_NOR_OUTCOME = sql<boolean>`kind not in ('intent', 'outcome')`;

/** Writes by filter, newest first. Keyset paging: every page costs the same. */
export async function findWrites(db: Kysely<Tables>, filter: WritesFilter): Promise<WriteRow[]> {
  const equal = {
    outcome: filter.outcome,
    operation: filter.operation,
    resource: filter.resource,
    subject: filter.subject,
    idempotency_key: filter.idempotencyKey,
  };
  let query = db.selectFrom('writes').selectAll();
  for (const [column, value] of entriesOf(equal)) query = query.where(column, '=', value);
  if (filter.outcome !== undefined && filter.outcome !== 'applied') query = query.where(NOT_APPLIED);
  if (filter.open !== undefined) query = query.where('open_item', '=', sql.lit(Number(filter.open)));
  if (filter.requestId !== undefined) {
    const { requestId } = filter;
    query = query.where('seq', 'in', (eb) =>
      eb
        .selectFrom('audit_records')
        .select('seq')
        .where('request_id', '=', requestId)
        .where('kind', '=', 'intent'),
    );
  }
  if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
  if (filter.until !== undefined) query = query.where('at', '<', filter.until);
  if (filter.before !== undefined) query = query.where('seq', '<', filter.before);
  return await query.orderBy('seq', 'desc').limit(filter.limit).execute();
}

/** Records by filter, in the order of the chain. */
export async function findRecords(db: Kysely<Tables>, filter: RecordsFilter): Promise<AuditRecord[]> {
  const rows = await storedRecords(db, filter);
  return rows.map((row) => JSON.parse(textOf(row)) as AuditRecord);
}

/** Records by filter, in the order of the chain, as NDJSON. */
export async function findLines(db: Kysely<Tables>, filter: RecordsFilter): Promise<RecordLines> {
  const rows = await storedRecords(db, filter);
  return {
    text: rows.map((row) => `${textOf(row)}\n`).join(''),
    last: rows.length < filter.limit ? null : (rows.at(-1)?.seq ?? null),
  };
}

type StoredRecord = Pick<AuditRecordsTable, 'seq' | 'record' | 'hash'>;

/** A stored record is an object with many members; its hash is not one of them. */
function textOf({ record, hash }: StoredRecord): string {
  return `${record.slice(0, -1)},"hash":"${hash}"}`;
}

async function storedRecords(db: Kysely<Tables>, filter: RecordsFilter): Promise<StoredRecord[]> {
  const equal = {
    kind: filter.kind,
    operation_id: filter.operationId,
    request_id: filter.requestId,
    subject: filter.subject,
  };
  let query = db.selectFrom('audit_records').select(['seq', 'record', 'hash']);
  for (const [column, value] of entriesOf(equal)) query = query.where(column, '=', value);
  if (filter.kind !== undefined && filter.kind !== 'intent' && filter.kind !== 'outcome')
    query = query.where(NEITHER_INTENT_NOR_OUTCOME);
  if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
  if (filter.until !== undefined) query = query.where('at', '<', filter.until);
  if (filter.hmacs !== undefined) {
    const { hmacs } = filter;
    query = query.where('seq', 'in', (eb) =>
      eb.selectFrom('sensitive_values').select('seq').where('hmac', 'in', hmacs),
    );
  }
  if (filter.after !== undefined) query = query.where('seq', '>', filter.after);
  return await query.orderBy('seq').limit(filter.limit).execute();
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
    .where(NOT_APPLIED)
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
