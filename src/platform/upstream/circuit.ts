const WINDOW_SECONDS = 10;
const FEWEST_CALLS = 20;
const FAILED_SHARE = 0.5;
const OPEN_MS = 5_000;

export type CircuitState = 'closed' | 'open' | 'half-open';

/** How a call ended, as far as the upstream is to blame. `unheard`: the call says nothing of the upstream. */
export type CallResult = 'well' | 'failed' | 'unheard';

/** What the circuit makes of a call that wants through: seconds to wait, or as what it goes. */
export type Entered = 'call' | 'trial' | number;

/**
 * Opens when at least half of 20 or more calls within 10 s failed, for 5 s. Then it lets one call through, whose
 * end decides. It waits for nobody, invents no call, and repeats none.
 */
export class Circuit {
  /** One slot a second; the slot of a second that is long past is emptied before it is used again. */
  private readonly slots = Array.from({ length: WINDOW_SECONDS }, () => ({ second: 0, calls: 0, failed: 0 }));
  private openedAt: number | undefined;
  private trying = false;

  /** `now` is a clock that never goes back, ms. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  get state(): CircuitState {
    if (this.openedAt === undefined) return 'closed';
    return this.now() < this.openedAt + OPEN_MS ? 'open' : 'half-open';
  }

  /** Whoever gets in says by `settle` how it ended, as what it got in. */
  enter(): Entered {
    if (this.openedAt === undefined) return 'call';
    const left = this.openedAt + OPEN_MS - this.now();
    if (left > 0) return Math.ceil(left / 1_000);
    if (this.trying) return 1;
    this.trying = true;
    return 'trial';
  }

  settle(entered: 'call' | 'trial', result: CallResult): void {
    if (entered === 'trial') this.settleTrial(result);
    // What was under way when the circuit opened is old news.
    else if (this.openedAt === undefined && result !== 'unheard') this.count(result === 'failed');
  }

  private settleTrial(result: CallResult): void {
    this.trying = false;
    if (result === 'failed') this.openedAt = this.now();
    if (result === 'well') this.openedAt = undefined;
  }

  private count(failed: boolean): void {
    const second = Math.floor(this.now() / 1_000);
    const slot = this.slots[second % WINDOW_SECONDS];
    if (slot === undefined) return;
    if (slot.second !== second) Object.assign(slot, { second, calls: 0, failed: 0 });
    slot.calls++;
    if (!failed) return;
    slot.failed++;
    if (this.tooManyFailed(second)) this.open();
  }

  private tooManyFailed(second: number): boolean {
    let calls = 0;
    let failed = 0;
    for (const slot of this.slots) {
      if (slot.second <= second - WINDOW_SECONDS) continue;
      calls += slot.calls;
      failed += slot.failed;
    }
    return calls >= FEWEST_CALLS && failed >= calls * FAILED_SHARE;
  }

  private open(): void {
    this.openedAt = this.now();
    for (const slot of this.slots) slot.calls = slot.failed = 0;
  }
}
