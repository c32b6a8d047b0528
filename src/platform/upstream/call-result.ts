import type { CallResult } from './circuit.js';
import type { NotSent } from './not-sent.js';
import type { Exchange } from './upstream-client.js';

/** What a gateway or a load balancer says of an upstream that does not answer it. */
const UNAVAILABLE: ReadonlySet<number> = new Set([502, 503, 504]);
/** Why nothing was sent, where that was not the upstream's fault. */
const OUR_OWN: ReadonlySet<NotSent> = new Set<NotSent>(['too-late', 'stopping', 'client-gone']);

/** What the end of a call says of its upstream; without one it never got as far. */
export function resultOf(exchange: Exchange | undefined): CallResult {
  if (exchange === undefined) return 'unheard';
  switch (exchange.kind) {
    case 'lost':
      return 'failed';
    // Without its tokens a system is as good as down; that it refuses our credentials is for an operator.
    case 'no-token':
      return exchange.reason === 'unavailable' ? 'failed' : 'unheard';
    case 'not-sent':
      return OUR_OWN.has(exchange.reason) ? 'unheard' : 'failed';
    // Any other reply, a 500 too, is an application's that is there and speaks of this one call.
    case 'answered':
      return UNAVAILABLE.has(exchange.status) ? 'failed' : 'well';
  }
}
