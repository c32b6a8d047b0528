import type { Transaction } from '../storage/tables.js';
import type { Commit } from './audit-store.js';

/**
 * Whether a verdict or a person's resolution comes too late: the write is decided, or the lease under which it
 * was found was lost. What the upstream itself said is never too late. `decided` holds the writes that earlier
 * entries of the same batch decide; `now` is the database's, ms since the epoch.
 */
export async function isSuperseded(
  transaction: Transaction,
  { entry, lease }: Commit,
  decided: ReadonlySet<string>,
  now: number,
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
    .where((eb) =>
      eb.or([
        eb('outcome', 'in', ['pending', 'unknown']),
        // A person may close what the upstream's own late reply has opened again.
        ...(entry.kind === 'resolution' ? [eb('open_item', '=', 1)] : []),
      ]),
    )
    .executeTakeFirst();
  return undecided === undefined;
}
