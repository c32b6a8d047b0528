import { showGates, showStore, showTrail } from './gauges.js';
import { Instruments } from './instruments.js';
import type { Standing, WatchedGate, WatchedTrail } from './watched.js';

/** Those that a route or a preflight may have. Whatever else is sent counts as one. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS']);

/** How one request ended, as far as it is counted. */
export interface CountedRequest {
  readonly method: string | undefined;
  readonly status: number;
  readonly problem: string | undefined;
  readonly durationMs: number;
}

/**
 * Hears what happens in the gateway, and counts it. It is told in the gateway's own terms: nobody else knows the
 * library or the format. Switched off it does nothing, and costs nothing.
 */
export class Metrics {
  private readonly gates = new Map<string, WatchedGate>();
  private reading: Promise<string> | undefined;

  private constructor(private readonly instruments: Instruments | undefined) {
    if (instruments === undefined) return;
    showGates(instruments.registry, this.gates);
    // An alert asks whether it grows: the first one would be lost if it began with it.
    instruments.problems.inc({ code: 'audit-unavailable' }, 0);
  }

  static readonly off = new Metrics(undefined);

  static on(): Metrics {
    return new Metrics(new Instruments());
  }

  /** `route` is the template of the route that took it. */
  requestEnded({ method, status, problem, durationMs }: CountedRequest, route = 'unknown'): void {
    if (this.instruments === undefined) return;
    const known = method !== undefined && METHODS.has(method) ? method : 'other';
    this.instruments.requests.observe({ route, method: known, status }, durationMs / 1_000);
    if (problem !== undefined) this.instruments.problems.inc({ code: problem });
  }

  upstreamCalled(upstream: string, operation: string, result: string, durationMs: number): void {
    this.instruments?.upstreamCalls.observe({ upstream, operation, result }, durationMs / 1_000);
  }

  tokenFetched(upstream: string, result: 'issued' | 'refused' | 'unavailable'): void {
    this.instruments?.tokenFetches.inc({ upstream, result });
  }

  /** A session began (`started`), or ended: why. What has never happened is told as 0 times. */
  sessionChanged(event: string, times = 1): void {
    this.instruments?.sessions.inc({ event }, times);
  }

  sessionRefreshed(result: 'refreshed' | 'refused' | 'unavailable'): void {
    this.instruments?.sessionRefreshes.inc({ result });
  }

  writeJudged(operation: string, outcome: string, evidence: 'observed' | 'read-back' | 'person'): void {
    this.instruments?.writes.inc({ operation, outcome, evidence });
  }

  appended(result: 'taken' | 'failed', durationMs: number): void {
    this.instruments?.appends.observe({ result }, durationMs / 1_000);
  }

  /** From now on a scrape shows the gate before this upstream. */
  watchGate(upstream: string, gate: WatchedGate): void {
    this.gates.set(upstream, gate);
    for (const result of ['issued', 'refused', 'unavailable'])
      this.instruments?.tokenFetches.inc({ upstream, result }, 0);
  }

  /** From now on a scrape shows what the trail owes. */
  watchTrail(trail: WatchedTrail): void {
    if (this.instruments !== undefined) showTrail(this.instruments.registry, trail);
  }

  /** From now on a scrape shows how the store stands. It is looked at now and then, and nobody waits long for it. */
  watchStore(look: () => Promise<Standing>): void {
    if (this.instruments !== undefined) showStore(this.instruments.registry, look);
  }

  get contentType(): string {
    return this.instruments?.registry.contentType ?? 'text/plain';
  }

  /** Everything, in the text format of Prometheus. Those who ask at the same time get the same. */
  text(): Promise<string> {
    this.reading ??= (this.instruments?.registry.metrics() ?? Promise.resolve('')).finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }
}
