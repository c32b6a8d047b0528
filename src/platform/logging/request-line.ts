import type { RequestEnd } from '../http/request-ends.js';

const LONGEST_SUBJECT = 256;
/**
 * What could end a line, colour a terminal or turn the order of its letters around: controls, U+2028 and U+2029,
 * and the marks of direction. JSON escapes the first few only.
 */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/gu;

/** One request as the log tells of it: names and ids that were checked, and whom the token names. */
export function requestLine({ context, requestId, method, status, problem, durationMs }: RequestEnd): object {
  const { traceId, route, operation, operationId, outcome, upstream, principal } = context ?? NOTHING_KNOWN;
  return {
    message: 'Request',
    requestId,
    traceId,
    // Members that are undefined are left out.
    operationId,
    method,
    route,
    status,
    durationMs: Math.round(durationMs * 10) / 10,
    subject: principal && printable(principal.subject),
    operation: operation ?? undefined,
    outcome,
    problem,
    upstream,
  };
}

const NOTHING_KNOWN = {
  traceId: undefined,
  route: undefined,
  operation: null,
  operationId: undefined,
  outcome: undefined,
  upstream: undefined,
  principal: undefined,
} as const;

function printable(text: string): string {
  return text.slice(0, LONGEST_SUBJECT).replace(UNPRINTABLE, '\ufffd');
}
