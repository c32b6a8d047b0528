import { sql, type Kysely } from 'kysely';
import type { Database } from '../storage/database.js';
import type { Tables } from '../storage/tables.js';
import type { IntentEntry } from './audit-record.js';
import type { Commit, Settlement } from './audit-store.js';

type Transaction = Kysely<Tables>;
export type IntentCommit = Commit & { readonly entry: IntentEntry };
type Keyed = IntentCommit & { readonly idempotency: NonNullable<Commit['idempotency']> };

/** Two operations of one system on the same id are writes to the same resource. */
function claimOf({ operation, resource }: IntentEntry): string {
  return `${operation.split('.', 1).join()}:${resource}`;
}

function subjectOf({ principal }: IntentEntry): string {
  return principal?.subject ?? '';
}

function isKeyed(commit: IntentCommit): commit is Keyed {
  return commit.idempotency !== undefined;
}

/**
 * Lets intents through that get their key and their resource; returns why the others do not. Within one
 * transaction that holds the chain's lock, in a fixed number of statements however many intents there are.
 */
export async function claim(
  transaction: Transaction,
  intents: readonly IntentCommit[],
  now: Database['now'],
): Promise<Map<string, Settlement>> {
  const refused = new Map<string, Settlement>();
  if (intents.length === 0) return refused;
  await claimKeys(transaction, intents.filter(isKeyed), now, refused);
  await claimResources(
    transaction,
    intents.filter(({ entry }) => !refused.has(entry.id)),
    refused,
  );
  return refused;
}

async function claimKeys(
  transaction: Transaction,
  intents: readonly Keyed[],
  now: Database['now'],
  refused: Map<string, Settlement>,
): Promise<void> {
  if (intents.length === 0) return;
  await transaction.deleteFrom('idempotency_keys').where('expires_at', '<', now).execute();
  const won = await transaction
    .insertInto('idempotency_keys')
    .values(
      intents.map(({ entry, idempotency }) => ({
        subject: subjectOf(entry),
        key: idempotency.key,
        operation_id: entry.operationId,
        fingerprint: idempotency.fingerprint,
        reply: null,
        expires_at: null,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('operation_id')
    .execute();
  const winners = new Set(won.map(({ operation_id }) => operation_id));
  for (const intent of intents.filter(({ entry }) => !winners.has(entry.operationId))) {
    refused.set(intent.entry.id, await knownKey(transaction, intent));
  }
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

async function claimResources(
  transaction: Transaction,
  intents: readonly IntentCommit[],
  refused: Map<string, Settlement>,
): Promise<void> {
  if (intents.length === 0) return;
  const won = await transaction
    .insertInto('claims')
    .values(intents.map(({ entry }) => ({ resource: claimOf(entry), operation_id: entry.operationId })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('operation_id')
    .execute();
  const winners = new Set(won.map(({ operation_id }) => operation_id));
  const losers = intents.filter(({ entry }) => !winners.has(entry.operationId));
  if (losers.length === 0) return;
  const holders = await transaction
    .selectFrom('claims')
    .selectAll()
    .where(
      'resource',
      'in',
      losers.map(({ entry }) => claimOf(entry)),
    )
    .execute();
  const holderOf = new Map(holders.map(({ resource, operation_id }) => [resource, operation_id]));
  for (const { entry } of losers) {
    refused.set(entry.id, { kind: 'resource-busy', operationId: holderOf.get(claimOf(entry)) ?? '' });
  }
  await freeKeys(
    transaction,
    losers.map(({ entry }) => entry.operationId),
  );
}

/** Forgets the keys of writes that did not happen, so that they may be tried again. */
export async function freeKeys(transaction: Transaction, operationIds: readonly string[]): Promise<void> {
  if (operationIds.length === 0) return;
  await transaction.deleteFrom('idempotency_keys').where('operation_id', 'in', operationIds).execute();
}

/** Lets other writes to the same resources begin. */
export async function release(transaction: Transaction, operationIds: readonly string[]): Promise<void> {
  if (operationIds.length === 0) return;
  await transaction.deleteFrom('claims').where('operation_id', 'in', operationIds).execute();
}

/** A decided key is kept for this long. */
const KEPT_FOR_MS = 24 * 60 * 60 * 1_000;

/** Keeps the reply that a key is answered with from now on; a decided one expires. */
export async function keepReply(
  transaction: Transaction,
  operationId: string,
  reply: string,
  decided: boolean,
  now: Database['now'],
): Promise<void> {
  await transaction
    .updateTable('idempotency_keys')
    .set({
      reply,
      expires_at: decided ? sql<number>`${now} + ${sql.lit(KEPT_FOR_MS)}` : null,
    })
    .where('operation_id', '=', operationId)
    .execute();
}
