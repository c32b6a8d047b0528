import type { RequestContext } from '../http/request-context.js';
import type { AuditTrail } from './audit-trail.js';
import { causedBy } from './caused-by.js';

/** Records who read what, of the trail or of the upstreams. */
export function recordAccess(
  trail: AuditTrail,
  context: RequestContext,
  operation: string,
  {
    resource = null,
    query = null,
  }: { readonly resource?: string | null; readonly query?: object | null } = {},
): void {
  trail.access({
    ...causedBy(context),
    operation,
    resource,
    query: query && { ...query },
  });
}
