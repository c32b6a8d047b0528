type Stop = () => Promise<void>;

/** Ends the sandbox once, in order, however many reasons to end it come together. */
export class Shutdown {
  private readonly stops: Stop[] = [];
  private begun = false;

  /** Adds what has to stop before everything added so far. */
  first(stop: Stop): void {
    this.stops.unshift(stop);
  }

  /** Adds what has to stop after everything added so far. */
  last(stop: Stop): void {
    this.stops.push(stop);
  }

  /** Says why and exits with code 1; what goes wrong because of a shutdown under way is not worth a word. */
  async fail(reason: string): Promise<void> {
    if (!this.begun) {
      console.error(reason);
      await this.exit(1);
    }
  }

  async exit(code: number): Promise<void> {
    if (this.begun) {
      return;
    }
    this.begun = true;
    for (const stop of this.stops) {
      await stop();
    }
    process.exit(code);
  }
}
