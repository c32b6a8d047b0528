import { parentPort, workerData } from 'node:worker_threads';
import type { Kysely } from 'kysely';
import { migrate } from '../storage/migrations.js';
import { openEmbeddedDatabase, writeTransaction } from '../storage/sqlite.js';
import type { Tables } from '../storage/tables.js';
import type { AuditEntry } from './audit-record.js';
import { EMPTY_CHAIN, canonical, chained, type ChainHead } from './chain.js';

/** What the store asks of its worker, and the answer. Requests are answered in order. */
export type WorkerRequest = { readonly append: readonly AuditEntry[] } | 'close';
export type WorkerAnswer = { readonly ok: true } | { readonly ok: false; readonly error: Error };

/** Appends to the chain in one transaction. Entries that are already there are left as they are. */
async function append(
  db: Kysely<Tables>,
  head: ChainHead,
  entries: readonly AuditEntry[],
): Promise<ChainHead> {
  return await writeTransaction(db, async (transaction) => {
    const ids = entries.map(({ id }) => id);
    const known = await transaction.selectFrom('audit_records').select('id').where('id', 'in', ids).execute();
    const written = new Set(known.map(({ id }) => id));
    let last = head;
    const rows = entries
      .filter(({ id }) => !written.has(id))
      .map((entry) => {
        const { hash, ...record } = chained(entry, last);
        last = { seq: record.seq, hash };
        return {
          seq: record.seq,
          id: record.id,
          kind: record.kind,
          at: record.at,
          operation_id: 'operationId' in record ? record.operationId : null,
          request_id: record.requestId,
          record: canonical(record),
          hash,
        };
      });
    if (rows.length > 0) await transaction.insertInto('audit_records').values(rows).execute();
    return last;
  });
}

async function headOf(db: Kysely<Tables>): Promise<ChainHead> {
  const last = await db
    .selectFrom('audit_records')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last ?? EMPTY_CHAIN;
}

async function serve(port: NonNullable<typeof parentPort>, directory: string): Promise<void> {
  const database = openEmbeddedDatabase(directory);
  const { db } = database;
  await migrate(db);
  let head = await headOf(db);
  const answer = (message: WorkerAnswer): void => {
    port.postMessage(message);
  };
  port.on('message', (request: WorkerRequest) => {
    const work =
      request === 'close'
        ? database.close()
        : append(db, head, request.append).then((last) => void (head = last));
    work.then(
      () => {
        answer({ ok: true });
        if (request === 'close') port.close();
      },
      (error: unknown) => {
        answer({ ok: false, error: error as Error });
      },
    );
  });
  answer({ ok: true });
}

if (parentPort !== null) await serve(parentPort, workerData as string);
