import { setTimeout as sleep } from 'node:timers/promises';
import {
  TOO_NEAR_MS,
  notSent,
  type Exchange,
  type UpstreamClient,
  type UpstreamRequest,
} from './upstream-client.js';

/** What may be sent again is, this often, after a random pause of up to so many ms. */
const RETRIES = 2;
const LONGEST_PAUSE_MS = 250;

/**
 * Sends a request unless too little is left of its time, which ends at `deadline` (ms since the epoch, by the
 * wall clock), or its client is gone. What ended in a way that `mayRepeat` names is sent again while there is
 * time.
 */
export async function sendWithin(
  upstream: UpstreamClient,
  request: UpstreamRequest,
  deadline: number,
  mayRepeat: (exchange: Exchange) => boolean,
  clientGone?: AbortSignal,
): Promise<Exchange> {
  let exchange: Exchange | undefined;
  for (let retries = 0; retries <= RETRIES; retries++) {
    if (retries > 0) await sleep(Math.random() * LONGEST_PAUSE_MS);
    if (clientGone?.aborted === true) return notSent('client-gone', 'the client is gone');
    const left = deadline - Date.now();
    if (left < TOO_NEAR_MS) break;
    exchange = await upstream.send(request, left, deadline, clientGone);
    if (!mayRepeat(exchange)) break;
  }
  return exchange ?? notSent('too-late', 'too little time was left');
}
