import { once } from 'node:events';
import { connect } from 'node:net';
import { holdAgainstRules } from './set-cookie-rules.js';

/** A reply as it came over the wire. */
export interface RawReply {
  readonly status: number;
  readonly statusLine: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes after the header section, as UTF-8. */
  readonly body: string;
}

/** What a hand-written request has. Nothing is added but `Host`, `Connection: close` and `Content-Length`. */
export interface RawRequest {
  readonly method?: string;
  /** Goes into the request line as it is. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** The bytes of a request, free of everything that an HTTP client would tidy up. */
export function requestBytes({ method = 'PUT', path, headers = {}, body }: RawRequest): Buffer {
  const lines = Object.entries({
    host: 'gateway',
    connection: 'close',
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body ?? '')]);
}

/**
 * Sends bytes over a socket of its own, from an address of its own if one is given, and returns whatever came
 * back until the gateway closed it.
 */
export async function exchange(url: string, bytes: string | Uint8Array, from?: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({
    port: Number(port),
    host: hostname,
    ...(from !== undefined && { localAddress: from }),
  });
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  socket.write(bytes);
  await once(socket, 'close');
  const replies = Buffer.concat(received).toString();
  holdAgainstRules(
    url,
    [...replies.matchAll(/^set-cookie:[ \t]*(.*?)\r?$/gim)].map(([, line = '']) => line),
  );
  return replies;
}

/** Takes one reply apart. */
export function readReply(text: string): RawReply {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, Math.max(end, 0)).split('\r\n');
  return {
    status: Number(statusLine.split(' ')[1]),
    statusLine,
    headers: Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    ),
    body: text.slice(end + 4),
  };
}
