// What the metrics read at a scrape. The parts of the gateway show it; they know nothing of how it is told.

/** The gate before one upstream. */
export interface WatchedGate {
  readonly inFlight: number;
  readonly capacity: number;
  /** Of each operation that was called: does its circuit refuse calls, and how often did it open? */
  readonly circuitStates: Iterable<{
    readonly operation: string;
    readonly open: boolean;
    readonly openings: number;
  }>;
}

/** What the trail still owes. */
export interface WatchedTrail {
  /** Entries that wait for a batch. */
  readonly queued: number;
  /** Intents that were given up, and are still to be settled. */
  readonly abandoned: number;
  /** Outcomes on the local disk that the store has not taken. */
  readonly spooled: number;
}

/** Writes that nobody knows the outcome of. */
export interface OpenWrites {
  readonly count: number;
  /** When the oldest of them began, ms since the epoch; null if there are none. */
  readonly oldestAt: number | null;
}

/** How the store of the trail stands: the same on every replica. */
export interface Standing {
  /** Undecided writes that the gateway itself looks after. */
  readonly undecided: OpenWrites;
  /** Writes that a person has to look at. */
  readonly beforeAPerson: OpenWrites;
  /** Age of the last checkpoint by the database's clock, ms. */
  readonly checkpointAgeMs: number;
  /** Records that no checkpoint covers yet. */
  readonly uncovered: number;
}
