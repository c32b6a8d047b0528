// Runs as it is: Node strips the types, so only those may be imported from files of ours.
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Pool } from 'undici';
import type { LoadRequest, TimedReply } from './open-loop.js';

export interface Schedule {
  readonly url: string;
  /** Requests a second. */
  readonly rate: number;
  readonly requests: readonly LoadRequest[];
}

/** Status of a request that brought no reply at all. */
const NO_REPLY = 0;
const CONNECTIONS = 256;

const { url, rate, requests } = workerData as Schedule;
const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 });

/** Resolves with the reply once all of it is there; a request that brings none has the status `NO_REPLY`. */
function send({ method, path, headers, body }: LoadRequest, due: number): Promise<TimedReply> {
  return new Promise((resolve) => {
    let status = NO_REPLY;
    let retryAfter: string | undefined;
    const end = (): void => {
      resolve({ status, ms: performance.now() - due, retryAfter });
    };
    pool.dispatch(
      { method, path, headers, body: body ?? null },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, statusCode, received) => {
          status = statusCode;
          retryAfter = received['retry-after']?.toString();
        },
        onResponseData: () => undefined,
        onResponseEnd: end,
        onResponseError: () => {
          status = NO_REPLY;
          end();
        },
      },
    );
  });
}

const begun = performance.now();
const sent: Promise<TimedReply>[] = [];
for (const [number, request] of requests.entries()) {
  const due = begun + (number * 1_000) / rate;
  const early = due - performance.now();
  if (early > 0) await sleep(early);
  sent.push(send(request, due));
}
const replies = await Promise.all(sent);
await pool.close();
parentPort?.postMessage(replies);
