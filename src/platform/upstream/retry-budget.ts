import { RecentCounts } from './recent-counts.js';

/** Of all that was sent to an upstream within 10 s, so much may be repetitions. */
const SHARE = 0.2;
/** But always so many: a lonely call is worth its second try. */
const FLOOR = 3;

/** Keeps repetitions from multiplying the load on an upstream that is failing. */
export class RetryBudget {
  private readonly sent: RecentCounts;

  /** `now` is a clock that never goes back, ms. */
  constructor(now: () => number = () => performance.now()) {
    this.sent = new RecentCounts(now);
  }

  /** A call is made for the first time. */
  noteCall(): void {
    this.sent.add(false);
  }

  /** Whether a call may be repeated now; counts it, if so. */
  spend(): boolean {
    const { all, marked } = this.sent.totals;
    if (marked >= FLOOR && marked + 1 > (all + 1) * SHARE) return false;
    this.sent.add(true);
    return true;
  }
}
