import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { observed } from '../../platform/upstream/observed.js';
import { isObject } from '../../platform/upstream/reply-json.js';
import {
  ABSENT,
  LOOK_WITHIN_MS,
  ReadBacks,
  compareFields,
  type Comparison,
  type ReadBack,
  type ReadBackVerdict,
  type Seen,
  type WrittenResource,
} from '../../platform/writes/read-back.js';
import { BillingSystem } from './billing-system.js';
import { documentedMembers, readDeferredAction } from './deferred-action-reply.js';
import { ActionStatus } from './dto/deferred-action.dto.js';
import { KnownAccounts } from './known-accounts.js';
import { sameMoment } from './same-moment.js';

/** Finds out what became of writes to actions, by listing the actions of their accounts. */
@Injectable()
export class DeferredActionReadBacks implements OnModuleInit {
  private readonly look = this.lookInAccount.bind(this);

  readonly ofModification: ReadBack = {
    operation: 'deferred-action.modify',
    look: this.look,
    verdict: (comparison) => compareFields(comparison, { identity: 'actionId', same: this.same.bind(this) }),
    // As billing lists it.
    confirmed: ({ resource }, state) =>
      documentedMembers({ ...state, actionId: { id: resource, uri: null } }),
  };
  readonly ofPerformance: ReadBack = {
    operation: 'deferred-action.perform',
    look: this.look,
    verdict: isDone,
    confirmed: ({ resource }) =>
      documentedMembers({ actionId: { id: resource, uri: null }, actionStatus: ActionStatus.done }),
  };
  readonly ofDeletion: ReadBack = {
    operation: 'deferred-action.delete',
    look: this.look,
    verdict: isGone,
    confirmed: () => null,
  };

  constructor(
    private readonly config: Config,
    private readonly billing: BillingSystem,
    private readonly accounts: KnownAccounts,
    private readonly registry: ReadBacks,
  ) {}

  onModuleInit(): void {
    for (const readBack of [this.ofModification, this.ofPerformance, this.ofDeletion]) {
      this.registry.add(readBack);
    }
  }

  private async lookInAccount({ resource }: WrittenResource, deadline = Infinity): Promise<Seen> {
    const account = await this.accounts.of(resource).catch(() => undefined);
    if (account === undefined) return { kind: 'unreachable', reason: 'the account could not be looked up' };
    if (account === null) return { kind: 'unrecognised', reason: "the action's account is not known" };
    const { upstream } = this.billing;
    const call = upstream.send(
      { method: 'GET', path: this.billing.pathOfAccount(account.accountId) },
      Math.min(LOOK_WITHIN_MS, upstream.timeoutMs, deadline - Date.now()),
      deadline,
    );
    const exchange = await observed(upstream, 'read-back', call);
    if (exchange.kind !== 'answered' || exchange.status !== 200) {
      return { kind: 'unreachable', reason: "the account's actions could not be read" };
    }
    const list: unknown = exchange.json;
    if (!Array.isArray(list)) return { kind: 'unrecognised', reason: 'billing answered with no list' };
    const readings = list.map((json: unknown) => readDeferredAction({ ...exchange, json }));
    const actions = readings.flatMap((reading) => (reading.kind === 'success' ? [reading.reply] : []));
    const [action, ...more] = actions.filter(({ actionId }) => actionId?.id === resource);
    if (more.length > 0)
      return { kind: 'unrecognised', reason: 'the account lists more than one such action' };
    if (action !== undefined) {
      this.accounts.saw([resource], account.accountId);
      return { kind: 'seen', state: Object.fromEntries(Object.entries(action)) };
    }
    // It may be an item that cannot be read; and an account that a client merely named may be the wrong one.
    return actions.length === list.length && account.seen
      ? { kind: 'absent' }
      : { kind: 'unrecognised', reason: 'the account lists no such action, which proves nothing' };
  }

  private same(field: string, sent: unknown, seen: unknown): boolean {
    return field === 'scheduledDate' && sameMoment(sent, seen, this.config.billingCare.timeZone);
  }
}

const PENDING: readonly unknown[] = [ActionStatus.pending, ActionStatus.pendingAndUndeletable];

function isDone({ before, now }: Comparison): ReadBackVerdict {
  if (now === null) return { outcome: 'unknown', reason: 'the action is not listed any more' };
  if (PENDING.includes(now['actionStatus'])) {
    return { outcome: 'not-applied', reason: 'the action is still pending' };
  }
  if (now['actionStatus'] !== ActionStatus.done) {
    return { outcome: 'unknown', reason: 'the action is neither done nor pending' };
  }
  return isObject(before) && before['actionStatus'] === ActionStatus.done
    ? { outcome: 'unknown', reason: 'the action is done, and was so before' }
    : { outcome: 'applied', reason: 'the action is done' };
}

function isGone({ before, now }: Comparison): ReadBackVerdict {
  if (now !== null) return { outcome: 'not-applied', reason: 'the action is still there' };
  return before === ABSENT
    ? { outcome: 'unknown', reason: 'the action is gone, and was so before' }
    : { outcome: 'applied', reason: 'the action is gone' };
}
