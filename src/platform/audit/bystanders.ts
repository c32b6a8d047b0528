import { randomUUIDv7 } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { AccessEntry, OverflowEntry, RefusalEntry } from './audit-record.js';
import type { GroupCommit } from './group-commit.js';

type Bystander = RefusalEntry | AccessEntry;

/** In a minute, this many of one kind by one source are recorded one by one; the rest is counted. */
const ONE_BY_ONE = 60;
/** And this many by all sources together that nobody can put a name to. */
const ANONYMOUS_ONE_BY_ONE = 600;
const MINUTE_MS = 60_000;
/** Sources that are told apart in a minute. Whatever comes from further ones is counted together. */
const SOURCES = 1_000;
/** They wait behind writes: with more than this waiting, they are only counted. */
const LONGEST_QUEUE = 512;
/** Counts that the store did not take, kept until it does. */
const MOST_OWED = 1_000;

/** What all that is counted together has in common; null where it differs. */
type Common = Pick<OverflowEntry, 'replica' | 'principal' | 'address' | 'overflowed' | 'what'>;

interface Tally {
  recorded: number;
  counted: number;
  readonly common: Common;
}

/**
 * Records what happens beside writes: refusals and reads. Nobody can grow the trail at will by it: what comes
 * too often from one source is counted, and the count itself is a record. A flood of strangers uses up nothing
 * of what is there for those who are signed in.
 */
export class Bystanders {
  private readonly logger = new Logger(Bystanders.name);
  private readonly signedIn = new Map<string, Tally>();
  private readonly anonymous = new Map<string, Tally>();
  private anonymousRecorded = 0;
  private owed: OverflowEntry[] = [];
  private since = Date.now();
  private minute: NodeJS.Timeout | undefined;

  constructor(private readonly commits: GroupCommit) {}

  record(entry: Bystander): void {
    this.minute ??= this.beginMinute();
    const tally = this.tallyOf(entry);
    if (!this.hasRoomFor(entry, tally)) {
      tally.counted++;
      return;
    }
    tally.recorded++;
    if (entry.principal === null) this.anonymousRecorded++;
    this.commits.append({ entry }).catch((error: unknown) => {
      // Whoever asks the trail still learns that there was one more.
      this.minute ??= this.beginMinute();
      this.tallyOf(entry).counted++;
      this.logger.error({ message: `A record of kind ${entry.kind} is only counted`, entry, cause: error });
    });
  }

  /** Records what was only counted, and begins anew. */
  flush(): void {
    clearTimeout(this.minute);
    this.minute = undefined;
    const since = new Date(this.since).toISOString();
    const counts = [...this.signedIn.values(), ...this.anonymous.values()]
      .filter(({ counted }) => counted > 0)
      .map(({ common, counted }) => overflow(common, counted, since));
    this.signedIn.clear();
    this.anonymous.clear();
    this.anonymousRecorded = 0;
    for (const count of [...this.owed.splice(0), ...counts]) this.appendCount(count);
  }

  private beginMinute(): NodeJS.Timeout {
    this.since = Date.now();
    return setTimeout(() => {
      this.flush();
    }, MINUTE_MS).unref();
  }

  private hasRoomFor({ principal }: Bystander, { recorded }: Tally): boolean {
    if (this.commits.depth >= LONGEST_QUEUE || recorded >= ONE_BY_ONE) return false;
    return principal !== null || this.anonymousRecorded < ANONYMOUS_ONE_BY_ONE;
  }

  private tallyOf(entry: Bystander): Tally {
    const { kind, principal, address, replica } = entry;
    const tallies = principal === null ? this.anonymous : this.signedIn;
    const what = whatOf(entry);
    const source = JSON.stringify([kind, what, principal?.subject ?? address]);
    const known = tallies.get(source);
    if (known !== undefined) return known;
    const crowded = tallies.size >= SOURCES;
    const key = crowded ? kind : source;
    const common = crowded
      ? { principal: null, address: null, what: null }
      : { principal: principal, address, what };
    const tally = tallies.get(key) ?? {
      recorded: 0,
      counted: 0,
      common: { replica, overflowed: kind, ...common },
    };
    tallies.set(key, tally);
    return tally;
  }

  private appendCount(entry: OverflowEntry): void {
    this.commits.append({ entry }).catch((error: unknown) => {
      const kept = this.owed.length < MOST_OWED;
      if (kept) this.owed.push(entry);
      this.minute ??= this.beginMinute();
      this.logger.error({
        message: kept ? 'A count is kept for later' : 'A count was lost',
        entry,
        cause: error,
      });
    });
  }
}

function whatOf(entry: Bystander): string {
  return entry.kind === 'refusal' ? entry.problem : entry.operation;
}

function overflow(common: Common, count: number, since: string): OverflowEntry {
  const at = new Date().toISOString();
  return { kind: 'overflow', id: randomUUIDv7(), at, requestId: null, ...common, count, since };
}
