import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { UpstreamsModule } from '../upstream/upstreams.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';

/** Whether this replica lives, and whether it is to be given requests. */
@Module({
  imports: [AuditModule, AuthModule, UpstreamsModule],
  controllers: [HealthController],
  providers: [Readiness],
})
export class HealthModule {}
