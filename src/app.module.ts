import { Module, type DynamicModule } from '@nestjs/common';
import { DeferredActionsModule } from './features/deferred-actions/deferred-actions.module.js';
import { HandoffModule } from './features/handoff/handoff.module.js';
import { REPLICA } from './platform/audit/audit-trail.js';
import { AuditModule } from './platform/audit/audit.module.js';
import { AuthModule } from './platform/auth/auth.module.js';
import { ConfigModule } from './platform/config/config.module.js';
import type { Config } from './platform/config/config.js';
import { HealthModule } from './platform/health/health.module.js';
import { MetricsModule } from './platform/metrics/metrics.module.js';
import { OpenApiModule } from './platform/openapi/openapi.module.js';
import { SessionsModule } from './platform/sessions/sessions.module.js';
import { StoresModule } from './platform/stores/stores.module.js';
import { TracingModule } from './platform/tracing/tracing.module.js';

/** The composition root, in running order: what is kept, who may, what is recorded, what can be done, how it stands and is told. */
@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        MetricsModule,
        TracingModule.of(REPLICA),
        StoresModule,
        AuthModule,
        AuditModule,
        ...(config.sessions === undefined ? [] : [SessionsModule.of(config.sessions)]),
        HandoffModule,
        DeferredActionsModule,
        HealthModule,
        OpenApiModule,
      ],
    };
  }
}
