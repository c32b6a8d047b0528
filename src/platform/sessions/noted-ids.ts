import { fromNow, type Database } from '../storage/database.js';

/** Ids that are forgotten together: the rest goes with the next one that is noted. */
const FORGOTTEN_AT_ONCE = 100;

/** Notes an id for so long; false if it was noted before and is not forgotten yet. */
export async function noteOnce(database: Database, id: string, forMs: number): Promise<boolean> {
  const expires_at = fromNow(database, forMs);
  const noted = await database.db
    .insertInto('noted_ids')
    .values({ id, expires_at })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ expires_at }).where('noted_ids.expires_at', '<=', database.now),
    )
    .returning('id')
    .executeTakeFirst();
  await forget(database);
  return noted !== undefined;
}

async function forget({ db, now, locksRows }: Database): Promise<void> {
  await db
    .with('forgotten', (cte) =>
      cte
        .selectFrom('noted_ids')
        .select('id')
        .where('expires_at', '<=', now)
        .orderBy('expires_at')
        .limit(FORGOTTEN_AT_ONCE)
        .$if(locksRows, (query) => query.forUpdate().skipLocked()),
    )
    .deleteFrom('noted_ids')
    .where('id', 'in', (eb) => eb.selectFrom('forgotten').select('id'))
    .execute();
}
