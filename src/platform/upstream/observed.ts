import type { Exchange, UpstreamClient } from './upstream-client.js';

/** Passes the end of a call on, and tells the metrics of it. `operation` is one of a few names, never an id. */
export async function observed(
  { metrics, system }: Pick<UpstreamClient, 'metrics' | 'system'>,
  operation: string,
  call: Promise<Exchange>,
): Promise<Exchange> {
  const begun = performance.now();
  const exchange = await call;
  metrics.upstreamCalled(system.name, operation, nameOf(exchange), performance.now() - begun);
  return exchange;
}

function nameOf(exchange: Exchange): string {
  switch (exchange.kind) {
    case 'answered':
      return `${Math.floor(exchange.status / 100)}xx`;
    case 'not-sent':
    case 'lost':
    case 'no-token':
      return `${exchange.kind}:${exchange.reason}`;
  }
}
