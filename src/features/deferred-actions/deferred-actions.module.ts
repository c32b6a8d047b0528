import { Module } from '@nestjs/common';
import { ReadsModule } from '../../platform/reads/reads.module.js';
import { UpstreamModule } from '../../platform/upstream/upstream.module.js';
import { WritesModule } from '../../platform/writes/writes.module.js';
import { BillingSystem } from './billing-system.js';
import { DeferredActionReadBacks } from './deferred-action-read-backs.js';
import { KnownAccounts } from './known-accounts.js';
import { DeferredActionsController } from './deferred-actions.controller.js';
import { DeferredActionsService } from './deferred-actions.service.js';

/** Deferred actions in billing. */
@Module({
  imports: [
    ReadsModule,
    WritesModule,
    UpstreamModule.for(
      { name: 'billing', unauthorized: 'upstream-forbidden' },
      (config) => config.billingCare.upstream,
    ),
  ],
  controllers: [DeferredActionsController],
  providers: [BillingSystem, KnownAccounts, DeferredActionsService, DeferredActionReadBacks],
})
export class DeferredActionsModule {}
