/** Bounds how many calls are in flight at once. It has no queue: who finds it full goes away again. */
export class Bulkhead {
  private used = 0;

  constructor(readonly capacity: number) {}

  get inFlight(): number {
    return this.used;
  }

  /** Takes a place, to be given back by `leave`. False if there is none. */
  enter(): boolean {
    if (this.used >= this.capacity) return false;
    this.used++;
    return true;
  }

  leave(): void {
    this.used--;
  }
}
