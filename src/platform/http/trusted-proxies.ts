import type { IncomingMessage, Server } from 'node:http';
import { isIPv4, type BlockList } from 'node:net';
import { RequestContext } from './request-context.js';
import { canonical, peerOf } from './source-address.js';

/** No real chain of proxies is longer; each step looks at one entry. */
const MOST_HOPS = 16;
/** An IPv6 address with brackets and a port is shorter. */
const LONGEST_ENTRY = 64;
// As RFC 7239 section 6 writes nodes; some proxies append the port to an IPv4 address too.
const ENTRY = /^(?:\[(?<six>[^\]]+)\]|(?<four>[\d.]+))(?::\d{1,5})?$/;

/**
 * From now on a request that comes through trusted proxies has the address of whoever stands before them, for
 * the trail as for limits. Nothing else that a proxy may say is believed: no host, no protocol.
 */
export function seeThroughProxies(server: Server, trusted: BlockList): void {
  const see = (request: IncomingMessage): void => {
    RequestContext.of(request).address = clientOf(request, trusted);
  };
  server.prependListener('request', see);
  server.prependListener('connect', see);
}

/**
 * The nearest address on a request's way that is no trusted proxy. Each proxy appends to `X-Forwarded-For` whom
 * it was called by, so what stands left of an untrusted address is only that one's word. An entry that is no
 * address ends the search: the proxy that passed it on answers for it.
 */
function clientOf({ socket, headers }: IncomingMessage, trusted: BlockList): string | null {
  let address = peerOf(socket);
  const forwarded = String(headers['x-forwarded-for'] ?? '');
  let end = forwarded.length;
  for (let hop = 0; hop < MOST_HOPS && end > 0 && address !== null; hop++) {
    if (!trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')) break;
    const start = forwarded.lastIndexOf(',', end - 1) + 1;
    const named = addressIn(forwarded.slice(start, end).trim());
    if (named === undefined) break;
    address = named;
    end = start - 1;
  }
  return address;
}

function addressIn(entry: string): string | undefined {
  if (entry.length > LONGEST_ENTRY) return undefined;
  const { six, four } = ENTRY.exec(entry)?.groups ?? {};
  return canonical(six ?? four ?? entry);
}
