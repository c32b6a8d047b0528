import { randomUUIDv7 } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { CommonHeaders } from './common-headers.js';
import { problemDocument } from './problem-document.dto.js';
import type { ProblemCode } from './problem-types.js';
import { Problem } from './problem.js';
import { RequestContext } from './request-context.js';
import { peerOf } from './source-address.js';

/** What Node's HTTP parser refuses by itself. Anything else that it refuses is malformed. */
const BY_CODE: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'payload-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/** How long a client that is still sending gets to read the reply before the connection is reset, ms. */
const LINGER_MS = 1_000;

/** A request that the router never saw, for its record in the trail. */
export interface ParserFault {
  readonly requestId: string;
  readonly address: string | null;
  readonly problem: ProblemCode;
  readonly status: number;
  /** There is one if only its body was at fault. */
  readonly request: IncomingMessage | undefined;
}

/**
 * Answers whatever Node would refuse or drop without asking a route, and tells of each refusal once. A reply
 * that is owed to an earlier request on the connection is never forestalled: the client would take ours for it.
 */
export function answerParserFaults(
  server: Server,
  publicUrl: string,
  headers: CommonHeaders,
  refused: (fault: ParserFault) => void,
): void {
  /** The response to the last request whose headers were read, per connection. */
  const latest = new WeakMap<Duplex, ServerResponse>();
  /** Connections of which nothing more is read. */
  const settled = new WeakSet<Duplex>();

  const answer = (problem: Problem, socket: Duplex, request?: IncomingMessage): void => {
    const { requestId, origin, address } =
      request === undefined
        ? { requestId: randomUUIDv7(), origin: undefined, address: peerOf(socket) }
        : RequestContext.of(request);
    settled.add(socket);
    socket.end(
      replyText(problem, publicUrl, requestId, headers.all({ requestId, operationId: undefined, origin })),
    );
    // RFC 9112 section 9.6: closing at once would reset the connection, and the reply with it.
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
    refused({
      requestId,
      address,
      problem: problem.code,
      status: problem.status,
      request,
    });
  };

  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    latest.set(request.socket, response);
  });
  server.removeAllListeners('clientError');
  server.on('clientError', (error: Error & { code?: string }, socket) => {
    // A browser opens connections ahead of need; one that never said a word asked for nothing.
    if ('bytesRead' in socket && socket.bytesRead === 0) {
      socket.destroy();
      return;
    }
    if (settled.has(socket)) return;
    const last = latest.get(socket);
    const broken = last?.req.complete === false ? last.req : undefined;
    if (error.code === 'ECONNRESET' || !socket.writable || (broken !== undefined && last?.headersSent)) {
      socket.destroy();
      return;
    }
    const problem = new Problem(BY_CODE[error.code ?? ''] ?? 'malformed-request', {}, { cause: error });
    if (last === undefined || (broken === undefined ? last.writableFinished : last.socket !== null)) {
      answer(problem, socket, broken);
      return;
    }
    const { code, status } = problem;
    settled.add(socket);
    const { address } = broken === undefined ? { address: peerOf(socket) } : RequestContext.of(broken);
    refused({ requestId: randomUUIDv7(), address, problem: code, status, request: broken });
    if (broken !== undefined) {
      // Its own reply would have to wait for an earlier one.
      socket.destroy();
      return;
    }
    last.shouldKeepAlive = false;
  });
  // Node would close the connection without a word. RFC 9110 section 10.2.1: an empty Allow, no method at all.
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    // Node has taken its own listener off: a client that resets the connection would end the process.
    socket.on('error', () => undefined);
    const problem = new Problem('method-not-allowed', { headers: { allow: '' } });
    const last = latest.get(socket);
    if (last === undefined || last.writableFinished) {
      answer(problem, socket, request);
      return;
    }
    // The reply to an earlier request is still to come: this one would be taken for it.
    const { code, status } = problem;
    refused({ requestId: randomUUIDv7(), address: peerOf(socket), problem: code, status, request });
    last.shouldKeepAlive = false;
  });
  // RFC 9110 section 10.1.1: an expectation that is not understood may be ignored. Node would answer by itself.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

function replyText(
  problem: Problem,
  publicUrl: string,
  requestId: string,
  common: Readonly<Record<string, string>>,
): string {
  const body = JSON.stringify(
    problemDocument(problem, {
      publicUrl,
      path: '',
      requestId,
      operationId: undefined,
      outcome: 'not-applied',
    }),
  );
  const headers = {
    ...common,
    ...problem.headers,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    date: new Date().toUTCString(),
    connection: 'close',
  };
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n');
}
