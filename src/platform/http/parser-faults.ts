import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { problemDocument } from './problem-document.dto.js';
import type { ProblemCode } from './problem-types.js';
import { Problem } from './problem.js';

/** What Node's HTTP parser refuses by itself. Anything else that it refuses is malformed. */
const BY_CODE: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'payload-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/** A request that never became one, for its record in the trail. */
export interface ParserFault {
  readonly requestId: string;
  readonly address: string | null;
  readonly problem: ProblemCode;
  readonly status: number;
}

/**
 * Answers on the bare socket what the HTTP parser refused, since there is no request to reply to, and closes
 * it. Returns nothing if the client is gone or a reply is already on its way.
 */
export function answerParserFault(
  error: Error & { code?: string },
  socket: Duplex,
  publicUrl: string,
): ParserFault | undefined {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return undefined;
  }
  const problem = new Problem(BY_CODE[error.code ?? ''] ?? 'malformed-request', {}, { cause: error });
  const requestId = uuidv7();
  const body = JSON.stringify(
    problemDocument(problem, {
      publicUrl,
      path: '',
      requestId,
      operationId: undefined,
      outcome: 'not-applied',
    }),
  );
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
      'content-type: application/problem+json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      `date: ${new Date().toUTCString()}`,
      'cache-control: no-store',
      'vary: Accept',
      'connection: close',
      '',
      body,
    ].join('\r\n'),
    () => socket.destroy(),
  );
  return {
    requestId,
    address:
      'remoteAddress' in socket && typeof socket.remoteAddress === 'string' ? socket.remoteAddress : null,
    problem: problem.code,
    status: problem.status,
  };
}
