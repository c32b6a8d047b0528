import { once } from 'node:events';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { actionPath } from './landscape.js';
import type { Schedule } from './open-loop.worker.js';

export interface LoadRequest {
  readonly method: 'PUT' | 'GET';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** A reply as far as load is concerned. */
export interface TimedReply {
  /** 0 if there was no reply at all. */
  readonly status: number;
  /** From when the request was due, whatever held its sending up. */
  readonly ms: number;
  readonly retryAfter: string | undefined;
}

/** How long replies took, by their status. */
export class Latencies {
  private readonly byStatus = new Map<number, RecordableHistogram>();

  record(status: number, ms: number): void {
    const histogram = this.byStatus.get(status) ?? createHistogram();
    this.byStatus.set(status, histogram);
    histogram.record(Math.max(1, Math.round(ms * 1_000)));
  }

  get statuses(): number[] {
    return [...this.byStatus.keys()];
  }

  count(status: number): number {
    return this.byStatus.get(status)?.count ?? 0;
  }

  /** Milliseconds; NaN if no reply had the status. */
  percentile(status: number, percent: number): number {
    return (this.byStatus.get(status)?.percentile(percent) ?? NaN) / 1_000;
  }

  /** Such as "3000 x 200: p50 4.1, p99 9.0, p99.9 12.2 ms". */
  told(status: number): string {
    const at = (percent: number): string => this.percentile(status, percent).toFixed(1);
    return `${this.count(status)} x ${status}: p50 ${at(50)}, p99 ${at(99)}, p99.9 ${at(99.9)} ms`;
  }
}

/**
 * Sends so many requests a second for so many seconds, whether or not the earlier ones were answered, and waits
 * for all replies. In a thread of its own: what else the test does holds no request up.
 */
export async function openLoop(
  url: string,
  rate: number,
  seconds: number,
  request: () => LoadRequest,
  heard: (reply: TimedReply) => void = () => undefined,
): Promise<Latencies> {
  const requests = Array.from({ length: Math.ceil(rate * seconds) }, request);
  const worker = new Worker(new URL('./open-loop.worker.ts', import.meta.url), {
    workerData: { url, rate, requests } satisfies Schedule,
  });
  const [replies] = (await once(worker, 'message')) as [TimedReply[]];
  const latencies = new Latencies();
  for (const reply of replies) {
    latencies.record(reply.status, reply.ms);
    heard(reply);
  }
  return latencies;
}

/** Writes to ever other actions; every other one in XML. */
export function aWriteAfterTheOther(token: string): () => LoadRequest {
  let made = 0;
  return () => {
    const type = ++made % 2 === 0 ? 'application/xml' : 'application/json';
    return {
      method: 'PUT',
      path: actionPath(made),
      headers: { authorization: `Bearer ${token}`, 'content-type': type, accept: type },
      body:
        type === 'application/xml'
          ? '<DeferredAction><scheduledDate>2021-02-14</scheduledDate></DeferredAction>'
          : '{"scheduledDate":"2021-02-14"}',
    };
  };
}
