import type { Kysely } from 'kysely';
import type { Database } from '../storage/database.js';
import type { Tables } from '../storage/tables.js';
import type { Commit } from './audit-store.js';

/**
 * Whether a verdict or a person's resolution comes too late: the write is decided, or the lease under which it
 * was found was lost. What the upstream itself said is never too late. `decided` holds the writes that earlier
 * entries of the same batch decide.
 */
export async function isSuperseded(
  transaction: Kysely<Tables>,
  { entry, lease }: Commit,
  decided: ReadonlySet<string>,
  now: Database['now'],
): Promise<boolean> {
  if (entry.kind !== 'reconciliation' && entry.kind !== 'resolution') return false;
  if (decided.has(entry.operationId)) return true;
  if (lease !== undefined) {
    const held = await transaction
      .selectFrom('leases')
      .select('fence')
      .where('name', '=', lease.name)
      .where('fence', '=', lease.fence)
      .where('expires_at', '>=', now)
      .executeTakeFirst();
    if (held === undefined) return true;
  }
  const undecided = await transaction
    .selectFrom('writes')
    .select('operation_id')
    .where('operation_id', '=', entry.operationId)
    .where('outcome', 'in', ['pending', 'unknown'])
    .executeTakeFirst();
  return undecided === undefined;
}
