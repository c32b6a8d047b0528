import type { Standing } from '../metrics/watched.js';
import type { WriteRow } from '../storage/tables.js';
import type { AuditRecord } from './audit-record.js';
import {
  AuditStore,
  type Commit,
  type Committed,
  type KnownAccount,
  type Lease,
  type RecordLines,
  type RecordsFilter,
  type UndecidedWrite,
  type WritesFilter,
} from './audit-store.js';
import type { WorkerSetup } from './audit-store.worker.js';
import { StoreThread } from './store-thread.js';

/** The trail in an embedded SQLite database, in threads of its own: a slow disk or a long search delays nobody. */
export class SqliteAuditStore extends AuditStore {
  private constructor(
    private readonly writer: StoreThread,
    private readonly reader: StoreThread,
  ) {
    super();
  }

  /** Opens the data directory, or rejects with what is wrong with it. */
  static async open(setup: Omit<WorkerSetup, 'role'>): Promise<SqliteAuditStore> {
    const writer = await StoreThread.start({ ...setup, role: 'writer' });
    return new SqliteAuditStore(writer, await StoreThread.start({ ...setup, role: 'reader' }));
  }

  commit(commits: readonly Commit[]): Promise<Committed> {
    return this.writer.ask('commit', commits);
  }

  lease(name: string, holder: string, forMs: number): Promise<Lease | null> {
    return this.writer.ask('lease', name, holder, forMs);
  }

  release(lease: Lease): Promise<void> {
    return this.writer.ask('release', lease);
  }

  rememberAccount(resources: readonly string[], account: KnownAccount): Promise<void> {
    return this.writer.ask('rememberAccount', resources, account);
  }

  writes(filter: WritesFilter): Promise<WriteRow[]> {
    return this.reader.ask('writes', filter);
  }

  write(operationId: string): Promise<WriteRow | null> {
    return this.reader.ask('write', operationId);
  }

  records(filter: RecordsFilter): Promise<AuditRecord[]> {
    return this.reader.ask('records', filter);
  }

  lines(filter: RecordsFilter): Promise<RecordLines> {
    return this.reader.ask('lines', filter);
  }

  undecided(settledForMs: number, limit: number): Promise<UndecidedWrite[]> {
    return this.reader.ask('undecided', settledForMs, limit);
  }

  standing(): Promise<Standing> {
    return this.reader.ask('standing');
  }

  accountOf(resource: string): Promise<KnownAccount | null> {
    return this.reader.ask('accountOf', resource);
  }

  async close(): Promise<void> {
    await this.reader.ask('close');
    await this.writer.ask('close');
  }
}
