import { Logger } from '@nestjs/common';
import type { GroupCommit } from './group-commit.js';
import type { Commit, Settlement } from './audit-store.js';
import { chunksOf } from './chunks.js';
import type { Spool } from './spool.js';

const RETRY_MS = 500;
/** Several times what can wait for a slow store at once; what is beyond it keeps its claim until it is reconciled. */
const MOST_ABANDONED = 4_096;
/** Appended together, in as good as one commit; leaves room in the queue for those who are waited for. */
const AT_ONCE = 128;

/** What could not be appended in time, appended in its order once the store is back. */
export class Backlog {
  private readonly logger = new Logger(Backlog.name);
  /** In memory: a process that dies before they are appended leaves the rest to the reconciler. */
  private readonly abandoned: { readonly intent: Commit; readonly outcome: Commit }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private pending = true;
  private working: Promise<void> = Promise.resolve();

  constructor(
    private readonly commits: GroupCommit,
    private readonly spool: Spool,
  ) {}

  /** Begins to append what an earlier process left behind, and whatever comes. */
  start(): void {
    this.timer = setInterval(() => {
      this.working = this.working.then(() => this.drain());
    }, RETRY_MS).unref();
  }

  /** Whether nothing waits: only then is what the trail shows of a write complete. */
  get empty(): boolean {
    return !this.pending && this.abandoned.length === 0;
  }

  /** Intents that were given up and are not settled yet. */
  get unsettled(): number {
    return this.abandoned.length;
  }

  /** Outcomes on the local disk. */
  get spooled(): number {
    return this.spool.size;
  }

  /** Keeps an outcome on the local disk. Rejects if even that fails. */
  async keep(commit: Commit): Promise<void> {
    await this.spool.put(commit);
    this.pending = true;
  }

  /** Keeps an intent that was given up, with its outcome, until it is certain how the trail stands. */
  settleLater(intent: Commit, outcome: Commit): void {
    // What does not fit is settled by the reconciler.
    if (this.abandoned.length < MOST_ABANDONED) this.abandoned.push({ intent, outcome });
  }

  /** Appends what it can, now. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.working;
    await this.drain();
  }

  private async drain(): Promise<void> {
    if (this.empty) return;
    try {
      // What happened comes first: the writes that were refused can wait for their records.
      await this.drainSpool();
      await this.drainAbandoned();
    } catch (error) {
      this.pending = true;
      this.logger.warn({ message: 'What is spooled cannot be appended yet', cause: error });
    }
  }

  private async drainSpool(): Promise<void> {
    // Before the look: what is kept from here on is for the next round.
    this.pending = false;
    for (const some of chunksOf(await this.spool.all(), AT_ONCE)) {
      await this.appendAll(some);
      await Promise.all(some.map((commit) => this.spool.remove(commit)));
    }
  }

  private async drainAbandoned(): Promise<void> {
    while (this.abandoned.length > 0) {
      const some = this.abandoned.slice(0, AT_ONCE);
      // Appended again, so that it is certain whether it is there: if it was, this writes nothing. If
      // another write has taken its place by now, it never was, and nothing needs to be said of it.
      const settlements = await this.appendAll(some.map(({ intent }) => intent));
      const there = some.filter((_, index) => settlements[index]?.kind === 'committed');
      await this.appendAll(there.map(({ outcome }) => outcome));
      this.abandoned.splice(0, some.length);
    }
  }

  private appendAll(commits: readonly Commit[]): Promise<Settlement[]> {
    return Promise.all(commits.map((commit) => this.commits.append({ ...commit, again: true })));
  }
}
