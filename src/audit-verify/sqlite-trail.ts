import { statSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { HEAD, REPEATED_ID, type Head, type Row, type Trail } from './trail.js';

const PAGE = 1_000;

// A record of another type is as good as none.
const ROWS = `
  select seq, id, kind, at, operation_id, request_id, subject,
    case typeof(record) when 'text' then record end as record, hash
  from audit_records order by seq`;
const BYTES = 'select cast(record as blob) as record from audit_records where seq = ?';

/** Opens the trail of a data directory or of a database file, to look only. */
export function openSqliteTrail(path: string): Trail {
  const file = statSync(path).isDirectory() ? join(path, 'surehand.db') : path;
  const database = new SQLite(file, { readonly: true });
  // Everything is read in one transaction, so from one state.
  database.exec('begin');
  const first = <Result>(query: string): Promise<Result | undefined> =>
    Promise.resolve(database.prepare<[], Result>(query).get());
  return {
    head: async () => (await first<Head>(HEAD)) ?? null,
    repeatedId: async () => (await first<{ seq: number | null }>(REPEATED_ID))?.seq ?? null,
    *pages() {
      const bytes = database.prepare<[unknown], Pick<Row, 'record'>>(BYTES);
      let page: Row[] = [];
      for (const row of database.prepare<[], Row>(ROWS).iterate()) {
        page.push(isLossy(row.record) ? { ...row, ...bytes.get(row.seq) } : row);
        if (page.length < PAGE) continue;
        yield page;
        page = [];
      }
      yield page;
    },
    close() {
      database.close();
      return Promise.resolve();
    },
  };
}

/** U+FFFD is also what stands for bytes that are no UTF-8: then only the bytes themselves tell. */
function isLossy(text: unknown): boolean {
  return typeof text === 'string' && text.includes('\ufffd');
}
