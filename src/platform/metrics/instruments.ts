import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Seconds: from a lone write on a fast disk to three times the default deadline. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** The same for what takes 1 s at most. */
const STORE_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Of the library's own: each scrape would walk through every open socket for them. */
const LEFT_OUT = ['handles', 'requests', 'resources'].flatMap((what) => [
  `nodejs_active_${what}`,
  `nodejs_active_${what}_total`,
]);

/** What is counted as it happens. Labels have few values, all of them ours: no id, no subject, no path. */
export class Instruments {
  readonly registry = new Registry();
  private readonly registers = [this.registry];

  readonly requests = new Histogram({
    name: 'surehand_http_request_duration_seconds',
    help: 'Requests from their first byte to the end of their reply, also those that the HTTP parser refused (with 0 s). Status 499: the client left.',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: SECONDS,
    registers: this.registers,
  });
  readonly problems = new Counter({
    name: 'surehand_problems_total',
    help: 'Requests that were answered with a problem.',
    labelNames: ['code'] as const,
    registers: this.registers,
  });
  readonly upstreamCalls = new Histogram({
    name: 'surehand_upstream_call_duration_seconds',
    help: 'Calls of an upstream, each attempt, until their end: a status class, why nothing was sent, or how the reply was lost.',
    labelNames: ['upstream', 'operation', 'result'] as const,
    buckets: SECONDS,
    registers: this.registers,
  });
  readonly tokenFetches = new Counter({
    name: 'surehand_upstream_token_fetches_total',
    help: 'Fetches of a token for an upstream.',
    labelNames: ['upstream', 'result'] as const,
    registers: this.registers,
  });
  readonly sessions = new Counter({
    name: 'surehand_sessions_total',
    help: 'Browser sessions that began, and that ended, by why.',
    labelNames: ['event'] as const,
    registers: this.registers,
  });
  readonly sessionRefreshes = new Counter({
    name: 'surehand_session_refreshes_total',
    help: 'Refreshes of the tokens of a session: new ones, the provider could not be asked, or it refused.',
    labelNames: ['result'] as const,
    registers: this.registers,
  });
  readonly writes = new Counter({
    name: 'surehand_writes_total',
    help: 'Verdicts on writes: as observed when they were made, as read back, or by the word of a person.',
    labelNames: ['operation', 'outcome', 'evidence'] as const,
    registers: this.registers,
  });
  readonly appends = new Histogram({
    name: 'surehand_audit_append_duration_seconds',
    help: 'Batches of audit entries, from when the first entry began to wait until the store had taken or refused them.',
    labelNames: ['result'] as const,
    buckets: STORE_SECONDS,
    registers: this.registers,
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    // What has never happened is told as 0, or its first time would be no increase.
    for (const result of ['taken', 'failed']) this.appends.zero({ result });
    for (const result of ['refreshed', 'refused', 'unavailable']) this.sessionRefreshes.inc({ result }, 0);
    for (const name of LEFT_OUT) this.registry.removeSingleMetric(name);
  }
}
