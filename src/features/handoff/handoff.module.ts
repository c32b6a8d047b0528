import { Module } from '@nestjs/common';
import { UpstreamModule } from '../../platform/upstream/upstream.module.js';
import { WritesModule } from '../../platform/writes/writes.module.js';
import { HandoffController } from './handoff.controller.js';
import { HandoffReadBack } from './handoff-read-back.js';
import { HandoffService } from './handoff.service.js';

/** Handoff status updates in corporate lending. */
@Module({
  imports: [
    WritesModule,
    UpstreamModule.for(
      { name: 'lending', unauthorized: 'upstream-credentials-refused' },
      (config) => config.handoff.upstream,
    ),
  ],
  controllers: [HandoffController],
  providers: [HandoffService, HandoffReadBack],
})
export class HandoffModule {}
