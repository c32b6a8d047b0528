import type { UpstreamConfig } from '../config/config.js';
import { Problem } from '../http/problem.js';
import { Bulkhead } from './bulkhead.js';
import { Circuit, type Admission, type CallResult } from './circuit.js';
import { HeardOfUpstream, type UpstreamState } from './heard-of-upstream.js';
import { RetryBudget } from './retry-budget.js';

/** One for all: in an overload, making an error for each takes longer than the rest of its refusal. */
const FULL = new Problem('overloaded', {
  detail: 'As many requests as the upstream system may get at once are in flight. Nothing was sent.',
  // A place frees itself within one call's time, mostly much sooner.
  headers: { 'retry-after': '1' },
});

/**
 * Decides whether a client's call may go to the upstream at all, before anything of it is recorded or sent: not
 * if the last ones of its operation failed, and not if too many are in flight there. And whether a call that is
 * in may be made once more.
 */
export class UpstreamGate {
  private readonly bulkhead: Bulkhead;
  private readonly retries = new RetryBudget();
  private readonly circuits = new Map<string, Circuit>();
  private readonly heard = new HeardOfUpstream();

  constructor(private readonly config: Pick<UpstreamConfig, 'maxInFlight' | 'circuitBreaker'>) {
    this.bulkhead = new Bulkhead(config.maxInFlight);
  }

  get inFlight(): number {
    return this.bulkhead.inFlight;
  }

  get capacity(): number {
    return this.bulkhead.capacity;
  }

  /** How the circuit stands of each operation that was called. */
  get circuitStates(): { operation: string; open: boolean; openings: number }[] {
    return [...this.circuits].map(([operation, { isOpen, openings }]) => ({
      operation,
      open: isOpen,
      openings,
    }));
  }

  /** What is known of the upstream; asks nobody. */
  get state(): UpstreamState {
    return [...this.circuits.values()].some(({ isOpen }) => isOpen) ? 'circuit-open' : this.heard.state;
  }

  /** Lets a call in, or says why not. Whoever is in leaves exactly once. */
  async enter(operation: string): Promise<Passage | Problem> {
    const circuit = this.config.circuitBreaker ? this.circuitOf(operation) : undefined;
    const entered = circuit?.enter();
    if (typeof entered === 'number')
      return new Problem('circuit-open', { headers: { 'retry-after': String(entered) } });
    if (!(await this.bulkhead.enter())) {
      if (entered !== undefined) circuit?.settle(entered, 'unheard');
      return FULL;
    }
    this.retries.noteCall();
    return new Passage(this.bulkhead, this.heard, circuit, entered);
  }

  /** Whether a call that is in may be made once more; whoever asks does it then. */
  mayRepeat(): boolean {
    return !this.config.circuitBreaker || this.retries.spend();
  }

  private circuitOf(operation: string): Circuit {
    const known = this.circuits.get(operation);
    if (known !== undefined) return known;
    const circuit = new Circuit();
    this.circuits.set(operation, circuit);
    return circuit;
  }
}

/** One call's place in flight. */
export class Passage {
  constructor(
    private readonly bulkhead: Bulkhead,
    private readonly heard: HeardOfUpstream,
    private readonly circuit: Circuit | undefined,
    private readonly admission: Admission | undefined,
  ) {}

  /** Gives the place back. */
  leave(result: CallResult): void {
    this.bulkhead.leave();
    this.heard.note(result);
    if (this.admission !== undefined) this.circuit?.settle(this.admission, result);
  }
}
