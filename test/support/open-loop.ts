import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { actionPath } from './landscape.js';

export interface LoadRequest {
  readonly method: 'PUT' | 'GET';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** A reply as far as load is concerned. */
export interface LoadReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** How long replies took, by their status. A request counts from when it was due, whatever held its sending up. */
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

/** Status of a request that brought no reply at all. */
export const NO_REPLY = 0;
const CONNECTIONS = 256;

/**
 * Sends so many requests a second for so many seconds, whether or not the earlier ones were answered, and waits
 * for all replies.
 */
export async function openLoop(
  url: string,
  rate: number,
  seconds: number,
  request: (number: number) => LoadRequest,
  heard: (reply: LoadReply, number: number) => void = () => undefined,
): Promise<Latencies> {
  const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 });
  const latencies = new Latencies();
  const send = async (number: number, due: number): Promise<void> => {
    let status = NO_REPLY;
    try {
      const { statusCode, headers, body } = await pool.request(request(number));
      await body.dump();
      status = statusCode;
      heard({ status, headers }, number);
    } catch {
      // Counts as what it is: no reply.
    }
    latencies.record(status, performance.now() - due);
  };
  const begun = performance.now();
  const open = new Set<Promise<void>>();
  for (let number = 0; number < rate * seconds; number++) {
    const due = begun + (number * 1_000) / rate;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    const sent = send(number, due).finally(() => open.delete(sent));
    open.add(sent);
  }
  await Promise.all(open);
  await pool.close();
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
