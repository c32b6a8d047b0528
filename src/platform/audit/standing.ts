import { sql, type RawBuilder } from 'kysely';
import type { OpenWrites, Standing } from '../metrics/watched.js';
import type { Database } from '../storage/database.js';

/** Until their deadline is over, writes without an outcome are under way. The first as in `writes_by_outcome`. */
const UNDECIDED = sql`outcome <> 'applied' and outcome in ('pending', 'unknown') and open_item = 0`;
/** As in the index `writes_open`. */
const BEFORE_A_PERSON = sql`open_item = 1`;

/** How the store stands, from indexes that leave applied writes out. */
export async function standing(database: Database): Promise<Standing> {
  const { db, now } = database;
  const open = async (which: RawBuilder<unknown>): Promise<OpenWrites> => {
    const { rows } = await sql<{ count: number; oldest: string | null }>`
      select count(*) as count, min(at) as oldest from writes where ${which}`.execute(db);
    const [{ count, oldest } = { count: 0, oldest: null }] = rows;
    return { count, oldestAt: oldest === null ? null : Date.parse(oldest) };
  };
  const { rows } = await sql<{ age: number; uncovered: number }>`
    select ${now} - checkpoint_at as age, seq - checkpoint_seq as uncovered from chain_head`.execute(db);
  const [head = { age: 0, uncovered: 0 }] = rows;
  return {
    undecided: await open(sql`${UNDECIDED} and (outcome = 'unknown' or dispatch_by < ${now})`),
    beforeAPerson: await open(BEFORE_A_PERSON),
    checkpointAgeMs: head.age,
    uncovered: head.uncovered,
  };
}
