import type { Cors } from './cors.js';
import type { RequestContext } from './request-context.js';

type Headers = Readonly<Record<string, string>>;

/** What a browser may do with a reply: as good as nothing. Only the pages under /docs loosen a row. */
const FOR_BROWSERS: Headers = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  // Of no effect on CORS: it is for those who embed without asking.
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};
/** RFC 6797 section 7.2: not over plain http. */
const OVER_HTTPS: Headers = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' };

/** What is known of the request that is answered. */
type Answered = Pick<RequestContext, 'requestId' | 'operationId' | 'origin'> & {
  readonly replayed?: boolean;
};

/** What every reply carries, whoever answers it. */
export class CommonHeaders {
  /** What is the same on every reply, unless a route says otherwise. */
  readonly fixed: Headers;

  constructor(
    publicUrl: string,
    private readonly cors: Cors,
  ) {
    this.fixed = {
      vary: `Accept${cors.vary}`,
      ...FOR_BROWSERS,
      ...(publicUrl.startsWith('https:') && OVER_HTTPS),
    };
  }

  /** What depends on the request. */
  of({ requestId, operationId, origin, replayed = false }: Answered): Headers {
    return {
      'x-request-id': requestId,
      ...(operationId !== undefined && { 'operation-id': operationId }),
      ...(replayed && { 'idempotency-replayed': 'true' }),
      ...this.cors.replyHeaders(origin),
    };
  }

  /** All of them, for a reply that no route began. */
  all(answered: Answered): Headers {
    return { ...this.fixed, ...this.of(answered) };
  }
}
