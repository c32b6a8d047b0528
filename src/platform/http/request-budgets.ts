const WINDOW_MS = 60_000;
/** Keys that are told apart. Beyond that the older half is forgotten, and its keys begin anew. */
const MOST_KEYS = 10_000;

/** How a budget stands after a request. */
export interface Standing {
  /** The budget was used up before. */
  readonly exhausted: boolean;
  readonly remaining: number;
  /** Seconds until all of it is there again, rounded up: whoever waits so long finds it. */
  readonly resetSeconds: number;
}

interface Window {
  spent: number;
  readonly endsAt: number;
}

/**
 * Counts requests per key in windows of a fixed length; a key's window begins with its first request. Takes a
 * bounded amount of memory, no timer and the same short time, whoever comes.
 */
export class RequestBudgets {
  /**
   * Two halves, the older of which is dropped as a whole when the newer one is full: a map from which the oldest
   * entry is taken again and again has to step over the gaps.
   */
  private newer = new Map<string, Window>();
  private older = new Map<string, Window>();

  /** The clock is in whole milliseconds, and must never be set back: a wall clock may be. */
  constructor(
    private readonly quota: number,
    private readonly windowMs = WINDOW_MS,
    private readonly mostKeys = MOST_KEYS,
    private readonly clock = (): number => Math.floor(performance.now()),
  ) {}

  get size(): number {
    return this.newer.size + this.older.size;
  }

  get windowSeconds(): number {
    return this.windowMs / 1_000;
  }

  spend(key: string): Standing {
    const now = this.clock();
    const window = this.windowOf(key, now);
    const exhausted = window.spent >= this.quota;
    if (!exhausted) window.spent++;
    return {
      exhausted,
      remaining: this.quota - window.spent,
      resetSeconds: Math.ceil((window.endsAt - now) / 1_000),
    };
  }

  private windowOf(key: string, now: number): Window {
    const known = this.newer.get(key) ?? this.older.get(key);
    if (known !== undefined && known.endsAt > now) return known;
    if (this.newer.size >= this.mostKeys / 2) {
      this.older = this.newer;
      this.newer = new Map();
    }
    const window = { spent: 0, endsAt: now + this.windowMs };
    this.newer.set(key, window);
    return window;
  }
}
