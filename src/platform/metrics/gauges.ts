import { Counter, Gauge, type Registry } from 'prom-client';
import { Sampled } from './sampled.js';
import type { OpenWrites, Standing, WatchedGate, WatchedTrail } from './watched.js';

/** The store is looked at so seldom, however often somebody scrapes, ms. */
const LOOK_EVERY_MS = 2_000;
/** A scrape waits so long for it, ms. */
const PATIENCE_MS = 500;

/** Shows places in flight and circuits of the upstreams, as they are when somebody asks. */
export function showGates(registry: Registry, gates: ReadonlyMap<string, WatchedGate>): void {
  const registers = [registry];
  new Gauge({
    name: 'surehand_upstream_calls_in_flight',
    help: 'Places of the bulkhead that are taken.',
    labelNames: ['upstream'],
    registers,
    collect() {
      for (const [upstream, { inFlight }] of gates) this.set({ upstream }, inFlight);
    },
  });
  new Gauge({
    name: 'surehand_upstream_calls_in_flight_limit',
    help: 'Places that the bulkhead has.',
    labelNames: ['upstream'],
    registers,
    collect() {
      for (const [upstream, { capacity }] of gates) this.set({ upstream }, capacity);
    },
  });
  new Gauge({
    name: 'surehand_upstream_circuit_open',
    help: '1 while the circuit of an operation refuses its calls.',
    labelNames: ['upstream', 'operation'],
    registers,
    collect() {
      for (const [upstream, { circuitStates }] of gates)
        for (const { operation, open } of circuitStates) this.set({ upstream, operation }, Number(open));
    },
  });
  new Counter({
    name: 'surehand_upstream_circuit_openings_total',
    help: 'How often the circuit of an operation has opened.',
    labelNames: ['upstream', 'operation'],
    registers,
    collect() {
      this.reset();
      for (const [upstream, { circuitStates }] of gates)
        for (const { operation, openings } of circuitStates) this.inc({ upstream, operation }, openings);
    },
  });
}

/** Shows what this replica still owes to the trail. */
export function showTrail(registry: Registry, trail: WatchedTrail): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge('surehand_audit_queue_entries', 'Audit entries that wait for a batch.', () => trail.queued);
  gauge(
    'surehand_audit_abandoned_intents',
    'Intents that the store did not take in time, and that are to be settled once it is back.',
    () => trail.abandoned,
  );
  gauge(
    'surehand_audit_spooled_outcomes',
    'Outcomes on the local disk that the store has not taken.',
    () => trail.spooled,
  );
}

/** Shows how the store stands; what was seen last if it does not answer now, and then says so. */
export function showStore(registry: Registry, look: () => Promise<Standing>): void {
  const store = new Sampled(
    async () => ({ standing: await look(), at: performance.now() }),
    LOOK_EVERY_MS,
    PATIENCE_MS,
  );
  type Seen = Awaited<ReturnType<typeof store.current>>;
  type Labels = 'state';
  // Each waits for the same look.
  const gauge = (
    name: string,
    help: string,
    labelNames: readonly Labels[],
    set: (gauge: Gauge<Labels>, seen: Seen) => void,
  ): void => {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        set(this, await store.current());
      },
    });
  };
  const byState =
    (read: (writes: OpenWrites) => number) =>
    (gauge: Gauge<Labels>, { value }: Seen) => {
      if (value === undefined) return;
      gauge.set({ state: 'undecided' }, read(value.standing.undecided));
      gauge.set({ state: 'person' }, read(value.standing.beforeAPerson));
    };
  gauge(
    'surehand_audit_store_up',
    '1 if the store answered the last look of the metrics in time; else what it was asked for is old.',
    [],
    (up, { fresh }) => {
      up.set(Number(fresh));
    },
  );
  gauge(
    'surehand_writes_open',
    'Writes of all replicas that nobody knows the outcome of: still to be read back, or before a person.',
    ['state'],
    byState(({ count }) => count),
  );
  gauge(
    'surehand_writes_open_oldest_age_seconds',
    'Age of the oldest of these writes; 0 if there are none.',
    ['state'],
    // It grows also while the store does not answer.
    byState(({ oldestAt }) => (oldestAt === null ? 0 : Math.max(0, Date.now() - oldestAt) / 1_000)),
  );
  gauge(
    'surehand_audit_checkpoint_age_seconds',
    'Age of the last checkpoint of the trail.',
    [],
    (age, { value }) => {
      if (value === undefined) age.remove();
      else age.set((value.standing.checkpointAgeMs + performance.now() - value.at) / 1_000);
    },
  );
  gauge(
    'surehand_audit_uncovered_records',
    'Records that no checkpoint covers yet. Without any, no new checkpoint is made.',
    [],
    (records, { value }) => {
      if (value === undefined) records.remove();
      else records.set(value.standing.uncovered);
    },
  );
}
