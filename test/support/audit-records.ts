import { join } from 'node:path';
import SQLite from 'better-sqlite3';

/** A record of the trail as an auditor reads it from the database file. */
export type StoredRecord = Readonly<Record<string, unknown>> & {
  readonly kind: string;
  readonly hash: string;
};

interface Row {
  readonly record: string;
  readonly hash: string;
}

/** Every record of a gateway's trail, in order. */
export function auditRecords(dataDir: string): StoredRecord[] {
  const database = new SQLite(join(dataDir, 'surehand.db'), { readonly: true });
  try {
    const rows = database.prepare('select record, hash from audit_records order by seq').all() as Row[];
    return rows.map(({ record, hash }) => ({ ...(JSON.parse(record) as StoredRecord), hash }));
  } finally {
    database.close();
  }
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
