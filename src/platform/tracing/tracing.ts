import type { TracingConfig } from '../config/config.js';
import type { OpenTelemetry } from './open-telemetry.js';
import type { Attributes, Beginning, Span } from './span.js';

/** Those of RFC 9110 and RFC 5789; any other name would be the client's to choose. */
const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
]);

/** A request whose head has come in. */
export interface TracedRequest extends Beginning {
  readonly method: string;
  /** The template of the route that takes it; undefined if none does. */
  readonly route: string | undefined;
  readonly scheme: string;
}

/** How it ended. */
export interface TracedEnd {
  /** Undefined if there was no reply. */
  readonly status: number | undefined;
  readonly problem: string | undefined;
  readonly operation: string | undefined;
  /** Of a write. */
  readonly outcome: string | undefined;
}

/**
 * Makes the span of each request, and sends it to a collector with all that is within it, behind the replies.
 * Told in the gateway's own terms: nobody else knows the library or the names of attributes. None of them holds
 * a path, an id or a person. Switched off it does nothing, and its library is not even loaded.
 */
export class Tracing {
  private constructor(private readonly library: OpenTelemetry | undefined) {}

  static readonly off = new Tracing(undefined);

  /** `replica` is this process, as records name it. */
  static async on(config: TracingConfig, replica: string): Promise<Tracing> {
    const { OpenTelemetry } = await import('./open-telemetry.js');
    return new Tracing(new OpenTelemetry(config, replica));
  }

  get isOn(): boolean {
    return this.library !== undefined;
  }

  requestBegun({ method, route, scheme, ...beginning }: TracedRequest): Span | undefined {
    const known = METHODS.has(method);
    const name = known ? method : 'HTTP';
    const attributes: Attributes = {
      'http.request.method': known ? method : '_OTHER',
      'http.route': route,
      'url.scheme': scheme,
    };
    return this.library?.serverSpan(route === undefined ? name : `${name} ${route}`, attributes, beginning);
  }

  requestEnded(span: Span, { status, problem, operation, outcome }: TracedEnd): void {
    const attributes: Attributes = {
      'http.response.status_code': status,
      'surehand.operation': operation,
      'surehand.outcome': outcome,
      'surehand.problem': problem,
    };
    // What a client did wrong is no error of the server's span, and neither is that it left.
    span.end(attributes, status !== undefined && status >= 500 ? (problem ?? String(status)) : undefined);
  }

  /** Sends what is still here, for a second at most. Never rejects. */
  async stop(): Promise<void> {
    await this.library?.stop();
  }
}
