/** Who waits longer for a place goes away again, milliseconds: a burst is over by then, an overload is not. */
const LONGEST_WAIT_MS = 40;
const MOST_WAITING = 16;

/**
 * Bounds how many calls are in flight at once. Half as many more, 16 at most, wait for a place for a moment, in
 * the order they came; whoever finds it full beyond that goes away at once.
 */
export class Bulkhead {
  private used = 0;
  private readonly mostWaiting: number;
  private readonly waiting = new Set<() => void>();

  constructor(readonly capacity: number) {
    this.mostWaiting = Math.min(Math.floor(capacity / 2), MOST_WAITING);
  }

  get inFlight(): number {
    return this.used;
  }

  /** Takes a place, to be given back by `leave`. False if there is none. */
  async enter(): Promise<boolean> {
    if (this.used < this.capacity) {
      this.used++;
      return true;
    }
    return this.waiting.size < this.mostWaiting && (await this.handedOver());
  }

  leave(): void {
    const [next] = this.waiting;
    if (next === undefined) this.used--;
    else next();
  }

  /** Whether somebody who left handed a place over in time. */
  private handedOver(): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (entered: boolean): void => {
        clearTimeout(timer);
        this.waiting.delete(take);
        resolve(entered);
      };
      const take = (): void => {
        settle(true);
      };
      const timer = setTimeout(settle, LONGEST_WAIT_MS, false);
      this.waiting.add(take);
    });
  }
}
