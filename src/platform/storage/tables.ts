import type { Insertable, Kysely, Selectable } from 'kysely';

/** One record of the audit trail. `record` is its canonical JSON without `hash`; the rest is there to be searched. */
export interface AuditRecordsTable {
  seq: number;
  id: string;
  kind: string;
  at: string;
  operation_id: string | null;
  request_id: string | null;
  subject: string | null;
  record: string;
  hash: string;
}

/** The end of the chain, and of what the last checkpoint covers. Its one row is the chain's lock. */
export interface ChainHeadTable {
  id: number;
  seq: number;
  hash: string;
  checkpoint_seq: number;
  /** Milliseconds since the epoch, by the database's clock. */
  checkpoint_at: number;
}

/** Where each write stands now. Everything in it can be told again from the trail. */
export interface WritesTable {
  operation_id: string;
  /** `seq` of its intent. */
  seq: number;
  operation: string;
  resource: string;
  subject: string | null;
  client: string | null;
  request_id: string | null;
  idempotency_key: string | null;
  at: string;
  /** After this moment nothing of it is sent, ms since the epoch. */
  dispatch_by: number;
  outcome: string;
  evidence: string | null;
  problem: string | null;
  upstream_status: number | null;
  ended_at: string | null;
  /** 1 while a person has to look at it. */
  open_item: number;
}

/** Resources that have a write in flight or undecided. */
export interface ClaimsTable {
  resource: string;
  operation_id: string;
}

/** Idempotency keys, and the reply that each is answered with again. */
export interface IdempotencyKeysTable {
  subject: string;
  key: string;
  operation_id: string;
  fingerprint: string;
  /** JSON text of what the key is answered with, once there is something. */
  reply: string | null;
  /** Milliseconds since the epoch; null while the write is undecided. */
  expires_at: number | null;
}

/** Which process does what only one of them may do. */
export interface LeasesTable {
  name: string;
  holder: string;
  /** Grows with every change of holder: work begun under an older one is refused. */
  fence: number;
  expires_at: number;
}

/** Which account an action belongs to, learnt on the way. */
export interface AccountsTable {
  resource: string;
  account_id: string;
  /** 1 if the upstream itself listed it so. */
  seen: number;
}

/** Which records hold which sensitive value: what an auditor who knows the value looks up. */
export interface SensitiveValuesTable {
  hmac: string;
  seq: number;
}

export interface Tables {
  sensitive_values: SensitiveValuesTable;
  audit_records: AuditRecordsTable;
  chain_head: ChainHeadTable;
  writes: WritesTable;
  claims: ClaimsTable;
  idempotency_keys: IdempotencyKeysTable;
  leases: LeasesTable;
  accounts: AccountsTable;
}

/** Queries within one. */
export type Transaction = Kysely<Tables>;
export type WriteRow = Selectable<WritesTable>;
export type NewWriteRow = Insertable<WritesTable>;
