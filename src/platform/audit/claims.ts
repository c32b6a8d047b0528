import { overRows } from '../storage/compiled-queries.js';
import type { ClaimsTable, Transaction } from '../storage/tables.js';
import { isEnding, type IntentEntry } from './audit-record.js';
import type { Commit, Settlement } from './audit-store.js';
import { freeKeys, settleKeys, takeKeys, type Keyed } from './idempotency-keys.js';

export type IntentCommit = Commit & { readonly entry: IntentEntry };

const take = overRows<ClaimsTable, { operation_id: string }>((db, claims) =>
  db
    .insertInto('claims')
    .values(claims)
    .onConflict((conflict) => conflict.doNothing())
    .returning('operation_id'),
);
// A resource that somebody else has claimed since stays theirs.
const release = overRows<ClaimsTable>((db, claims) =>
  db
    .deleteFrom('claims')
    .where(
      'resource',
      'in',
      claims.map(({ resource }) => resource),
    )
    .where(
      'operation_id',
      'in',
      claims.map(({ operation_id }) => operation_id),
    ),
);

/** Two operations of one system on the same id are writes to the same resource. */
function claimOf({
  operation,
  resource,
  operationId,
}: Pick<IntentEntry, 'operation' | 'resource' | 'operationId'>): ClaimsTable {
  return { resource: `${operation.split('.', 1).join()}:${resource}`, operation_id: operationId };
}

function isKeyed(commit: IntentCommit): commit is Keyed {
  return commit.idempotency !== undefined;
}

/**
 * Lets intents through that get their key and their resource; returns why the others do not. Within one
 * transaction that holds the chain's lock, in a fixed number of statements however many intents there are.
 * `now` is the database's, ms since the epoch.
 */
export async function claim(
  transaction: Transaction,
  intents: readonly IntentCommit[],
  now: number,
): Promise<Map<string, Settlement>> {
  const refused = new Map<string, Settlement>();
  await takeKeys(transaction, intents.filter(isKeyed), now, refused);
  await takeResources(
    transaction,
    intents.filter(({ entry }) => !refused.has(entry.id)),
    refused,
  );
  return refused;
}

async function takeResources(
  transaction: Transaction,
  intents: readonly IntentCommit[],
  refused: Map<string, Settlement>,
): Promise<void> {
  const won = await take(
    transaction,
    intents.map(({ entry }) => claimOf(entry)),
  );
  const winners = new Set(won.map(({ operation_id }) => operation_id));
  const losers = intents.filter(({ entry }) => !winners.has(entry.operationId));
  if (losers.length === 0) return;
  const holders = await transaction
    .selectFrom('claims')
    .selectAll()
    .where(
      'resource',
      'in',
      losers.map(({ entry }) => claimOf(entry).resource),
    )
    .execute();
  const holderOf = new Map(holders.map(({ resource, operation_id }) => [resource, operation_id]));
  for (const { entry } of losers) {
    const operationId = holderOf.get(claimOf(entry).resource) ?? '';
    refused.set(entry.id, { kind: 'resource-busy', operationId });
  }
  await freeKeys(
    transaction,
    losers.map(({ entry }) => entry.operationId),
  );
}

/**
 * Releases the claims of writes that end, and answers or frees their keys. An outcome that is unknown keeps its
 * claim until the write was read back. `now` is the database's, ms since the epoch.
 */
export function settle(transaction: Transaction, commits: readonly Commit[], now: number): Promise<unknown> {
  const endings = commits.flatMap(({ entry, ...rest }) => (isEnding(entry) ? [{ entry, ...rest }] : []));
  const ended = endings
    .map(({ entry }) => entry)
    .filter(({ outcome, kind }) => outcome !== 'unknown' || kind === 'reconciliation');
  return Promise.all([
    release(transaction, ended.map(claimOf)),
    settleKeys(
      transaction,
      endings.filter(({ keyless }) => keyless !== true),
      now,
    ),
  ]);
}
