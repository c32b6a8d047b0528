import type { AuditStore } from '../audit/audit-store.js';
import type { SessionStore } from '../sessions/session-store.js';

/** What is kept, all of it over one database. The class is the interface and its injection token. */
export abstract class Stores {
  abstract readonly audit: AuditStore;
  abstract readonly sessions: SessionStore;

  /** Finishes what was begun and lets go of the database: after whoever has something to store has stored it. Once. */
  abstract close(): Promise<void>;
}

/** The name of one store. */
export type Part = Exclude<keyof Stores, 'close'>;
/** The methods of a store, or of any of several. */
export type MethodOf<Name extends Part> = Name extends Part ? Extract<keyof Stores[Name], string> : never;

/** Does its work at the first call; every caller waits for the same end. */
export function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
