import type { AuditEntry } from './audit-record.js';

/** Where the trail is kept. The class is the interface and its injection token. */
export abstract class AuditStore {
  /**
   * Appends entries to the chain, in order. They are durable (on disk, not in a cache) once the promise
   * resolves. An entry whose id is already there is not written again. After a rejection it is not known
   * whether the entries were written.
   */
  abstract append(entries: readonly AuditEntry[]): Promise<void>;

  /** Finishes what was begun and lets go of the storage. */
  abstract close(): Promise<void>;
}
