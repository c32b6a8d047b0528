import { overRow } from '../storage/compiled-queries.js';
import type { OwedRevocationsTable, SessionsTable, Transaction } from '../storage/tables.js';
import type { SessionEntry } from './audit-record.js';
import type { BegunSession, Commit, Settlement } from './audit-store.js';

const begin = overRow<SessionsTable, Pick<SessionsTable, 'session'>>((db, row) =>
  db
    .insertInto('sessions')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('session'),
);
const remove = overRow<Pick<SessionsTable, 'session'>, Pick<SessionsTable, 'tokens'>>((db, { session }) =>
  db.deleteFrom('sessions').where('session', '=', session).returning('tokens'),
);
const owe = overRow<OwedRevocationsTable>((db, row) => db.insertInto('owed_revocations').values(row));

/**
 * Begins and ends sessions, in the order of their entries and within the transaction that appends these. Tells in
 * `refused` of ends of what has ended already, and of beginnings of what has begun. Of a session that ends the
 * tokens are kept until they are revoked. `now` is the database's, ms since the epoch.
 */
export async function changeSessions(
  transaction: Transaction,
  commits: readonly Commit[],
  now: number,
  refused: Map<string, Settlement>,
): Promise<void> {
  for (const { entry, session } of commits) {
    if (entry.kind !== 'session') continue;
    const changed =
      entry.event === 'ended'
        ? await end(transaction, entry, now)
        : session !== undefined && (await begin(transaction, rowOf(entry, session, now))).length > 0;
    if (!changed) refused.set(entry.id, { kind: 'superseded' });
  }
}

/** Whether there was anything to end. */
async function end(transaction: Transaction, { session }: SessionEntry, now: number): Promise<boolean> {
  const [ended] = await remove(transaction, { session });
  if (ended === undefined) return false;
  await owe(transaction, { session, tokens: ended.tokens, attempts: 0, due_at: now });
  return true;
}

function rowOf({ session, owner }: SessionEntry, begun: BegunSession, now: number): SessionsTable {
  return {
    id_hash: begun.idHash,
    session,
    subject: owner,
    sid: begun.sid,
    started_at: now,
    seen_at: now,
    ends_at: now + Math.round(begun.lifetimeMs),
    refresh_at: begun.refreshInMs === null ? null : now + Math.round(begun.refreshInMs),
    version: 1,
    refresh_by: null,
    refresh_until: null,
    address: begun.address,
    user_agent: begun.userAgent,
    tokens: begun.tokens,
  };
}
