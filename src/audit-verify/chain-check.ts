import { hash as digestOf } from 'node:crypto';
import { canonical } from './canonical.js';
import { isObject, isSignedCheckpoint, type SigningKeys } from './checkpoint.js';
import type { ExportedCheckpoint } from './exported-checkpoints.js';
import { Tampered, type FindingCode } from './finding.js';
import type { Head, Row } from './trail.js';

/** The gateway signs a checkpoint with the batch that makes 1,000 records since the last one; no batch has as many. */
const MOST_WITHOUT_CHECKPOINT = 2_000;

export interface Expectations {
  readonly keys: SigningKeys;
  /** In the order of the chain. */
  readonly exported: readonly ExportedCheckpoint[];
  /** Where an id comes up again, if it does. */
  readonly repeatedId: number | null;
}

/** Follows the chain record by record. Every method throws `Tampered` at the first one that is wrong. */
export class ChainCheck {
  /** The last record that is in order. */
  seq = 0;
  hash = '0'.repeat(64);
  /** Checkpoint records passed. */
  checkpoints = 0;
  /** Exported checkpoints that the chain agrees with. */
  matched = 0;
  private lastCheckpoint = 0;

  constructor(private readonly expected: Expectations) {}

  next(row: Row): void {
    const seq = this.seq + 1;
    const id = typeof row.id === 'string' ? row.id : null;
    const wrong = (code: FindingCode, detail: string): never => {
      throw new Tampered({ code, seq, id, detail });
    };
    if (row.seq !== seq) this.outOfOrder(row.seq);
    const bytes = row.record;
    if (typeof bytes !== 'string' && !(bytes instanceof Uint8Array))
      return wrong('unreadable-record', 'holds no text');
    const text =
      typeof bytes === 'string'
        ? bytes
        : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
    const record = parsed(text);
    if (record === undefined) return wrong('unreadable-record', 'is not a JSON object');
    if (record['previousHash'] !== this.hash)
      wrong('broken-link', 'does not follow the record before it: one of the two is not what was written');
    if (canonicalOrNot(record) !== text) wrong('not-canonical', 'is not in canonical form');
    const hash = digestOf('sha256', bytes);
    if (row.hash !== hash) wrong('changed-record', 'does not have the hash that is stored with it');
    const column = differingColumn(row, record);
    if (column !== undefined) wrong('changed-column', `says something else in its column ${column}`);
    if (this.expected.repeatedId === seq) wrong('repeated-id', 'has the id of an earlier record');
    if (record['kind'] === 'checkpoint') this.checkpoint(record, wrong);
    else if (seq - this.lastCheckpoint > MOST_WITHOUT_CHECKPOINT)
      wrong('checkpoint-overdue', `is too far from the last checkpoint, record ${this.lastCheckpoint}`);
    this.seq = seq;
    this.hash = hash;
    this.compareExported(id);
  }

  /** Whether the chain ends where it is said to. */
  end(head: Head | null): void {
    const next = this.seq + 1;
    const wrong = (code: FindingCode, seq: number, detail: string): never => {
      throw new Tampered({ code, seq, id: null, detail });
    };
    const missing = this.expected.exported[this.matched];
    if (missing !== undefined) {
      this.refuseForged(missing, null);
      wrong(
        'cut-tail',
        next,
        `is missing and so is all after it: line ${missing.line} of the exported checkpoints knows record ${missing.checkpoint.seq}`,
      );
    }
    if (head === null)
      return wrong('wrong-head', this.seq, 'is the last, but the row of the chain head is gone');
    const { seq } = head;
    if (typeof seq !== 'number' || seq < this.seq)
      return wrong('wrong-head', this.seq, `is there, but the chain head stands at ${String(seq)}`);
    if (seq > this.seq) wrong('cut-tail', next, `is missing: the chain head stands at ${seq}`);
    if (head.hash !== this.hash)
      wrong('wrong-head', seq, 'is the last, but has not the hash of the chain head');
    if (head.checkpoint_seq !== this.lastCheckpoint)
      wrong(
        'wrong-head',
        this.lastCheckpoint,
        `is the last checkpoint, but the chain head names record ${String(head.checkpoint_seq)}`,
      );
  }

  private outOfOrder(found: unknown): never {
    const seq = this.seq + 1;
    if (typeof found === 'number' && found > seq) {
      const detail = `is missing: record ${this.seq} is followed by record ${found}`;
      throw new Tampered({ code: 'missing-record', seq, id: null, detail });
    }
    const detail = `should follow, but a record with seq ${String(found)} does`;
    throw new Tampered({ code: 'repeated-seq', seq, id: null, detail });
  }

  private checkpoint(
    record: Record<string, unknown>,
    wrong: (code: FindingCode, detail: string) => never,
  ): void {
    if (!isSignedCheckpoint(record)) return wrong('wrong-checkpoint', 'is no whole checkpoint');
    const { seq, hash, count } = record.checkpoint;
    if (seq !== this.seq || hash !== this.hash || count !== this.seq)
      wrong('wrong-checkpoint', 'is a checkpoint of something else than the record before it');
    const fault = this.expected.keys.faultOf(record);
    if (fault !== undefined) wrong(...fault);
    this.checkpoints++;
    this.lastCheckpoint = this.seq + 1;
  }

  /** What was exported cannot be recomputed: it is somewhere else. */
  private compareExported(id: string | null): void {
    for (;;) {
      const exported = this.expected.exported[this.matched];
      if (exported === undefined || exported.checkpoint.seq > this.seq) return;
      this.refuseForged(exported, id);
      const { seq, hash, count } = exported.checkpoint;
      if (seq !== this.seq || hash !== this.hash || count !== seq) {
        const last = this.expected.exported[this.matched - 1]?.checkpoint.seq;
        const since = last === undefined ? 'its beginning' : `record ${last}, which still matches`;
        const detail = `is not the one of line ${exported.line} of the exported checkpoints: the chain was written anew after ${since}`;
        throw new Tampered({ code: 'recomputed-chain', seq, id, detail });
      }
      this.matched++;
    }
  }

  private refuseForged(exported: ExportedCheckpoint, id: string | null): void {
    const fault = this.expected.keys.faultOf(exported);
    if (fault === undefined) return;
    const detail = `is in the exported checkpoints (line ${exported.line}), but that line ${fault[1]}`;
    throw new Tampered({ code: fault[0], seq: exported.checkpoint.seq, id, detail });
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function canonicalOrNot(value: unknown): string | undefined {
  try {
    return canonical(value);
  } catch {
    // A lone surrogate, or nested so deeply that nobody can have written it.
    return undefined;
  }
}

/** The columns that are searched are copies of members of the record. */
function differingColumn(row: Row, record: Record<string, unknown>): string | undefined {
  const { principal } = record;
  const members: Record<Exclude<keyof Row, 'record' | 'hash'>, unknown> = {
    seq: record['seq'],
    id: record['id'],
    kind: record['kind'],
    at: record['at'],
    operation_id: record['operationId'] ?? null,
    request_id: record['requestId'],
    subject: isObject(principal) ? principal['subject'] : null,
  };
  for (const column in members) {
    const name = column as keyof typeof members;
    if (row[name] !== members[name]) return name;
  }
  return undefined;
}
