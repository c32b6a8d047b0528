import { Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { AccessEntry, OverflowEntry, RefusalEntry } from './audit-record.js';
import type { GroupCommit } from './group-commit.js';

type Bystander = RefusalEntry | AccessEntry;

/** In a minute, this many of one kind by one source are recorded one by one; the rest is counted. */
const ONE_BY_ONE = 60;
const MINUTE_MS = 60_000;
/** Sources that are told apart in a minute. Whatever comes from further ones is counted together. */
const SOURCES = 1_000;
/** They wait behind writes: with more than this waiting, they are only counted. */
const LONGEST_QUEUE = 512;

interface Tally {
  recorded: number;
  counted: number;
  readonly first: Bystander;
}

/**
 * Records what happens beside writes: refusals and reads. Nobody can grow the trail at will by it: what comes
 * too often from one source is counted, and the count itself is a record.
 */
export class Bystanders {
  private readonly logger = new Logger(Bystanders.name);
  private tallies = new Map<string, Tally>();
  private since = Date.now();

  constructor(private readonly commits: GroupCommit) {}

  record(entry: Bystander): void {
    if (Date.now() - this.since >= MINUTE_MS) this.flush();
    const tally = this.tallyOf(entry);
    if (tally.recorded < ONE_BY_ONE && this.commits.depth < LONGEST_QUEUE) {
      tally.recorded++;
      this.append(entry);
      return;
    }
    if (tally.counted++ === 0)
      setTimeout(() => {
        this.flush();
      }, MINUTE_MS).unref();
  }

  /** Records what was only counted, and begins anew. */
  flush(): void {
    const since = new Date(this.since).toISOString();
    const overflowed = [...this.tallies.values()].filter(({ counted }) => counted > 0);
    this.tallies = new Map();
    this.since = Date.now();
    for (const { first, counted } of overflowed) this.append(overflow(first, counted, since));
  }

  private tallyOf(entry: Bystander): Tally {
    const who = entry.principal?.subject ?? entry.address;
    const source = JSON.stringify([entry.kind, whatOf(entry), who]);
    const key = this.tallies.has(source) || this.tallies.size < SOURCES ? source : entry.kind;
    const tally = this.tallies.get(key) ?? { recorded: 0, counted: 0, first: entry };
    this.tallies.set(key, tally);
    return tally;
  }

  private append(entry: Bystander | OverflowEntry): void {
    this.commits.append({ entry }).catch((error: unknown) => {
      this.logger.error({ message: `A record of kind ${entry.kind} was lost`, entry, cause: error });
    });
  }
}

function whatOf(entry: Bystander): string {
  return entry.kind === 'refusal' ? entry.problem : entry.operation;
}

function overflow(first: Bystander, count: number, since: string): OverflowEntry {
  return {
    kind: 'overflow',
    id: uuidv7(),
    at: new Date().toISOString(),
    replica: first.replica,
    requestId: null,
    principal: first.principal,
    address: first.address,
    overflowed: first.kind,
    count,
    what: whatOf(first),
    since,
  };
}
