import pg from 'pg';
import { HEAD, REPEATED_ID, type Head, type Row, type Trail } from './trail.js';

const PAGE = 2_000;
const CONNECT_TIMEOUT_MS = 10_000;

const ROWS = `
  select seq, id, kind, at, operation_id, request_id, subject, record, hash from audit_records order by seq`;

/** Opens the trail of a PostgreSQL database, to look only. */
export async function openPostgresTrail(url: string): Promise<Trail> {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types,
  });
  // A connection that breaks fails the query that needs it.
  client.on('error', () => undefined);
  await client.connect();
  // One snapshot for everything that is read.
  await client.query('begin isolation level repeatable read, read only');
  return {
    head: async () => (await client.query<Head>(HEAD)).rows[0] ?? null,
    repeatedId: async () => (await client.query<{ seq: number | null }>(REPEATED_ID)).rows[0]?.seq ?? null,
    async *pages() {
      // A cursor, not pages by "seq > last": those would skip a repeated seq where a page ends.
      await client.query(`declare trail no scroll cursor for ${ROWS}`);
      for (;;) {
        const { rows } = await client.query<Row>(`fetch ${PAGE} from trail`);
        if (rows.length === 0) return;
        yield rows;
      }
    },
    close: () => client.end(),
  };
}
