import type { Reply, UpstreamCall } from './route.js';

/** How one upstream words what every upstream can have to say. */
export interface FailureWording {
  readonly unauthorized: (call: UpstreamCall) => Reply;
  readonly notFound: (call: UpstreamCall) => Reply;
  /** @param allow the methods that the path knows */
  readonly methodNotAllowed: (call: UpstreamCall, allow: string) => Reply;
  readonly unreadableBody: (reason: string) => Reply;
  /** Something in front of the upstream's own code failed: it says nothing of what was done. */
  readonly internalError: (call: UpstreamCall) => Reply;
  /** A failure that arrives as HTTP 200. */
  readonly failureInside200: () => Reply;
}
