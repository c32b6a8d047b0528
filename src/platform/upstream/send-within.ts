import { setTimeout as sleep } from 'node:timers/promises';
import { observed } from './observed.js';
import {
  TOO_NEAR_MS,
  notSent,
  type Exchange,
  type UpstreamClient,
  type UpstreamRequest,
} from './upstream-client.js';

/** A call is made so many times at most, with a random pause of up to so many ms before each further one. */
const MOST_ATTEMPTS = 3;
const LONGEST_PAUSE_MS = 250;

/**
 * Sends a request, for an operation of that name, unless too little is left of its time, which ends at `deadline`
 * (ms since the epoch, by the wall clock), or its client is gone. What ended in a way that `mayRepeat` names is
 * sent again while there is time, and while not too much else is.
 */
export async function sendWithin(
  upstream: UpstreamClient,
  operation: string,
  request: UpstreamRequest,
  deadline: number,
  mayRepeat: (exchange: Exchange) => boolean,
  clientGone?: AbortSignal,
): Promise<Exchange> {
  const gone = (): boolean => clientGone?.aborted === true;
  let exchange: Exchange | undefined;
  for (let made = 1; ; made++) {
    if (gone()) return notSent('client-gone', 'the client is gone');
    const left = deadline - Date.now();
    if (left < TOO_NEAR_MS) return exchange ?? notSent('too-late', 'too little time was left');
    const call = upstream.send(request, left, deadline, clientGone);
    exchange = await observed(upstream, operation, call);
    if (!mayRepeat(exchange) || made === MOST_ATTEMPTS || gone()) return exchange;
    const pause = Math.random() * LONGEST_PAUSE_MS;
    if (deadline - Date.now() - pause < TOO_NEAR_MS || !upstream.gate.mayRepeat()) return exchange;
    await sleep(pause);
  }
}
