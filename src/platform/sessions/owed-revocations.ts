import { fromNow, type Database } from '../storage/database.js';
import type { OwedRevocation } from './session-store.js';

/** Takes revocations that are due; nobody else gets them for so long. Each taking counts as an attempt. */
export function takeOwed(database: Database, limit: number, forMs: number): Promise<OwedRevocation[]> {
  return database.db
    .with('due', (cte) =>
      cte
        .selectFrom('owed_revocations')
        .select('session')
        .where('due_at', '<=', database.now)
        .orderBy('due_at')
        .limit(limit)
        // Two replicas that take at once take different ones.
        .$if(database.locksRows, (query) => query.forUpdate().skipLocked()),
    )
    .updateTable('owed_revocations')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), due_at: fromNow(database, forMs) }))
    .where('session', 'in', (eb) => eb.selectFrom('due').select('session'))
    .returning(['session', 'tokens', 'attempts'])
    .execute();
}

/** Nothing is owed for this session any more. */
export async function settleOwed({ db }: Database, session: string): Promise<void> {
  await db.deleteFrom('owed_revocations').where('session', '=', session).execute();
}
