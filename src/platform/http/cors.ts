type Headers = Readonly<Record<string, string>>;

/** What a page of another origin may read of a reply, beyond what the Fetch standard lets it read anyway. */
const EXPOSED_HEADERS = [
  'X-Request-Id',
  'Operation-Id',
  'Idempotency-Replayed',
  'Retry-After',
  'RateLimit-Policy',
  'RateLimit',
  'Location',
  'WWW-Authenticate',
  'Allow',
].join(', ');
/** What such a page may send, beyond what it may send anyway. */
const ACCEPTED_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'Account-Id',
  'X-Request-Id',
  // A page that is traced sends them by itself, and would not get through without.
  'traceparent',
  'tracestate',
].join(', ');
/** How long a browser may remember a preflight, seconds: so long does a page go on that was struck off the list. */
const PREFLIGHT_SECONDS = '600';

const NONE: Headers = {};

/** Lets pages of the listed origins read replies, errors included, and nobody else's. */
export class Cors {
  /** What a reply depends on besides `Accept`. */
  readonly vary: string;
  private readonly headers: ReadonlyMap<string, Headers>;

  constructor(origins: readonly string[]) {
    this.vary = origins.length === 0 ? '' : ', Origin';
    this.headers = new Map(
      origins.map((origin) => [
        origin,
        { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED_HEADERS },
      ]),
    );
  }

  /** An origin is compared as it stands: RFC 6454 section 6.2 leaves one way to write it. */
  allows(origin: string | undefined): boolean {
    return origin !== undefined && this.headers.has(origin);
  }

  /** For every reply to the origin. Credentials are not allowed: a page brings its token by itself. */
  replyHeaders(origin: string | undefined): Headers {
    return (origin === undefined ? undefined : this.headers.get(origin)) ?? NONE;
  }

  /** What the answer to a preflight adds for an origin on the list. */
  preflightHeaders(origin: string | undefined, methods: readonly string[]): Headers {
    if (!this.allows(origin)) return NONE;
    return {
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': ACCEPTED_HEADERS,
      'access-control-max-age': PREFLIGHT_SECONDS,
    };
  }
}
