import { Module } from '@nestjs/common';
import { UpstreamModule } from '../../platform/upstream/upstream.module.js';
import { WritesModule } from '../../platform/writes/writes.module.js';
import { DeferredActionReadBack } from './deferred-action-read-back.js';
import { KnownAccounts } from './known-accounts.js';
import { DeferredActionsController } from './deferred-actions.controller.js';
import { DeferredActionsService } from './deferred-actions.service.js';

/** Deferred actions in billing. */
@Module({
  imports: [
    WritesModule,
    UpstreamModule.for(
      { name: 'billing', unauthorized: 'upstream-forbidden' },
      (config) => config.billingCare.upstream,
    ),
  ],
  controllers: [DeferredActionsController],
  providers: [DeferredActionsService, DeferredActionReadBack, KnownAccounts],
})
export class DeferredActionsModule {}
