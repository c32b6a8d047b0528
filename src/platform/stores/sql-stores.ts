import type { CheckpointSigner } from '../audit/checkpoints.js';
import { SqlAuditStore } from '../audit/sql-audit-store.js';
import { SqlSessionStore } from '../sessions/sql-session-store.js';
import type { Database } from '../storage/database.js';
import { once, type Stores } from './stores.js';

/** Every store over an open database, which is closed with them. */
export function sqlStores(database: Database, signer: CheckpointSigner): Stores {
  return {
    audit: new SqlAuditStore(database, signer),
    sessions: new SqlSessionStore(database),
    close: once(() => database.close()),
  };
}
