import { randomUUIDv7, createHash } from 'node:crypto';
import type SQLite from 'better-sqlite3';
import fc from 'fast-check';
import type { CheckpointSigner } from '../../src/platform/audit/checkpoints.js';
import type { AuditEntry, AuditRecord } from '../../src/platform/audit/audit-record.js';
import { EMPTY_CHAIN, canonical, type ChainHead } from '../../src/platform/audit/chain.js';

type StoredRecord = Omit<AuditRecord, 'hash'>;

/** A row of the trail, as far as an attack needs it. */
export interface TrailRow {
  readonly seq: number;
  readonly record: string;
  readonly hash: string;
}

/** All rows of a trail, in order. */
export function trailRows(database: SQLite.Database): TrailRow[] {
  return database.prepare<[], TrailRow>('select seq, record, hash from audit_records order by seq').all();
}

const COLUMNS = ['id', 'kind', 'at', 'operation_id', 'request_id', 'subject', 'hash', 'record'] as const;

export type Change =
  /** A column is given another value, or the same as another type. */
  | { kind: 'column'; seq: number; column: string; value: unknown }
  | { kind: 'type'; seq: number; column: string }
  /** One byte of a record becomes another; not always UTF-8. */
  | { kind: 'byte'; seq: number; at: number; xor: number }
  /** The same JSON, written otherwise, with its hash. */
  | { kind: 'respelt'; seq: number }
  /** Another content, with its hash. */
  | { kind: 'rewritten'; seq: number }
  | { kind: 'deleted'; seq: number }
  | { kind: 'moved'; seq: number; to: number }
  /** A record again, in another place; those after it move up. */
  | { kind: 'copied'; seq: number; after: number }
  /** A new record, well chained to the one before; those after it move up. */
  | { kind: 'forged'; after: number }
  | { kind: 'swapped'; seq: number; with: number };

/** Any single change of a trail of so many records. */
export function anyChange(count: number): fc.Arbitrary<Change> {
  const seq = fc.integer({ min: 1, max: count });
  const after = fc.integer({ min: 0, max: count });
  const column = fc.constantFrom(...COLUMNS);
  const kind = <Kind extends Change['kind']>(name: Kind): fc.Arbitrary<Kind> => fc.constant(name);
  const bytes = fc.uint8Array({ maxLength: 4 }).map((array) => Buffer.from(array));
  return fc.oneof<fc.Arbitrary<Change>[]>(
    fc.record({
      kind: kind('column'),
      seq,
      column,
      value: fc.oneof(fc.string(), fc.constant(null), fc.integer(), bytes),
    }),
    fc.record({ kind: kind('type'), seq, column }),
    fc.record({ kind: kind('byte'), seq, at: fc.nat(), xor: fc.integer({ min: 1, max: 255 }) }),
    fc.record({ kind: kind('respelt'), seq }),
    fc.record({ kind: kind('rewritten'), seq }),
    fc.record({ kind: kind('deleted'), seq }),
    fc.record({
      kind: kind('moved'),
      seq,
      to: fc.oneof(fc.integer({ max: 0 }), fc.integer({ min: count + 1 })),
    }),
    fc.record({ kind: kind('copied'), seq, after }),
    fc.record({ kind: kind('forged'), after }),
    fc.record({ kind: kind('swapped'), seq, with: seq }),
  );
}

/** Makes a change as the owner of the tables; returns where the trail is wrong now, or null if nothing changed. */
export function tamper(database: SQLite.Database, rows: readonly TrailRow[], change: Change): number | null {
  const set = (seq: number, { record, hash }: TrailRow): void => {
    database.prepare('update audit_records set record = ?, hash = ? where seq = ?').run(record, hash, seq);
  };
  const move = (seq: number, to: number): void => {
    database.prepare('update audit_records set seq = ? where seq = ?').run(to, seq);
  };
  const makeRoom = (after: number): void => {
    database.prepare('update audit_records set seq = -seq where seq > ?').run(after);
    database.exec('update audit_records set seq = 1 - seq where seq < 0');
  };
  switch (change.kind) {
    case 'column': {
      const { column, value, seq } = change;
      const { changes } = database
        .prepare(
          `update or ignore audit_records set ${column} = $value where seq = $seq and ${column} is not $value`,
        )
        .run({ value, seq });
      return changes === 0 ? null : seq;
    }
    case 'type': {
      const { column, seq } = change;
      const { changes } = database
        .prepare(
          `update audit_records set ${column} = cast(${column} as blob) where seq = ? and ${column} is not null`,
        )
        .run(seq);
      return changes === 0 ? null : seq;
    }
    case 'byte': {
      const bytes = Buffer.from(at(rows, change.seq).record);
      const index = change.at % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ change.xor;
      database
        .prepare('update audit_records set record = cast(? as text) where seq = ?')
        .run(bytes, change.seq);
      return change.seq;
    }
    case 'respelt': {
      const record = at(rows, change.seq).record.replace(',"at":', ', "at":');
      set(change.seq, { seq: change.seq, record, hash: digestOfText(record) });
      return change.seq;
    }
    case 'rewritten': {
      const record = { ...recordOf(at(rows, change.seq)), replica: 'nobody' };
      set(change.seq, rowOf(record));
      // In order by itself: what was chained to it is not any more.
      return Math.min(change.seq + 1, rows.length);
    }
    case 'deleted':
      database.prepare('delete from audit_records where seq = ?').run(change.seq);
      return change.seq;
    case 'moved':
      move(change.seq, change.to);
      return change.to > 0 ? change.seq : 1;
    case 'copied': {
      const { seq, record, hash } = at(rows, change.seq);
      makeRoom(change.after);
      insert(
        database,
        { seq: change.after + 1, record, hash },
        { ...recordOf({ seq, record, hash }), id: randomUUIDv7() },
      );
      return change.after + 1;
    }
    case 'forged': {
      makeRoom(change.after);
      const { seq, hash } = headAt(rows, change.after);
      const record = { ...aRefusal(), seq: seq + 1, previousHash: hash };
      insert(database, rowOf(record), record);
      // In order by itself: what comes next, or the head, is not.
      return Math.min(change.after + 2, rows.length + 1);
    }
    case 'swapped':
      if (change.seq === change.with) return null;
      move(change.seq, -1);
      move(change.with, change.seq);
      move(-1, change.with);
      return Math.min(change.seq, change.with);
  }
}

/** Replaces all records by these, chained anew, and makes the head agree. */
export function recompute(
  database: SQLite.Database,
  entries: Iterable<(head: ChainHead) => AuditEntry>,
): void {
  database.exec('delete from audit_records');
  const add = insertion(database);
  let head = EMPTY_CHAIN;
  let checkpoint = 0;
  for (const entryAt of entries) {
    const record = { ...entryAt(head), seq: head.seq + 1, previousHash: head.hash };
    head = rowOf(record);
    add(rowOf(record), record);
    if (record.kind === 'checkpoint') checkpoint = record.seq;
  }
  database
    .prepare('update chain_head set seq = ?, hash = ?, checkpoint_seq = ?')
    .run(head.seq, head.hash, checkpoint);
}

/** Fills a trail with so many refusals, every thousandth record a checkpoint, faster than a gateway would. */
export function generate(database: SQLite.Database, count: number, signer: CheckpointSigner): void {
  database.exec('delete from audit_records');
  const add = insertion(database);
  const columns: StoredRecord = { ...aRefusal(), seq: 0, previousHash: EMPTY_CHAIN.hash };
  const text = canonical({ ...columns, id: '@id', previousHash: '@previous', seq: '@seq' });
  let head = EMPTY_CHAIN;
  for (let seq = 1; seq <= count; seq++) {
    if (seq % 1_000 === 0) {
      const record = { ...signer.checkpoint(head), seq, previousHash: head.hash };
      head = rowOf(record);
      add(rowOf(record), record);
    } else {
      const id = `019cb000-0000-7000-8000-${String(seq).padStart(12, '0')}`;
      const record = text.replace('@id', id).replace('@previous', head.hash).replace('"@seq"', String(seq));
      const row = { seq, record, hash: digestOfText(record) };
      head = row;
      add(row, { ...columns, id });
    }
  }
  database
    .prepare('update chain_head set seq = ?, hash = ?, checkpoint_seq = ?')
    .run(count, head.hash, count);
}

/** The entry that a row was made of. */
export function entryOf(row: TrailRow): AuditEntry {
  const members = Object.entries(recordOf(row)).filter(([name]) => !['seq', 'previousHash'].includes(name));
  return Object.fromEntries(members) as unknown as AuditEntry;
}

export function aRefusal(id = randomUUIDv7()): AuditEntry {
  return {
    kind: 'refusal',
    id,
    at: '2026-03-01T09:00:00.000Z',
    replica: 'gateway-1/7',
    requestId: '019cb000-0000-7000-8000-0000000000aa',
    principal: { subject: 'clerk', client: 'back-office', method: 'bearer' },
    address: '192.0.2.7',
    problem: 'not-found',
    status: 404,
    method: 'PUT',
    path: '/clmo-handoff-services/service/v1/externalHandoff/HO123/updatestatus/elsewhere',
    operation: null,
    resource: null,
  };
}

function at(rows: readonly TrailRow[], seq: number): TrailRow {
  const row = rows[seq - 1];
  if (row === undefined) throw new Error(`there is no record ${seq}`);
  return row;
}

function headAt(rows: readonly TrailRow[], seq: number): ChainHead {
  return seq === 0 ? EMPTY_CHAIN : at(rows, seq);
}

function recordOf({ record }: TrailRow): StoredRecord {
  return JSON.parse(record) as StoredRecord;
}

function rowOf(record: StoredRecord): TrailRow {
  const text = canonical(record);
  return { seq: record.seq, record: text, hash: digestOfText(text) };
}

function digestOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function insert(database: SQLite.Database, row: TrailRow, columns: StoredRecord): void {
  insertion(database)(row, columns);
}

function insertion(database: SQLite.Database): (row: TrailRow, columns: StoredRecord) => void {
  const statement = database.prepare('insert into audit_records values (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  return ({ seq, record, hash }, columns) => {
    const { id, kind, at: time, requestId, principal } = columns as AuditRecord;
    const operationId = 'operationId' in columns ? columns.operationId : null;
    statement.run(seq, id, kind, time, operationId, requestId, principal?.subject ?? null, record, hash);
  };
}
