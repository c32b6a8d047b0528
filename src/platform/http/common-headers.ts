import type { RequestContext } from './request-context.js';

/** What every reply carries, whoever answers it. */
export function commonHeaders({
  requestId,
  operationId,
}: Pick<RequestContext, 'requestId' | 'operationId'>): Record<string, string> {
  return {
    'x-request-id': requestId,
    ...(operationId !== undefined && { 'operation-id': operationId }),
    vary: 'Accept',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
}
