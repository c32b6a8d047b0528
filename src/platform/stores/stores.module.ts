import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { AuditStore } from '../audit/audit-store.js';
import { AuditTrail, REPLICA } from '../audit/audit-trail.js';
import { CheckpointSigner } from '../audit/checkpoints.js';
import { signingKey } from '../audit/keys.js';
import { Config } from '../config/config.js';
import { SessionStore } from '../sessions/session-store.js';
import { openSqliteStores } from './sqlite-stores.js';
import { Stores } from './stores.js';

/** The database, and a store for each part that keeps something. Starting fails if it cannot promise durability. */
@Global()
@Module({
  providers: [
    { provide: Stores, inject: [Config], useFactory: open },
    { provide: AuditStore, inject: [Stores], useFactory: ({ audit }: Stores) => audit },
    { provide: SessionStore, inject: [Stores], useFactory: ({ sessions }: Stores) => sessions },
  ],
  exports: [Stores, AuditStore, SessionStore],
})
export class StoresModule implements OnApplicationShutdown {
  constructor(
    private readonly stores: Stores,
    private readonly modules: ModuleRef,
  ) {}

  /** The trail appends what it owes; only then is the database let go of. */
  async onApplicationShutdown(): Promise<void> {
    const trail = this.modules.get(AuditTrail, { strict: false });
    await trail.finish().finally(() => this.stores.close());
  }
}

async function open({ data, audit }: Config): Promise<Stores> {
  const key = signingKey(audit.signingKey, data.directory);
  if (data.url !== undefined) {
    // Only where it is needed: a tenth of the modules of a start, which SQLite has in threads of its own.
    const { openPostgres } = await import('../storage/postgres.js');
    const { sqlStores } = await import('./sql-stores.js');
    return sqlStores(await openPostgres(data.url.href), new CheckpointSigner(key, REPLICA));
  }
  return await openSqliteStores({
    directory: data.directory,
    signingKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    replica: REPLICA,
  });
}
