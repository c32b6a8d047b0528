import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { UpstreamClient } from '../../platform/upstream/upstream-client.js';
import { pathSegment } from './billing-id.js';

/** How the billing system is spoken to: its paths. */
@Injectable()
export class BillingSystem {
  constructor(
    readonly upstream: UpstreamClient,
    private readonly config: Config,
  ) {}

  /** The path of one action. The id has been checked. */
  pathOf(actionId: string): string {
    return `/deferredactions/${this.segment(actionId)}`;
  }

  /** The path of an account's actions. The id has been checked. */
  pathOfAccount(accountId: string): string {
    return `/deferredactions/account/${this.segment(accountId)}`;
  }

  private segment(id: string): string {
    return pathSegment(id, this.config.billingCare.plus);
  }
}
