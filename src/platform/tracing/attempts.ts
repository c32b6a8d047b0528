import type { Attributes, Span } from './span.js';

/** Where a system listens, as its spans name it. */
export interface Server {
  readonly address: string;
  readonly port: number;
}

/** The attempts to send one call to an upstream, each a span of its own, within that of the request. */
export class Attempts {
  private begun = 0;

  constructor(
    private readonly within: Span,
    /** One of a few names, never an id. */
    private readonly operation: string,
  ) {}

  /** Begins the next one. */
  next(method: string, { address, port }: Server): Attempt {
    const attributes = {
      'http.request.method': method,
      'server.address': address,
      'server.port': port,
      'http.request.resend_count': this.begun === 0 ? undefined : this.begun,
    };
    this.begun++;
    return new Attempt(this.within.begin('call', `${method} ${this.operation}`, attributes));
  }
}

/** One attempt. */
export class Attempt {
  constructor(private readonly span: Span) {}

  /** What the upstream is told of it. */
  get headers(): Readonly<Record<string, string>> {
    return this.span.headers;
  }

  /** It brought a complete reply. Of what a client asked for, 4xx is an error. */
  answered(status: number): void {
    const attributes: Attributes = { 'http.response.status_code': status };
    this.span.end(attributes, status >= 400 ? String(status) : undefined);
  }

  /** It brought none. `why` is one of a few words. */
  failed(why: string): void {
    this.span.end({}, why);
  }
}
