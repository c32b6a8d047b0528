import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { AuditStore } from './audit-store.js';
import { AuditTrail } from './audit-trail.js';
import { hmacKey } from './hmac-key.js';
import { Redaction } from './redaction.js';
import { SqliteAuditStore } from './sqlite-audit-store.js';

/** The audit trail. Starting fails if its store cannot promise durability. */
@Module({
  providers: [
    {
      provide: AuditStore,
      inject: [Config],
      useFactory: ({ data }: Config) => SqliteAuditStore.open(data.directory),
    },
    {
      provide: Redaction,
      inject: [Config],
      useFactory: ({ audit, data }: Config) =>
        new Redaction(new Set(audit.sensitiveFields), hmacKey(audit.hmacKey, data.directory)),
    },
    AuditTrail,
  ],
  exports: [AuditTrail],
})
export class AuditModule {}
