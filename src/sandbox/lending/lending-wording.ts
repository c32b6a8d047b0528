import type { FailureWording } from '../upstream/failure-wording.js';
import type { Reply, UpstreamCall } from '../upstream/route.js';
import { failure } from './response-envelope.js';

/** What lending's platform answers before its service is reached has no envelope. */
function withoutEnvelope(
  call: UpstreamCall,
  status: number,
  error: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const content = { timestamp: Date.now(), status, error, path: call.path };
  return { status, headers, document: { root: 'error', content } };
}

export const lendingWording: FailureWording = {
  unauthorized: (call) => withoutEnvelope(call, 401, 'Unauthorized'),
  notFound: (call) => withoutEnvelope(call, 404, 'Not Found'),
  methodNotAllowed: (call, allow) => withoutEnvelope(call, 405, 'Method Not Allowed', { allow }),
  unreadableBody: (reason) => failure('SBX-COM-400', `Malformed syntax: ${reason}`, 400),
  internalError: (call) => withoutEnvelope(call, 500, 'Internal Server Error'),
  failureInside200: () => failure('SBX-COM-900', 'The record is locked by another user'),
};
