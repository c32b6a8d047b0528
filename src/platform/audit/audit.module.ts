import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Metrics } from '../metrics/metrics.js';
import { AuditController } from './audit.controller.js';
import { AuditExport } from './audit-export.js';
import { AuditReader } from './audit-reader.js';
import { AuditStore } from './audit-store.js';
import { AuditTrail } from './audit-trail.js';
import { hmacKey } from './keys.js';
import { Redaction } from './redaction.js';
import { Spool } from './spool.js';

/** The audit trail. */
@Module({
  controllers: [AuditController],
  providers: [
    AuditReader,
    AuditExport,
    {
      provide: Redaction,
      inject: [Config],
      useFactory: ({ audit, data }: Config) =>
        Redaction.with(audit.sensitiveFields, hmacKey(audit.hmacKey, data.directory), audit.hmacOtherKeys),
    },
    {
      provide: AuditTrail,
      inject: [AuditStore, Redaction, Config, Metrics],
      useFactory: async (store: AuditStore, redaction: Redaction, { data }: Config, metrics: Metrics) =>
        new AuditTrail(store, redaction, await Spool.open(data.directory), metrics),
    },
  ],
  exports: [AuditTrail, Redaction],
})
export class AuditModule {}
