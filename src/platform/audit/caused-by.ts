import type { Principal } from '../auth/principal.js';
import type { RequestContext } from '../http/request-context.js';
import type { AuditedPrincipal, Cause } from './audit-record.js';

/** What a record says of the request that caused it. */
export function causedBy({ requestId, traceId, principal, address }: RequestContext): Cause {
  return {
    requestId,
    principal: audited(principal),
    address,
    // Older records have no such member: it is there or not, and never null.
    ...(traceId !== undefined && { traceId }),
  };
}

/** The part of a principal that belongs into the trail: claims and scopes do not. */
function audited(principal: Principal | undefined): AuditedPrincipal | null {
  if (principal === undefined) return null;
  const { subject, client, method, session } = principal;
  return { subject, client, method, ...(session !== undefined && { session }) };
}
