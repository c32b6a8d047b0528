import { statSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { HEAD, REPEATED_ID, type Head, type Row, type Trail } from './trail.js';

const PAGE = 1_000;

// As bytes: a decoder would hide a byte that is no UTF-8. A record of another type is as good as none.
const ROWS = `
  select seq, id, kind, at, operation_id, request_id, subject,
    case typeof(record) when 'text' then cast(record as blob) end as record, hash
  from audit_records order by seq`;

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
      let page: Row[] = [];
      for (const row of database.prepare<[], Row>(ROWS).iterate()) {
        page.push(row);
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
