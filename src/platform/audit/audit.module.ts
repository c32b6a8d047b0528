import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Metrics } from '../metrics/metrics.js';
import { AuditController } from './audit.controller.js';
import { AuditExport } from './audit-export.js';
import { AuditReader } from './audit-reader.js';
import { AuditStore } from './audit-store.js';
import { AuditTrail, REPLICA } from './audit-trail.js';
import { CheckpointSigner } from './checkpoints.js';
import { hmacKey, signingKey } from './keys.js';
import { Redaction } from './redaction.js';
import { Spool } from './spool.js';
import { SqliteAuditStore } from './sqlite-audit-store.js';

/** The audit trail. Starting fails if its store cannot promise durability. */
@Module({
  controllers: [AuditController],
  providers: [
    AuditReader,
    AuditExport,
    { provide: AuditStore, inject: [Config], useFactory: openStore },
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
  exports: [AuditStore, AuditTrail, Redaction],
})
export class AuditModule {}

async function openStore({ data, audit }: Config): Promise<AuditStore> {
  const key = signingKey(audit.signingKey, data.directory);
  if (data.url !== undefined) {
    // Only where it is needed: a tenth of the modules of a start, which SQLite has in threads of its own.
    const { openPostgres } = await import('../storage/postgres.js');
    const { SqlAuditStore } = await import('./sql-audit-store.js');
    return new SqlAuditStore(await openPostgres(data.url.href), new CheckpointSigner(key, REPLICA));
  }
  return await SqliteAuditStore.open({
    directory: data.directory,
    signingKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    replica: REPLICA,
  });
}
