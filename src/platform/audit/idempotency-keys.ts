import { overRow, overRows } from '../storage/compiled-queries.js';
import type { IdempotencyKeysTable, Transaction } from '../storage/tables.js';
import { valuesOf } from '../storage/values.js';
import type { EndingEntry, IntentEntry } from './audit-record.js';
import type { Commit, Settlement } from './audit-store.js';

export type Keyed = Commit & {
  readonly entry: IntentEntry;
  readonly idempotency: NonNullable<Commit['idempotency']>;
};
/** The end of a write for which a key may stand. */
export type Ending = Pick<Commit, 'reply'> & { readonly entry: EndingEntry };

/** A decided key is kept for this long. */
const KEPT_FOR_MS = 24 * 60 * 60 * 1_000;

const forgetExpired = overRow<{ readonly now: number }>((db, { now }) =>
  db.deleteFrom('idempotency_keys').where('expires_at', '<', now),
);
const take = overRows<IdempotencyKeysTable, { operation_id: string }>((db, rows) =>
  db
    .insertInto('idempotency_keys')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .returning('operation_id'),
);
const free = overRows<Pick<IdempotencyKeysTable, 'operation_id'>>((db, rows) =>
  db.deleteFrom('idempotency_keys').where(
    'operation_id',
    'in',
    rows.map(({ operation_id }) => operation_id),
  ),
);
const answer = overRows<Pick<IdempotencyKeysTable, 'operation_id' | 'reply' | 'expires_at'>>((db, rows) =>
  db
    .with('answered(operation_id, reply, expires_at)', () =>
      valuesOf(rows, 'operation_id', 'reply', 'expires_at'),
    )
    .updateTable('idempotency_keys')
    .from('answered')
    .set((row) => ({
      reply: row.ref('answered.reply'),
      expires_at: row.cast<number>('answered.expires_at', 'bigint'),
    }))
    .whereRef('idempotency_keys.operation_id', '=', 'answered.operation_id')
    // What is decided, and so is to be forgotten some day, does not become undecided.
    .where((row) =>
      row.or([row('answered.expires_at', 'is not', null), row('idempotency_keys.expires_at', 'is', null)]),
    )
    // By index, whatever is known of the table.
    .where(
      'idempotency_keys.operation_id',
      'in',
      rows.map(({ operation_id }) => operation_id),
    ),
);

/**
 * Takes the keys of intents; tells in `refused` why some did not get theirs. `now` is the database's, ms since
 * the epoch.
 */
export async function takeKeys(
  transaction: Transaction,
  intents: readonly Keyed[],
  now: number,
  refused: Map<string, Settlement>,
): Promise<void> {
  if (intents.length === 0) return;
  const [, won] = await Promise.all([
    forgetExpired(transaction, { now }),
    take(transaction, intents.map(keyOf)),
  ]);
  const winners = new Set(won.map(({ operation_id }) => operation_id));
  for (const intent of intents.filter(({ entry }) => !winners.has(entry.operationId)))
    refused.set(intent.entry.id, await knownKey(transaction, intent));
}

function keyOf({ entry, idempotency }: Keyed): IdempotencyKeysTable {
  return {
    subject: subjectOf(entry),
    key: idempotency.key,
    operation_id: entry.operationId,
    fingerprint: idempotency.fingerprint,
    reply: null,
    expires_at: null,
  };
}

async function knownKey(transaction: Transaction, { entry, idempotency }: Keyed): Promise<Settlement> {
  const known = await transaction
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('subject', '=', subjectOf(entry))
    .where('key', '=', idempotency.key)
    .executeTakeFirstOrThrow();
  if (known.fingerprint !== idempotency.fingerprint) return { kind: 'key-reused' };
  const write = await transaction
    .selectFrom('writes')
    .selectAll()
    .where('operation_id', '=', known.operation_id)
    .executeTakeFirst();
  return {
    kind: 'key-known',
    operationId: known.operation_id,
    // The same key twice in one batch: the first one's write is not there yet.
    write: write ?? null,
    reply: known.reply,
  };
}

/** Answers or frees the keys of writes that end. `now` is the database's, ms since the epoch. */
export function settleKeys(
  transaction: Transaction,
  endings: readonly Ending[],
  now: number,
): Promise<unknown> {
  // Whatever is decided and has no reply to be answered with again may be tried again.
  const undone = endings.filter(
    ({ entry, reply }) =>
      entry.outcome === 'not-applied' || (entry.outcome !== 'unknown' && reply === undefined),
  );
  const answers = endings.flatMap(({ entry: { operationId, outcome }, reply }) => {
    if (reply === undefined || outcome === 'not-applied') return [];
    const expires_at = outcome === 'unknown' ? null : now + KEPT_FOR_MS;
    return [{ operation_id: operationId, reply, expires_at }];
  });
  return Promise.all([
    freeKeys(
      transaction,
      undone.map(({ entry }) => entry.operationId),
    ),
    // The last of two endings of a write is the one that stays.
    answer(transaction, [...new Map(answers.map((row) => [row.operation_id, row])).values()]),
  ]);
}

/** Forgets the keys of writes that did not happen, so that they may be tried again. */
export function freeKeys(transaction: Transaction, operationIds: readonly string[]): Promise<unknown> {
  return free(
    transaction,
    operationIds.map((operation_id) => ({ operation_id })),
  );
}

function subjectOf({ principal }: IntentEntry): string {
  return principal?.subject ?? '';
}
