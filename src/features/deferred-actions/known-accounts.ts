import { Injectable } from '@nestjs/common';
import { AuditStore } from '../../platform/audit/audit-store.js';
import { billingId } from './deferred-action-id.js';

/** Which account each action belongs to: the only way to read an action is to list its account's. */
@Injectable()
export class KnownAccounts {
  constructor(private readonly store: AuditStore) {}

  /** Keeps what a client says in the header `Account-Id`. Throws `invalid-id` if that is none. */
  async learn(actionId: string, accountId: string | undefined): Promise<void> {
    if (accountId === undefined) return;
    const checked = billingId(accountId);
    // A hint must never stand in a write's way: without a store, its intent will say so.
    await this.store.rememberAccount(actionId, checked).catch(() => undefined);
  }

  /** Null if nobody has said so far. */
  of(actionId: string): Promise<string | null> {
    return this.store.accountOf(actionId);
  }
}
