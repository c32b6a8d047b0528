import { sql } from 'kysely';
import { overRow, overRows } from '../storage/compiled-queries.js';
import { fromNow, type Database } from '../storage/database.js';
import type { Standing } from '../metrics/watched.js';
import type {
  AuditRecordsTable,
  ChainHeadTable,
  SensitiveValuesTable,
  Transaction,
  WriteRow,
} from '../storage/tables.js';
import { isEnding, type AuditEntry, type AuditRecord, type CheckpointEntry } from './audit-record.js';
import {
  AuditStore,
  type Commit,
  type Committed,
  type KnownAccount,
  type Lease,
  type RecordLines,
  type RecordsFilter,
  type Settlement,
  type UndecidedWrite,
  type WritesFilter,
} from './audit-store.js';
import { accountOf, rememberAccount } from './accounts.js';
import { chained, type ChainHead, type ChainedRecord } from './chain.js';
import { chunksOf } from './chunks.js';
import { isDue, type CheckpointSigner, type LastCheckpoint } from './checkpoints.js';
import { claim, settle, type IntentCommit } from './claims.js';
import { redactedIn } from './redaction.js';
import { findLines, findRecords, findUndecided, findWrites } from './queries.js';
import { changeSessions } from './session-rows.js';
import { standing } from './standing.js';
import { isSuperseded } from './verdicts.js';
import { project } from './write-projection.js';

const addRecords = overRows<AuditRecordsTable>((db, rows) => db.insertInto('audit_records').values(rows));
const moveHead = overRow<ChainHead>((db, { seq, hash }) => db.updateTable('chain_head').set({ seq, hash }));
const addSensitiveValues = overRows<SensitiveValuesTable>((db, rows) =>
  db
    .insertInto('sensitive_values')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing()),
);

/** A statement has 32,766 parameters at most on SQLite, 65,535 on PostgreSQL. A few bodies may hold more values. */
const MOST_VALUES = 1_000;

const noteCheckpoint = overRow<LastCheckpoint>((db, { seq, at }) =>
  db.updateTable('chain_head').set({ checkpoint_seq: seq, checkpoint_at: at }),
);

/** The end of the chain as it is locked. `now` is the database's clock, ms since the epoch. */
type LockedHead = Omit<ChainHeadTable, 'id'> & { readonly now: number };
type ChainedCheckpoint = ChainedRecord & { readonly entry: CheckpointEntry };

/** The trail in a SQL database; the same for SQLite and PostgreSQL. */
export class SqlAuditStore extends AuditStore {
  /** Locks the chain; tells its end. */
  private readonly lockHead;

  constructor(
    private readonly database: Database,
    private readonly signer: CheckpointSigner,
  ) {
    super();
    // A prepared statement does not outlive that its columns become others: each is named.
    this.lockHead = overRow<object, LockedHead>((db) =>
      db
        .selectFrom('chain_head')
        .select(['seq', 'hash', 'checkpoint_seq', 'checkpoint_at', database.now.as('now')])
        .$if(database.locksRows, (query) => query.forUpdate()),
    );
  }

  commit(commits: readonly Commit[]): Promise<Committed> {
    return this.database.appending(async (transaction) => {
      const [last] = await this.lockHead(transaction, {});
      if (last === undefined) throw new Error('the trail has no head');
      const { now } = last;
      const fresh = await withoutWritten(transaction, commits);
      const settled = await claim(transaction, fresh.filter(isIntent), now);
      const decided = new Set<string>();
      for (const commit of fresh) {
        const { entry } = commit;
        if (await isSuperseded(transaction, commit, decided, now))
          settled.set(entry.id, { kind: 'superseded' });
        else if (isEnding(entry) && entry.outcome !== 'unknown') decided.add(entry.operationId);
      }
      await changeSessions(transaction, fresh, now, settled);
      const accepted = fresh.filter(({ entry }) => !settled.has(entry.id));
      const chain = chainOf(
        accepted.map(({ entry }) => entry),
        last,
      );
      const checkpoint = this.dueCheckpoint(chain.at(-1)?.record ?? last, last);
      // Nothing from here on asks the database anything.
      const pending = Promise.all([
        append(transaction, checkpoint === null ? chain : [...chain, checkpoint]),
        checkpoint === null
          ? undefined
          : noteCheckpoint(transaction, { seq: checkpoint.record.seq, at: now }),
        settle(transaction, accepted, now),
      ]);
      const settlements = commits.map(
        ({ entry }): Settlement => settled.get(entry.id) ?? { kind: 'committed' },
      );
      return { result: { settlements, checkpoint: checkpoint?.entry ?? null }, pending };
    });
  }

  writes(filter: WritesFilter): Promise<WriteRow[]> {
    return findWrites(this.database.db, filter);
  }

  async write(operationId: string): Promise<WriteRow | null> {
    const query = this.database.db.selectFrom('writes').selectAll().where('operation_id', '=', operationId);
    return (await query.executeTakeFirst()) ?? null;
  }

  async writeWithKey(subject: string, key: string): Promise<WriteRow | null> {
    const [newest] = await this.writes({ subject, idempotencyKey: key, limit: 1 });
    return newest ?? null;
  }

  records(filter: RecordsFilter): Promise<AuditRecord[]> {
    return findRecords(this.database.db, filter);
  }

  lines(filter: RecordsFilter): Promise<RecordLines> {
    return findLines(this.database.db, filter);
  }

  undecided(settledForMs: number, limit: number): Promise<UndecidedWrite[]> {
    return findUndecided(this.database.db, fromNow(this.database, -settledForMs), limit);
  }

  standing(): Promise<Standing> {
    return standing(this.database);
  }

  async lease(name: string, holder: string, forMs: number): Promise<Lease | null> {
    const { db, now } = this.database;
    const until = fromNow(this.database, forMs);
    const taken = await db
      .insertInto('leases')
      .values({ name, holder, fence: 1, expires_at: until })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet({
            holder,
            expires_at: until,
            fence: sql<number>`case when leases.holder = ${holder} then leases.fence else leases.fence + 1 end`,
          })
          .where((eb) =>
            eb.or([
              eb('leases.holder', '=', holder),
              eb('leases.expires_at', '<', now),
              // Taken while the clock was ahead: none lasts longer than this one would.
              eb('leases.expires_at', '>', until),
            ]),
          ),
      )
      .returning(['name', 'fence'])
      .executeTakeFirst();
    return taken ?? null;
  }

  async release({ name, fence }: Lease): Promise<void> {
    const { db } = this.database;
    await db
      .updateTable('leases')
      .set({ expires_at: 0 })
      .where('name', '=', name)
      .where('fence', '=', fence)
      .execute();
  }

  rememberAccount(resources: readonly string[], account: KnownAccount): Promise<void> {
    return rememberAccount(this.database.db, resources, account);
  }

  accountOf(resource: string): Promise<KnownAccount | null> {
    return accountOf(this.database.db, resource);
  }

  /** The checkpoint that the chain is due, in its place. `last` is where the head stood before. */
  private dueCheckpoint(head: ChainHead, last: LockedHead): ChainedCheckpoint | null {
    if (!isDue(head, { seq: last.checkpoint_seq, at: last.checkpoint_at }, last.now)) return null;
    const entry = this.signer.checkpoint(head);
    return { entry, ...chained(entry, head) };
  }
}

/** Adds records to the trail, and keeps what can be told from them in step. */
function append(transaction: Transaction, chain: readonly ChainedRecord[]): Promise<unknown> {
  const records = chain.map(({ record }) => record);
  const last = records.at(-1);
  if (last === undefined) return Promise.resolve();
  return Promise.all([
    addRecords(transaction, chain.map(rowOf)),
    moveHead(transaction, last),
    ...[...chunksOf(records.flatMap(sensitiveValuesOf), MOST_VALUES)].map((some) =>
      addSensitiveValues(transaction, some),
    ),
    project(transaction, records),
  ]);
}

/** An append that is repeated after an ambiguous failure finds its entry already there, or in the same batch. */
async function withoutWritten(transaction: Transaction, commits: readonly Commit[]): Promise<Commit[]> {
  const repeated = commits.flatMap(({ entry, again }) => (again === true ? [entry.id] : []));
  if (repeated.length === 0) return [...commits];
  const written = await transaction
    .selectFrom('audit_records')
    .select('id')
    .where('id', 'in', repeated)
    .execute();
  const known = new Set(written.map(({ id }) => id));
  return commits.filter(({ entry }) => {
    const isNew = !known.has(entry.id);
    known.add(entry.id);
    return isNew;
  });
}

function chainOf(entries: readonly AuditEntry[], head: ChainHead): ChainedRecord[] {
  let last = head;
  return entries.map((entry) => {
    const next = chained(entry, last);
    last = next.record;
    return next;
  });
}

function rowOf({ record, text }: ChainedRecord): AuditRecordsTable {
  return {
    seq: record.seq,
    id: record.id,
    kind: record.kind,
    at: record.at,
    operation_id: 'operationId' in record ? record.operationId : null,
    request_id: record.requestId,
    subject: record.principal?.subject ?? null,
    record: text,
    hash: record.hash,
  };
}

/** Each value once. */
function sensitiveValuesOf(record: AuditRecord): SensitiveValuesTable[] {
  if (record.kind !== 'intent') return [];
  const hmacs = new Set(redactedIn(record.payload).map(({ hmac }) => hmac));
  return [...hmacs].map((hmac) => ({ hmac, seq: record.seq }));
}

function isIntent(commit: Commit): commit is IntentCommit {
  return commit.entry.kind === 'intent';
}
