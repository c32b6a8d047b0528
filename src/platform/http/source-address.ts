import { SocketAddress, isIPv4, isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';

/** Who is at the other end of a connection, in the one form that an address has here. */
export function peerOf(socket: Duplex): string | null {
  const address = 'remoteAddress' in socket ? socket.remoteAddress : undefined;
  return typeof address === 'string' ? (canonical(address) ?? address) : null;
}

/** RFC 5952, without a zone; RFC 4291 section 2.5.5.2: a mapped IPv4 address is that IPv4 address. */
export function canonical(text: string): string | undefined {
  if (isIPv4(text)) return text;
  if (!isIPv6(text)) return undefined;
  // libuv cuts what stands before a zone short, and may then find no address in it.
  const { address } = new SocketAddress({ address: text.replace(/%.*$/s, ''), family: 'ipv6' });
  return address.replace(/^::ffff:(?=[\d.]+$)/, '');
}

/** Whoever has one IPv6 address has the whole /64 around it (RFC 6177 section 2): they count as one. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('::');
  const [left, right] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':');
}
