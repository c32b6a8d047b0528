import { Module } from '@nestjs/common';
import { ReadsModule } from '../../platform/reads/reads.module.js';
import { UpstreamModule } from '../../platform/upstream/upstream.module.js';
import { WritesModule } from '../../platform/writes/writes.module.js';
import { HandoffController } from './handoff.controller.js';
import { HandoffReadBacks } from './handoff-read-backs.js';
import { HandoffService } from './handoff.service.js';
import { LendingSystem } from './lending-system.js';

/** Handoffs in corporate lending. */
@Module({
  imports: [
    ReadsModule,
    WritesModule,
    UpstreamModule.for(
      { name: 'lending', unauthorized: 'upstream-credentials-refused' },
      (config) => config.handoff.upstream,
    ),
  ],
  controllers: [HandoffController],
  providers: [LendingSystem, HandoffService, HandoffReadBacks],
})
export class HandoffModule {}
