import { Injectable } from '@nestjs/common';
import { AuditStore, type KnownAccount } from '../../platform/audit/audit-store.js';
import { billingId, isBillingId } from './billing-id.js';

/** Which account each action belongs to: the only way to read an action is to list its account's. */
@Injectable()
export class KnownAccounts {
  /** What is on its way into the store: a write may follow at once. */
  private readonly learning = new Map<string, KnownAccount>();

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
  async of(actionId: string): Promise<KnownAccount | null> {
    const learning = this.learning.get(actionId);
    if (learning?.seen === true) return learning;
    const known = await this.store.accountOf(actionId);
    // What was seen outranks what somebody said.
    return known?.seen === true ? known : (learning ?? known);
  }

  /** A hint must never stand in a write's way: without a store, its intent will say so. */
  private async remember(actionIds: readonly string[], account: KnownAccount): Promise<void> {
    for (const id of actionIds) {
      if (account.seen || this.learning.get(id)?.seen !== true) this.learning.set(id, account);
    }
    await this.store.rememberAccount(actionIds, account).catch(() => undefined);
    for (const id of actionIds) if (this.learning.get(id) === account) this.learning.delete(id);
  }
}
