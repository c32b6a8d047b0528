import type { FailureWording } from '../upstream/failure-wording.js';
import type { Reply } from '../upstream/route.js';

/** An error as billing words it; its status says little, most of what goes wrong is a 500. */
export function billingError(
  status: number,
  errorCode: string,
  errorMessage: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, headers, document: { root: 'errorInfo', content: { errorCode, errorMessage } } };
}

export const billingWording: FailureWording = {
  unauthorized: () => billingError(401, 'SBX-401', 'Not authorized', { 'www-authenticate': 'Bearer' }),
  notFound: () => billingError(404, 'SBX-404', 'No such resource'),
  methodNotAllowed: (_call, allow) => billingError(405, 'SBX-405', 'Method not allowed', { allow }),
  unreadableBody: (reason) => billingError(500, 'SBX-500', `The request cannot be read: ${reason}`),
  internalError: () => billingError(500, 'SBX-500', 'An internal server error occurred'),
  failureInside200: () => billingError(200, 'SBX-900', 'The deferred action could not be processed'),
};
