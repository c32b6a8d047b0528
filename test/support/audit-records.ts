import { createHash } from 'node:crypto';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { query } from './postgres.js';

/** A record of the trail as an auditor reads it from the database file. */
export type StoredRecord = Readonly<Record<string, unknown>> & {
  readonly kind: string;
  readonly hash: string;
};

export interface Row {
  readonly record: string;
  readonly hash: string;
}

const ROWS = 'select record, hash from audit_records order by seq';

/** Every record of a gateway's trail, in order. */
export function auditRecords(dataDir: string): StoredRecord[] {
  return parsed(auditRows(dataDir));
}

/** Every record of a gateway's trail as it is stored. */
export function auditRows(dataDir: string): Row[] {
  const database = new SQLite(join(dataDir, 'surehand.db'), { readonly: true });
  try {
    return database.prepare(ROWS).all() as Row[];
  } finally {
    database.close();
  }
}

/** The same on PostgreSQL. */
export async function postgresRows(url: string): Promise<Row[]> {
  return (await query(url, ROWS)) as unknown as Row[];
}

/** Every record of a trail on PostgreSQL, in order; throws unless they are one chain without a gap. */
export async function postgresRecords(url: string): Promise<StoredRecord[]> {
  const rows = await postgresRows(url);
  const [fault] = chainFaults(rows);
  if (fault !== undefined) throw new Error(fault);
  return parsed(rows);
}

/** What is wrong with a chain; nothing if it is whole. */
export function chainFaults(rows: readonly Row[]): string[] {
  let last = '0'.repeat(64);
  return rows.flatMap(({ record, hash }, index) => {
    const { seq, previousHash } = JSON.parse(record) as Record<string, unknown>;
    const whole =
      seq === index + 1 &&
      previousHash === last &&
      hash === createHash('sha256').update(record).digest('hex');
    last = hash;
    return whole ? [] : [`record ${index + 1} is no link of the chain: ${record}`];
  });
}

export function parsed(rows: readonly Row[]): StoredRecord[] {
  return rows.map(({ record, hash }) => ({ ...(JSON.parse(record) as StoredRecord), hash }));
}

/** The records of one request, once there are at least `count` of them. Refusals are written behind the reply. */
export async function recordsOf(dataDir: string, requestId: string, count = 1): Promise<StoredRecord[]> {
  const until = Date.now() + 5_000;
  for (;;) {
    const records = auditRecords(dataDir).filter((record) => record['requestId'] === requestId);
    if (records.length >= count || Date.now() > until) return records;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
