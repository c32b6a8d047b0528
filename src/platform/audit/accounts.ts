import { sql, type Kysely } from 'kysely';
import type { Tables } from '../storage/tables.js';
import type { KnownAccount } from './audit-store.js';

/** Far below what either database takes as parameters of one statement. */
const ROWS = 1_000;

/** Keeps whose these resources are. What is known already is not written again. */
export async function rememberAccount(
  db: Kysely<Tables>,
  resources: readonly string[],
  { accountId, seen }: KnownAccount,
): Promise<void> {
  const rows = [...new Set(resources)].map((resource) => ({
    resource,
    account_id: accountId,
    seen: Number(seen),
  }));
  for (let first = 0; first < rows.length; first += ROWS) {
    await db
      .insertInto('accounts')
      .values(rows.slice(first, first + ROWS))
      .onConflict((conflict) =>
        conflict
          .column('resource')
          .doUpdateSet({ account_id: accountId, seen: Number(seen) })
          .where(sql<boolean>`excluded.seen >= accounts.seen`)
          .where(sql<boolean>`(excluded.account_id, excluded.seen) <> (accounts.account_id, accounts.seen)`),
      )
      .execute();
  }
}

/** Whose the resource is, as far as that is known. */
export async function accountOf(db: Kysely<Tables>, resource: string): Promise<KnownAccount | null> {
  const row = await db
    .selectFrom('accounts')
    .select(['account_id', 'seen'])
    .where('resource', '=', resource)
    .executeTakeFirst();
  return row === undefined ? null : { accountId: row.account_id, seen: row.seen === 1 };
}
