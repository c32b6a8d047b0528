/** Seconds that are looked back on. */
const WINDOW_SECONDS = 10;

/** Counts what happened within the last 10 s, to a second, and how much of it was marked. */
export class RecentCounts {
  /** One slot a second; the slot of a second that is long past is emptied before it is used again. */
  private readonly slots = Array.from({ length: WINDOW_SECONDS }, () => ({ second: 0, all: 0, marked: 0 }));

  /** `now` is a clock that never goes back, ms. */
  constructor(private readonly now: () => number) {}

  add(marked: boolean): void {
    const { second } = this;
    const slot = this.slots[second % WINDOW_SECONDS];
    if (slot === undefined) return;
    if (slot.second !== second) Object.assign(slot, { second, all: 0, marked: 0 });
    slot.all++;
    if (marked) slot.marked++;
  }

  get totals(): { readonly all: number; readonly marked: number } {
    const recent = this.slots.filter(({ second }) => second > this.second - WINDOW_SECONDS);
    const sum = (of: 'all' | 'marked'): number => recent.reduce((total, slot) => total + slot[of], 0);
    return { all: sum('all'), marked: sum('marked') };
  }

  clear(): void {
    for (const slot of this.slots) slot.all = slot.marked = 0;
  }

  private get second(): number {
    return Math.floor(this.now() / 1_000);
  }
}
