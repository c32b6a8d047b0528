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

/** Browser sessions that have not ended. All times are ms since the epoch, by the database's clock. */
export interface SessionsTable {
  /** Of the id in the cookie, which is nowhere else. */
  id_hash: string;
  session: string;
  subject: string;
  sid: string | null;
  started_at: number;
  seen_at: number;
  ends_at: number;
  /** From when its access token is to be refreshed; null if it cannot be. */
  refresh_at: number | null;
  version: number;
  /** Who has the right to refresh its tokens, and until when. */
  refresh_by: string | null;
  refresh_until: number | null;
  address: string | null;
  user_agent: string | null;
  /** Sealed. */
  tokens: string;
}

/** Tokens of ended sessions, which the identity provider is still to revoke. */
export interface OwedRevocationsTable {
  session: string;
  /** As they were sealed in the session. */
  tokens: string;
  attempts: number;
  /** Nobody takes it before: somebody has it, or it failed. Ms since the epoch. */
  due_at: number;
}

/** Ids of logout tokens, none of which is taken a second time. */
export interface NotedIdsTable {
  id: string;
  /** Milliseconds since the epoch; then it is forgotten. */
  expires_at: number;
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
  sessions: SessionsTable;
  owed_revocations: OwedRevocationsTable;
  noted_ids: NotedIdsTable;
}

/** Queries within one. */
export type Transaction = Kysely<Tables>;
export type WriteRow = Selectable<WritesTable>;
export type NewWriteRow = Insertable<WritesTable>;
