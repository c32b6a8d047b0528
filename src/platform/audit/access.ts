import type { RequestContext } from '../http/request-context.js';
import type { AuditTrail } from './audit-trail.js';
import { audited } from './refusals.js';

/** Records who read what, of the trail or of the upstreams. */
export function recordAccess(
  trail: AuditTrail,
  { requestId, principal, address }: RequestContext,
  operation: string,
  {
    resource = null,
    query = null,
  }: { readonly resource?: string | null; readonly query?: object | null } = {},
): void {
  trail.access({
    requestId,
    principal: audited(principal),
    address,
    operation,
    resource,
    query: query && { ...query },
  });
}
