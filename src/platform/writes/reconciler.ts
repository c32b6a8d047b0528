import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AuditTrail, REPLICA } from '../audit/audit-trail.js';
import type { Lease, UndecidedWrite } from '../audit/audit-store.js';
import { Redaction } from '../audit/redaction.js';
import { Config } from '../config/config.js';
import { Metrics } from '../metrics/metrics.js';
import { READ_BACKS_AT_ONCE } from '../upstream/connection-pool.js';
import { replyText } from './stored-reply.js';
import {
  ReadBacks,
  type ReadBack,
  type ReadBackVerdict,
  type ResourceState,
  type Seen,
} from './read-back.js';

const POLL_MS = 1_000;
const BATCH = 100;
const LEASE = 'reconciler';
const LEASE_MS = 15_000;
/** After the store was away, replicas get this long to append what they have spooled. */
const GRACE_MS = 5_000;
/** A resource that cannot be read for this long after its write has settled is put before a person. */
const LONGEST_TRY_MS = 10_000;

/**
 * Finds out what became of writes that nobody knows the outcome of, whether their process crashed or their
 * reply was lost. Reads, and never writes; what it cannot decide it puts before a person.
 */
@Injectable()
export class Reconciler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Reconciler.name);
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private storeFailedAt = -Infinity;
  private lease: Lease | null = null;
  private stopping = false;

  constructor(
    private readonly trail: AuditTrail,
    private readonly redaction: Redaction,
    private readonly config: Config,
    private readonly readBacks: ReadBacks,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    this.next(POLL_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.round;
    if (this.lease === null) return;
    // Another replica goes on at once. If it cannot be given back, it ends by itself.
    await this.trail.store.release(this.lease).catch((error: unknown) => {
      this.logger.warn({ message: 'The lease is not given back', cause: error });
    });
  }

  private next(pauseMs: number): void {
    this.timer = setTimeout(() => {
      this.round = this.reconcileSome().then((more) => {
        if (!this.stopping) this.next(more ? 0 : POLL_MS);
      });
    }, pauseMs).unref();
  }

  /** Returns whether there may be more that can be decided now. */
  private async reconcileSome(): Promise<boolean> {
    // What is still to be appended may be the very outcome that a write seems to lack.
    if (this.trail.behind || performance.now() - this.storeFailedAt < GRACE_MS) return false;
    try {
      const undecided = await this.trail.store.undecided(this.config.writes.settleWindowMs, BATCH);
      let decided = 0;
      for (let first = 0; first < undecided.length; first += READ_BACKS_AT_ONCE) {
        // Many at once, for a system that does not answer must not hold up the writes of the other; each turn
        // under a lease that outlasts its looks.
        const lease = this.stopping ? null : await this.trail.store.lease(LEASE, REPLICA, LEASE_MS);
        if (lease === null) return false;
        this.lease = lease;
        const turn = undecided.slice(first, first + READ_BACKS_AT_ONCE);
        const done = await Promise.all(turn.map((write) => this.reconcile(write, lease)));
        decided += done.filter(Boolean).length;
      }
      return decided === BATCH;
    } catch (error) {
      this.storeFailedAt = performance.now();
      this.logger.warn({ message: 'Writes cannot be reconciled now', cause: error });
      return false;
    }
  }

  /** Returns whether the write is decided, or before a person, now. */
  private async reconcile({ write, intent }: UndecidedWrite, lease: Lease): Promise<boolean> {
    const readBack = this.readBacks.for(intent.operation);
    const seen = await this.look(readBack, intent);
    const tooLong = Date.now() - write.dispatch_by - this.config.writes.settleWindowMs > LONGEST_TRY_MS;
    if (seen.kind === 'unreachable' && !tooLong) return false;

    const state = seen.kind === 'seen' ? seen.state : null;
    const verdict = this.verdict(seen, intent, readBack);
    const { operationId, operation, resource } = intent;
    const settlement = await this.trail.reconciliation(
      {
        ...verdict,
        operationId,
        operation,
        resource,
        requestId: null,
        principal: null,
        address: null,
        readBack: state,
      },
      lease,
      verdict.outcome === 'applied' ? replyText({ body: readBack.confirmed(intent, state) }) : undefined,
    );
    if (settlement.kind !== 'committed') return false;
    this.metrics.writeJudged(operation, verdict.outcome, 'read-back');
    this.logger.log({ message: 'A write was read back', operationId, operation, ...verdict });
    return true;
  }

  /** A fault of our own in looking is no reason to hold up the others: the write goes to a person. */
  private async look(readBack: ReadBack, intent: UndecidedWrite['intent']): Promise<Seen> {
    try {
      return await readBack.look(intent);
    } catch (error) {
      const { operationId } = intent;
      this.logger.error({ message: 'A write could not be read back', operationId, cause: error });
      return { kind: 'unrecognised', reason: 'reading it back failed' };
    }
  }

  private verdict(
    seen: Seen,
    { payload, before }: UndecidedWrite['intent'],
    readBack: ReadBack,
  ): ReadBackVerdict {
    const decide = (now: ResourceState | null): ReadBackVerdict =>
      readBack.verdict({ sent: payload, before, now });
    switch (seen.kind) {
      case 'seen':
        // By the intent's own key, which may have been changed since.
        return decide(this.redaction.like(payload, before).apply(seen.state) as ResourceState);
      case 'absent':
        return decide(null);
      case 'unrecognised':
      case 'unreachable':
        return { outcome: 'unknown', reason: seen.reason };
    }
  }
}
