import type { CallResult } from './circuit.js';
import { RecentCounts } from './recent-counts.js';

/**
 * What is known of an upstream without asking it. `idle`: no call has told of it yet. `circuit-open`: calls of one
 * of its operations are refused at the moment.
 */
export const UPSTREAM_STATES = ['ok', 'failing', 'circuit-open', 'idle'] as const;
export type UpstreamState = (typeof UPSTREAM_STATES)[number];

/**
 * What the calls of clients tell of their upstream: `failing` if at least half of those of the last 10 s failed.
 * If there were none, the last one counts, however long ago it was.
 */
export class HeardOfUpstream {
  private readonly recent: RecentCounts;
  private last: Exclude<UpstreamState, 'circuit-open'> = 'idle';

  /** `now` is a clock that never goes back, ms. */
  constructor(now: () => number = () => performance.now()) {
    this.recent = new RecentCounts(now);
  }

  note(result: CallResult): void {
    if (result === 'unheard') return;
    this.recent.add(result === 'failed');
    this.last = result === 'failed' ? 'failing' : 'ok';
  }

  get state(): Exclude<UpstreamState, 'circuit-open'> {
    const { all, marked } = this.recent.totals;
    if (all === 0) return this.last;
    return marked * 2 >= all ? 'failing' : 'ok';
  }
}
