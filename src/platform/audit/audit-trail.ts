import { randomUUIDv7 } from 'node:crypto';
import { hostname } from 'node:os';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import {
  SESSION_ENDS,
  type AccessEntry,
  type AttemptEntry,
  type AuditEntry,
  type CheckpointEntry,
  type IntentEntry,
  type OutcomeEntry,
  type ReconciliationEntry,
  type RefusalEntry,
  type ResolutionEntry,
  type SessionEntry,
} from './audit-record.js';
import type { Metrics } from '../metrics/metrics.js';
import type { AuditStore, BegunSession, Commit, Lease, Settlement } from './audit-store.js';
import { Backlog } from './backlog.js';
import { digest } from './chain.js';
import { GroupCommit, QueueFull } from './group-commit.js';
import { Bystanders } from './bystanders.js';
import type { Redaction } from './redaction.js';
import type { Spool } from './spool.js';

/** An audit write that takes longer counts as failed: a hanging store is an error, not a hang. */
const TIMEOUT_MS = 1_000;
/** How often the chain is looked at for a checkpoint while nothing else happens. */
const CHECKPOINT_CHECK_MS = 60_000;

/** This process, as records and leases name it. */
export const REPLICA = `${hostname()}/${process.pid}`;

/** The entry could not be made durable in time. It may still turn up in the trail. */
export class AuditUnavailable extends Error {
  override readonly name = 'AuditUnavailable';
}

/** Members that the trail itself fills in. */
type Stamped = 'id' | 'at' | 'replica' | 'kind';
export type Intent = Omit<IntentEntry, Stamped | 'payloadDigest'>;
export type Attempt = Omit<AttemptEntry, Stamped>;
export type Outcome = Omit<OutcomeEntry, Stamped | 'evidence'>;
export type Reconciliation = Omit<ReconciliationEntry, Stamped | 'evidence'>;
export type Resolution = Omit<ResolutionEntry, Stamped | 'evidence'>;
export type Refusal = Omit<RefusalEntry, Stamped>;
export type Access = Omit<AccessEntry, Stamped>;
export type SessionEvent = Omit<SessionEntry, Stamped>;

/** Writes the audit trail. Once a promise resolves, its record is on disk and chained. */
export class AuditTrail implements OnApplicationShutdown {
  private readonly logger = new Logger(AuditTrail.name);
  private readonly commits: GroupCommit;
  private readonly backlog: Backlog;
  private readonly bystanders: Bystanders;
  private readonly checkpoints: NodeJS.Timeout;
  private finished: Promise<void> | undefined;

  constructor(
    readonly store: AuditStore,
    private readonly redaction: Redaction,
    spool: Spool,
    private readonly metrics: Metrics,
  ) {
    this.commits = new GroupCommit(
      store,
      (checkpoint) => {
        this.publish(checkpoint);
      },
      (result, durationMs) => {
        metrics.appended(result, durationMs);
      },
    );
    this.backlog = new Backlog(this.commits, spool);
    this.bystanders = new Bystanders(this.commits);
    this.backlog.start();
    for (const event of ['started', ...SESSION_ENDS]) metrics.sessionChanged(event, 0);
    metrics.watchTrail(this);
    metrics.watchStore(() => store.standing());
    this.checkpoints = setInterval(() => void this.answers(), CHECKPOINT_CHECK_MS).unref();
  }

  /**
   * Records that a write is about to be sent, or says why it may not be, within a second or less. After a rejection with
   * `AuditUnavailable` it must not be sent either; `abandoned` follows the intent into the trail, should the
   * intent still get there.
   */
  async intent(
    intent: Intent,
    abandoned: Outcome,
    idempotency?: Commit['idempotency'],
    withinMs = TIMEOUT_MS,
  ): Promise<Settlement> {
    const payload = this.redaction.apply(intent.payload);
    const before = this.redaction.apply(intent.before);
    const entry = { ...stamp('intent'), ...intent, payload, before, payloadDigest: digest(payload) };
    const commit: Commit = { entry, ...(idempotency !== undefined && { idempotency }) };
    try {
      return await inTime(this.commits.append(commit), Math.min(withinMs, TIMEOUT_MS));
    } catch (error) {
      // What the queue refused never got near the store.
      if (!(error instanceof AuditUnavailable && error.cause instanceof QueueFull)) {
        this.backlog.settleLater(commit, { entry: outcomeEntry(abandoned) });
      }
      throw error;
    }
  }

  /**
   * Records that a write is about to be sent once more. After a rejection with `AuditUnavailable` it must not be
   * sent; its outcome follows the record, should that still get into the trail.
   */
  async attempt(attempt: Attempt): Promise<void> {
    await inTime(this.commits.append({ entry: { ...stamp('attempt'), ...attempt } }));
  }

  /**
   * Records how a write ended, and the reply that its key is answered with, if it has one. If the store does not
   * take it, the local disk does; rejects only if neither can.
   */
  async outcome(outcome: Outcome, key: Pick<Commit, 'reply' | 'keyless'>): Promise<void> {
    const commit: Commit = { entry: outcomeEntry(outcome), ...key };
    try {
      await inTime(this.commits.append(commit));
    } catch (error) {
      this.logger.error({ message: 'An outcome is spooled', operationId: outcome.operationId, cause: error });
      await this.backlog.keep(commit);
    }
  }

  /** Records the verdict of a read-back, under the lease by which it was found. */
  reconciliation(reconciliation: Reconciliation, lease: Lease, reply?: string): Promise<Settlement> {
    const readBack = this.redaction.apply(reconciliation.readBack);
    const entry = { ...stamp('reconciliation'), ...reconciliation, readBack, evidence: 'read-back' as const };
    return inTime(this.commits.append({ entry, lease, ...(reply !== undefined && { reply }) }));
  }

  /** Records what a person found out. */
  resolution(resolution: Resolution, reply?: string): Promise<Settlement> {
    const entry = { ...stamp('resolution'), ...resolution, evidence: 'person' as const };
    return inTime(this.commits.append({ entry, ...(reply !== undefined && { reply }) }));
  }

  /**
   * Begins or ends a session together with its record. `superseded` is the end of what has ended already: it
   * leaves no record. After a rejection with `AuditUnavailable` both may still turn up; to end it again is safe.
   */
  async session(event: SessionEvent, begun?: BegunSession): Promise<Settlement> {
    const entry = { ...stamp('session'), ...event };
    const commit: Commit = { entry, ...(begun !== undefined && { session: begun }) };
    const settlement = await inTime(this.commits.append(commit));
    if (settlement.kind === 'committed') this.metrics.sessionChanged(event.reason ?? event.event);
    return settlement;
  }

  /** Records a refused request. Never delays a reply; floods are counted. */
  refusal(refusal: Refusal): void {
    this.bystanders.record({ ...stamp('refusal'), ...refusal });
  }

  /** Records that somebody read business data or the trail. Never delays a reply. */
  access(access: Access): void {
    this.bystanders.record({ ...stamp('access'), ...access });
  }

  /** Whether the trail may lack something that already happened. */
  get behind(): boolean {
    return !this.backlog.empty;
  }

  /** Entries that wait for a batch. */
  get queued(): number {
    return this.commits.depth;
  }

  /** Intents that were given up and are not settled yet. */
  get abandoned(): number {
    return this.backlog.unsettled;
  }

  /** Outcomes on the local disk that the store has not taken. */
  get spooled(): number {
    return this.backlog.spooled;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.finish();
  }

  /** Appends what waits. Once. */
  finish(): Promise<void> {
    return (this.finished ??= this.flush());
  }

  /** Whether the store answers, within a second. A checkpoint is made if one is due. */
  async answers(): Promise<boolean> {
    try {
      await inTime(
        this.store.commit([]).then(({ checkpoint }) => {
          if (checkpoint !== null) this.publish(checkpoint);
        }),
      );
      return true;
    } catch (error) {
      this.logger.warn({ message: 'The audit store does not answer', cause: error });
      return false;
    }
  }

  private async flush(): Promise<void> {
    clearInterval(this.checkpoints);
    this.bystanders.flush();
    await this.commits.drained();
    await this.backlog.stop();
    if (this.behind) throw new Error('the trail still lacks what this replica did');
  }

  /** Into the log stream: a chain that only its writer holds proves nothing. */
  private publish({ checkpoint, signature, keyId }: CheckpointEntry): void {
    this.logger.log({ message: 'Audit checkpoint', checkpoint, signature, keyId });
  }
}

function stamp<Kind extends AuditEntry['kind']>(kind: Kind) {
  return { kind, id: randomUUIDv7(), at: new Date().toISOString(), replica: REPLICA };
}

function outcomeEntry(outcome: Outcome): OutcomeEntry {
  return { ...stamp('outcome'), ...outcome, evidence: 'observed' };
}

function inTime<T>(append: Promise<T>, withinMs = TIMEOUT_MS): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new AuditUnavailable(`the audit store took longer than ${withinMs} ms`));
    }, withinMs);
    append.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (cause: unknown) => {
        clearTimeout(timer);
        reject(new AuditUnavailable('the audit store failed', { cause }));
      },
    );
  });
}
