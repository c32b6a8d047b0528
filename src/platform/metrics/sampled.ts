/** A figure that has to be asked for: seldom, by one at a time, and with bounded patience. */
export class Sampled<T> {
  private known: T | undefined;
  private look: Promise<void> | undefined;
  private beganAt = -Infinity;
  private failed = false;

  /** Asks at most every `everyMs`; whoever wants to know waits for `patienceMs` at most. */
  constructor(
    private readonly ask: () => Promise<T>,
    private readonly everyMs: number,
    private readonly patienceMs: number,
  ) {}

  /** What is known now, if anything, and whether the last look brought it in time. Never rejects. */
  async current(): Promise<{ readonly value: T | undefined; readonly fresh: boolean }> {
    if (this.look === undefined && performance.now() - this.beganAt >= this.everyMs) this.begin();
    if (this.look !== undefined) {
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, this.patienceMs)));
      await Promise.race([this.look, patience]);
      clearTimeout(timer);
    }
    return { value: this.known, fresh: !this.failed && this.look === undefined };
  }

  private begin(): void {
    this.beganAt = performance.now();
    this.look = this.ask()
      .then(
        (value) => {
          this.known = value;
          this.failed = false;
        },
        () => {
          this.failed = true;
        },
      )
      .finally(() => {
        this.look = undefined;
      });
  }
}
