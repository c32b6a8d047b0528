import { Injectable } from '@nestjs/common';
import { AuditStore, type KnownAccount } from '../../platform/audit/audit-store.js';
import { billingId, isBillingId } from './billing-id.js';

/** Which account each action belongs to: the only way to read an action is to list its account's. */
@Injectable()
export class KnownAccounts {
  constructor(private readonly store: AuditStore) {}

  /** Keeps what a client says in the header `Account-Id`. Throws `invalid-id` if that is none. Delays nobody. */
  learn(actionId: string, accountId: string | undefined): void {
    if (accountId === undefined) return;
    void this.remember([actionId], { accountId: billingId(accountId), seen: false });
  }

  /** Keeps under which account the billing system listed these actions. Delays nobody. */
  saw(actionIds: readonly string[], accountId: string): void {
    void this.remember(actionIds.filter(isBillingId), { accountId, seen: true });
  }

  /** Null if nobody has said or seen it so far. */
  of(actionId: string): Promise<KnownAccount | null> {
    return this.store.accountOf(actionId);
  }

  /** A hint must never stand in a write's way: without a store, its intent will say so. */
  private async remember(actionIds: readonly string[], account: KnownAccount): Promise<void> {
    await this.store.rememberAccount(actionIds, account).catch(() => undefined);
  }
}
