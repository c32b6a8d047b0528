import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { isObject } from '../../platform/upstream/reply-json.js';
import { UpstreamClient } from '../../platform/upstream/upstream-client.js';
import {
  ReadBacks,
  type ReadBack,
  type Seen,
  type WrittenResource,
} from '../../platform/writes/read-back.js';
import { pathSegment } from './deferred-action-id.js';
import { documentedMembers } from './deferred-action-reply.js';
import { KnownAccounts } from './known-accounts.js';
import { sameMoment } from './same-moment.js';

/** Finds out whether an action was modified, by listing the actions of its account. */
@Injectable()
export class DeferredActionReadBack implements ReadBack, OnModuleInit {
  readonly operation = 'deferred-action.modify';

  constructor(
    private readonly config: Config,
    private readonly upstream: UpstreamClient,
    private readonly accounts: KnownAccounts,
    private readonly readBacks: ReadBacks,
  ) {}

  onModuleInit(): void {
    this.readBacks.add(this);
  }

  async look({ resource }: WrittenResource): Promise<Seen> {
    const account = await this.accounts.of(resource);
    if (account === null) return { kind: 'unrecognised', reason: "the action's account is not known" };
    const exchange = await this.upstream.send(
      {
        method: 'GET',
        path: `/deferredactions/account/${pathSegment(account, this.config.billingCare.plus)}`,
      },
      this.upstream.timeoutMs,
    );
    if (exchange.kind !== 'answered' || exchange.status !== 200) {
      return { kind: 'unreachable', reason: "the account's actions could not be read" };
    }
    if (!Array.isArray(exchange.json))
      return { kind: 'unrecognised', reason: 'billing answered with no list' };
    const [action, ...more] = exchange.json.filter(isObject).filter((item) => idOf(item) === resource);
    return action === undefined || more.length > 0
      ? {
          kind: 'unrecognised',
          reason: `the account lists ${more.length === 0 ? 'no' : 'more than one'} such action`,
        }
      : { kind: 'seen', state: action };
  }

  same(field: string, sent: unknown, seen: unknown): boolean {
    return field === 'scheduledDate' && sameMoment(sent, seen, this.config.billingCare.timeZone);
  }

  /** As billing itself replies: whatever is not known to have changed is null. */
  confirmed({ resource }: WrittenResource, state: Readonly<Record<string, unknown>> | null): object {
    return documentedMembers({ ...state, actionId: { id: resource, uri: null } });
  }
}

function idOf(item: Readonly<Record<string, unknown>>): unknown {
  return isObject(item['actionId']) ? item['actionId']['id'] : undefined;
}
