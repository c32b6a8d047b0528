import type { RequestContext } from './request-context.js';

/** What every reply carries, whoever answers it. */
export function commonHeaders({
  requestId,
  operationId,
  replayed = false,
}: Pick<RequestContext, 'requestId' | 'operationId'> & { readonly replayed?: boolean }): Record<
  string,
  string
> {
  return {
    'x-request-id': requestId,
    ...(operationId !== undefined && { 'operation-id': operationId }),
    ...(replayed && { 'idempotency-replayed': 'true' }),
    vary: 'Accept',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
}
