import { RecentCounts } from './recent-counts.js';

const FEWEST_CALLS = 20;
const FAILED_SHARE = 0.5;
const OPEN_MS = 5_000;

/** How a call ended, as far as the upstream is to blame. `unheard`: the call says nothing of the upstream. */
export type CallResult = 'well' | 'failed' | 'unheard';

/** As what a call got in, and how often the circuit had opened by then. */
export interface Admission {
  readonly as: 'call' | 'trial';
  readonly opening: number;
}

/** What the circuit makes of a call that wants through: seconds to wait, or its admission. */
export type Entered = Admission | number;

/**
 * Opens when at least half of 20 or more calls within 10 s failed, for 5 s. Then it lets one call through, whose
 * end decides. It waits for nobody, invents no call, and repeats none.
 */
export class Circuit {
  private readonly calls: RecentCounts;
  private openedAt: number | undefined;
  private opened = 0;
  private trying = false;

  /** `now` is a clock that never goes back, ms. */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.calls = new RecentCounts(now);
  }

  /** How often it has opened. */
  get openings(): number {
    return this.opened;
  }

  /** Whether a call would be refused now. */
  get isOpen(): boolean {
    return this.openedAt !== undefined && (this.trying || this.now() < this.openedAt + OPEN_MS);
  }

  /** Whoever gets in says by `settle` how it ended, as what it got in. */
  enter(): Entered {
    if (this.openedAt === undefined) return { as: 'call', opening: this.opened };
    const left = this.openedAt + OPEN_MS - this.now();
    if (left > 0) return Math.ceil(left / 1_000);
    if (this.trying) return 1;
    this.trying = true;
    return { as: 'trial', opening: this.opened };
  }

  /** Hears how a call ended that got in. */
  settle({ as, opening }: Admission, result: CallResult): void {
    if (as === 'trial') this.settleTrial(result);
    // What was under way when the circuit opened is old news, also once it has closed again.
    else if (opening === this.opened && result !== 'unheard') this.count(result === 'failed');
  }

  private settleTrial(result: CallResult): void {
    this.trying = false;
    if (result === 'failed') this.openedAt = this.now();
    if (result === 'well') this.openedAt = undefined;
  }

  private count(failed: boolean): void {
    this.calls.add(failed);
    const { all, marked } = this.calls.totals;
    if (failed && all >= FEWEST_CALLS && marked >= all * FAILED_SHARE) this.open();
  }

  private open(): void {
    this.openedAt = this.now();
    this.opened++;
    this.calls.clear();
  }
}
