import { hostname } from 'node:os';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type {
  AuditEntry,
  AuditedPrincipal,
  IntentEntry,
  OutcomeEntry,
  RefusalEntry,
} from './audit-record.js';
import { AuditStore } from './audit-store.js';
import { digest } from './chain.js';
import { GroupCommit } from './group-commit.js';
import { Redaction } from './redaction.js';

/** An audit write that takes longer counts as failed: a hanging store is an error, not a hang. */
const TIMEOUT_MS = 1_000;

/** The entry could not be made durable in time. It may still turn up in the trail. */
export class AuditUnavailable extends Error {
  override readonly name = 'AuditUnavailable';
}

/** Members that the trail itself fills in. */
type Stamped = 'id' | 'at' | 'replica' | 'kind';
export type Intent = Omit<IntentEntry, Stamped | 'payloadDigest'>;
export type Outcome = Omit<OutcomeEntry, Stamped | 'evidence'>;
export type Refusal = Omit<RefusalEntry, Stamped>;

export type { AuditedPrincipal };

/** Writes the audit trail. Once a promise resolves, its record is on disk and chained. */
@Injectable()
export class AuditTrail implements OnApplicationShutdown {
  private readonly logger = new Logger(AuditTrail.name);
  private readonly replica = `${hostname()}/${process.pid}`;
  private readonly commits: GroupCommit;

  constructor(
    @Inject(AuditStore) private readonly store: AuditStore,
    private readonly redaction: Redaction,
  ) {
    this.commits = new GroupCommit(store);
  }

  /**
   * Records that a write is about to be sent. After a rejection with `AuditUnavailable` it must not be sent;
   * `abandoned` then follows the intent into the trail, should the intent still get there.
   */
  async intent(intent: Intent, abandoned: Outcome): Promise<void> {
    const payload = this.redaction.apply(intent.payload);
    const entry = { ...this.stamp('intent'), ...intent, payload, payloadDigest: digest(payload) };
    const committed = this.commits.append(entry);
    try {
      await inTime(committed);
    } catch (error) {
      committed
        .then(
          () => this.outcome(abandoned),
          () => undefined,
        )
        .catch((late: unknown) => {
          this.logger.error({ message: 'An abandoned intent was left without its outcome', cause: late });
        });
      throw error;
    }
  }

  /** Records how a write ended. */
  async outcome(outcome: Outcome): Promise<void> {
    await inTime(this.commits.append({ ...this.stamp('outcome'), ...outcome, evidence: 'observed' }));
  }

  /** Records a refused request. Never delays a reply; a failure is logged. */
  refusal(refusal: Refusal): void {
    this.commits.append({ ...this.stamp('refusal'), ...refusal }).catch((error: unknown) => {
      this.logger.error({ message: 'A refusal was not recorded', ...refusal, cause: error });
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.commits.drained();
    await this.store.close();
  }

  private stamp<Kind extends AuditEntry['kind']>(kind: Kind) {
    return { kind, id: uuidv7(), at: new Date().toISOString(), replica: this.replica };
  }
}

async function inTime(append: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new AuditUnavailable(`the audit store took longer than ${TIMEOUT_MS} ms`));
    }, TIMEOUT_MS);
  });
  try {
    await Promise.race([append, timeout]);
  } catch (error) {
    throw error instanceof AuditUnavailable
      ? error
      : new AuditUnavailable('the audit store failed', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
