/** One row per problem `code`: what a client can rely on. Published at `/problems`. */
export interface ProblemType {
  /** The HTTP status it is answered with, unless an upstream's own status is more precise. */
  readonly status: number;
  readonly title: string;
  /** For a frontend developer: what happened and what to do. */
  readonly advice: string;
  /** Whether the very same write may succeed later, without a risk of doing something twice. */
  readonly retryable: boolean;
}

const retryable = true;
const final = false;

function row(status: number, retryable: boolean, title: string, advice: string): ProblemType {
  return { status, title, advice, retryable };
}

/** Every problem the gateway answers with, in the order a request meets them. */
export const PROBLEM_TYPES = {
  'malformed-request': row(
    400,
    final,
    'The HTTP request is malformed',
    'The request breaks HTTP itself: its request line, URL or headers. Fix the client or the proxy in between.',
  ),
  'request-timeout': row(
    408,
    retryable,
    'The request did not arrive in time',
    'The headers or the body came too slowly. Nothing was done; send it again.',
  ),
  'headers-too-large': row(
    431,
    final,
    'The request headers are too large',
    'Send fewer or shorter headers: at most 100 lines and 16 KiB.',
  ),
  'uri-too-long': row(414, final, 'The URL is too long', 'An id in the path is longer than any real one.'),
  'not-found': row(
    404,
    final,
    'There is nothing at this path',
    'Check the path, its case and a trailing slash against /docs. `detail` says so if it is a record that is missing.',
  ),
  'method-not-allowed': row(
    405,
    final,
    'The route does not support this method',
    'The Allow header lists the methods it supports.',
  ),
  'cross-site-request': row(
    403,
    final,
    'The request comes from a page of another origin',
    'A browser sent it for a page whose origin is not allowed. The operator lists those that are in CORS_ORIGINS.',
  ),
  'csrf-header-missing': row(
    403,
    final,
    'The request does not say that a page of ours made it',
    'With a session, send the header `X-Surehand: 1` on every request: a page of another site cannot.',
  ),
  'ambiguous-credentials': row(
    400,
    final,
    'The request has two credentials',
    'Send the cookie of a session or an access token, not both. In `fetch`, `credentials: "omit"` leaves the cookie out.',
  ),
  'login-failed': row(
    400,
    final,
    'The login did not come to an end',
    'Begin it again at /auth/login. `detail` says what is known; the log of the gateway says more.',
  ),
  'invalid-logout-token': row(
    400,
    final,
    'The logout token is not valid',
    'The identity provider sends it (OpenID Connect Back-Channel Logout 1.0 section 2.6). The log of the gateway says what is wrong with it.',
  ),
  unauthenticated: row(
    401,
    final,
    'A valid access token is needed',
    'Send `Authorization: Bearer <token>` with a current token of the configured issuer and audience. In a browser, go to `loginUrl` if there is one.',
  ),
  forbidden: row(
    403,
    final,
    'The access token does not permit this',
    'The WWW-Authenticate header names the scope that is missing; without one, `detail` says what else is.',
  ),
  'identity-provider-unavailable': row(
    503,
    retryable,
    'The access token cannot be checked now',
    "The identity provider's keys could not be loaded. Nothing was done; try again after Retry-After.",
  ),
  'session-unavailable': row(
    503,
    retryable,
    'Sessions cannot be looked up now',
    'Their database does not answer. Nothing was done; try again after Retry-After.',
  ),
  'rate-limited': row(
    429,
    retryable,
    'Too many requests in a minute',
    'Nothing was done; try again after Retry-After. RateLimit tells with each reply how many requests are left, and for how many seconds.',
  ),
  'not-acceptable': row(
    406,
    final,
    'No representation fits the Accept header',
    'Replies come as application/json and application/xml, an export as application/x-ndjson.',
  ),
  'unsupported-media-type': row(
    415,
    final,
    'The body has an unsupported media type or coding',
    'Send application/json or application/xml in UTF-8, with no Content-Encoding.',
  ),
  'payload-too-large': row(
    413,
    final,
    'The body is too large',
    'The operator sets the limit with BODY_LIMIT_BYTES; 64 KiB unless changed.',
  ),
  'malformed-body': row(
    400,
    final,
    'The body cannot be read',
    'The body is not well-formed, or says something that would be lost on the way. `errors` says where.',
  ),
  'invalid-request': row(
    400,
    final,
    'The request is not valid',
    'Each entry of `errors` points to a field of the body (`#/field`) or to a query parameter (`?name`) and says what it must be.',
  ),
  'invalid-id': row(
    400,
    final,
    'The id in the path is not valid',
    'Send the id as the upstream shows it. A `+` may be sent as it is or as %2B.',
  ),
  'id-mismatch': row(
    400,
    final,
    'The ids in the path and in the body differ',
    'Send the same id in both places.',
  ),
  'idempotency-key-required': row(
    400,
    final,
    'The write needs an Idempotency-Key',
    'Send the header Idempotency-Key with a new UUID for each new write, and the same one when you repeat it.',
  ),
  'write-in-progress': row(
    409,
    retryable,
    'The write is still in progress',
    'The first write with this key, or the one to be resolved: `operationId` names it. Repeat the request to learn how it ended.',
  ),
  'write-decided': row(
    409,
    final,
    'How the write ended is already known',
    'Only an undecided write can be resolved by a person. `detail` says how it ended.',
  ),
  'resource-busy': row(
    409,
    retryable,
    'Another write to this resource is in progress',
    'Only one write to a resource is in flight at a time. `operationId` names the other one; try again when it ended.',
  ),
  'idempotency-key-reused': row(
    422,
    final,
    'The Idempotency-Key was used for another write',
    'A key stands for one write to one resource with one content. Use a new key.',
  ),
  'audit-unavailable': row(
    503,
    retryable,
    'The audit trail cannot record the write now',
    'A write that cannot be recorded is not sent. Nothing was done; try again after Retry-After.',
  ),
  overloaded: row(
    503,
    retryable,
    'The gateway has too much to do',
    'Too many requests are in flight, or too little time was left to send this one safely. Nothing was done; try again after Retry-After.',
  ),
  'circuit-open': row(
    503,
    retryable,
    'The upstream system has just failed too often',
    'Nothing is sent to it for some seconds. Nothing was done; try again after Retry-After.',
  ),
  'client-gone': row(
    499,
    retryable,
    'The client did not wait for the reply',
    'It closed its connection, and nothing was changed. It stands in the audit trail; nobody is left to read it as a reply.',
  ),
  'upstream-unavailable': row(
    503,
    retryable,
    'The upstream system cannot be reached',
    'No connection could be made, or the gateway got no token for it; `detail` says which. Nothing was changed. Try again after Retry-After.',
  ),
  'upstream-busy': row(
    503,
    retryable,
    'The upstream system has too much to do',
    'It refused the request. Try again after Retry-After.',
  ),
  'upstream-rejected': row(
    422,
    final,
    'The upstream system rejected the request',
    "`upstream.messages` holds the system's own codes and texts. Nothing was changed.",
  ),
  'override-required': row(
    409,
    final,
    'The upstream system asks for an override',
    'A supervisor has to approve the change in the upstream system. Nothing was changed.',
  ),
  'upstream-forbidden': row(
    403,
    final,
    'The upstream system does not permit this',
    'The gateway or the acting user lacks a permission in the upstream system. Nothing was changed.',
  ),
  'upstream-not-found': row(
    404,
    final,
    'The upstream system does not know this resource',
    'Check the id. Nothing was changed.',
  ),
  'upstream-credentials-refused': row(
    502,
    final,
    'The upstream system refused the gateway',
    "The gateway's own credentials need an operator: the system or its token endpoint does not take them. Nothing was changed.",
  ),
  'upstream-error': row(
    502,
    final,
    'The upstream system failed',
    'It failed after it had received the request. Whether a write happened is then unknown: look at the resource before you repeat it. A read can be repeated.',
  ),
  'upstream-bad-response': row(
    502,
    final,
    'The reply of the upstream system was lost or unreadable',
    'Whether a write happened is then unknown: look at the resource before you repeat it. A read can be repeated.',
  ),
  'upstream-timeout': row(
    504,
    final,
    'The upstream system did not answer in time',
    'Whether a write happened is then unknown: look at the resource before you repeat it. A read can be repeated.',
  ),
  'internal-error': row(
    500,
    final,
    'The gateway has a fault',
    '`outcome` says whether something was sent. Report the requestId to the operators.',
  ),
} as const satisfies Record<string, ProblemType>;

export type ProblemCode = keyof typeof PROBLEM_TYPES;
