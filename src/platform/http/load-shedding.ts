import { Problem } from './problem.js';

/** The event loop is asked this often whether it keeps up, ms. */
const TICK_MS = 20;
/** It does not if it is later than this, ms. */
const LATE_MS = 100;
/** And that so many times in a row: one long pause, such as a garbage collection, is no overload. */
const LATE_TICKS = 5;
/** One for all: to make one for each takes longer than the rest of a refusal. */
const BEHIND = new Problem('overloaded', {
  detail: 'The gateway cannot keep up with its requests just now. Nothing was sent.',
  // Refusing is cheap: the backlog is mostly gone within a second.
  headers: { 'retry-after': '1' },
});

/**
 * Refuses requests while the event loop has been late for about half a second without a break, until it is on
 * time once: whoever is let in then waits for less than he would behind a growing backlog.
 */
export class LoadShedding {
  private lateTicks = 0;
  private due: number;

  /** `now` is a clock that never goes back, ms. */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.due = this.now() + TICK_MS;
  }

  /** Begins to watch the event loop; does not keep the process alive. */
  start(): this {
    setInterval(() => {
      this.tick();
    }, TICK_MS).unref();
    return this;
  }

  /** Throws `overloaded` if the event loop is behind. */
  check(): void {
    if (this.lateTicks >= LATE_TICKS) throw BEHIND;
  }

  /** Notes how late it is called; it should be every 20 ms. */
  tick(): void {
    const now = this.now();
    this.lateTicks = now - this.due > LATE_MS ? this.lateTicks + 1 : 0;
    this.due = now + TICK_MS;
  }
}
