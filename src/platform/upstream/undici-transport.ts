import type { AxiosRequestConfig, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Dispatcher } from 'undici';
import { brokenBeforeWriting, type NotSent } from './not-sent.js';

/** What an upstream is ever told beside the body. A header that is not listed here is not sent. */
const REQUEST_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'authorization',
  'content-type',
  'appid',
  'branchcode',
  'entityid',
  'sourcecode',
  'userid',
  // Of our own making, and only while traces are on.
  'traceparent',
  'tracestate',
]);

/** What a call may ask of the transport, beside what axios knows. */
export interface DispatchLimit {
  /** After this moment (ms since the epoch, by the wall clock) nothing of the call is sent. */
  readonly dispatchBy?: number;
  /** Aborts when the client is gone: nothing of the call is sent then, and no reply to a GET is waited for. */
  readonly clientGone?: AbortSignal;
}

/** A call that brought no complete reply. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';

  constructor(
    /** Why it is certain that not a byte left; undefined if one may have. */
    readonly notSent: NotSent | undefined,
    readonly reason: 'timeout' | 'broken',
    cause: unknown,
  ) {
    super(notSent === undefined ? `no complete reply (${reason})` : `nothing was sent (${notSent})`, {
      cause,
    });
  }
}

/** Carries one request of axios, and resolves with whatever was answered. */
export type Transport = (request: AxiosRequestConfig & DispatchLimit) => Promise<AxiosResponse<unknown>>;

/**
 * Carries requests over undici: one dispatch, no retry, no redirect. `timeout` (ms) covers the whole call, also
 * the time before a connection is there. Rejects with `TransportFailure`.
 */
export function undiciTransport(pool: Pick<Dispatcher, 'dispatch'>): Transport {
  return (request) =>
    new Promise((resolve, reject) => {
      const body = typeof request.data === 'string' ? request.data : null;
      pool.dispatch(
        {
          path: request.url ?? '/',
          method: methodOf(request),
          headers: allowedHeaders(request, body !== null),
          body,
        },
        new Call(request, resolve, reject),
      );
    });
}

function methodOf({ method = 'GET' }: AxiosRequestConfig): string {
  return method.toUpperCase();
}

function allowedHeaders({ headers = {} }: AxiosRequestConfig, hasBody: boolean): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (!REQUEST_HEADERS.has(lower) || typeof value !== 'string') continue;
    // axios gives every POST a media type, also one that has no body.
    if (hasBody || lower !== 'content-type') allowed[name] = value;
  }
  return allowed;
}

/** One call: knows whether anything was sent, sends at most once, and ends exactly once. */
class Call implements Dispatcher.DispatchHandler {
  private readonly timer: NodeJS.Timeout;
  private readonly chunks: Buffer[] = [];
  private controller: Dispatcher.DispatchController | undefined;
  private failure: TransportFailure | undefined;
  private status = 0;
  private headers: Record<string, string | string[] | undefined> = {};

  constructor(
    private readonly request: AxiosRequestConfig & DispatchLimit,
    private readonly resolve: (response: AxiosResponse<unknown>) => void,
    private readonly reject: (failure: TransportFailure) => void,
  ) {
    this.timer = setTimeout(() => {
      const cause = new Error(`no reply within ${request.timeout ?? 0} ms`);
      this.fail(this.begun ? undefined : 'given-up', 'timeout', cause);
      this.controller?.abort(cause);
    }, request.timeout);
    request.clientGone?.addEventListener('abort', this.breakOff, { once: true });
  }

  /** What may change something is seen through once it was sent, also if nobody waits for it. */
  private readonly breakOff = (): void => {
    if (this.begun && methodOf(this.request) !== 'GET') return;
    const cause = new Error('the client is gone');
    this.fail(this.begun ? undefined : 'client-gone', 'broken', cause);
    this.controller?.abort(cause);
  };

  /**
   * undici calls this when a connection is there, in the turn of the event loop in which it writes the first
   * byte: aborting here sends nothing.
   */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.begun) {
      // undici takes back into its queue what was on a connection that it closed itself.
      controller.abort(new Error('the call was sent before'));
      return;
    }
    const { dispatchBy = Infinity, clientGone } = this.request;
    // A process that stood still sees its connection before its timers.
    if (Date.now() > dispatchBy) this.fail('too-late', 'timeout', new Error('the moment to send had passed'));
    // It may have left while the call waited for its token: no event tells of that any more.
    if (clientGone?.aborted === true) this.fail('client-gone', 'broken', new Error('the client is gone'));
    if (this.failure === undefined) this.controller = controller;
    else controller.abort(this.failure);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: typeof this.headers,
  ): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.end();
    this.resolve({
      data: Buffer.concat(this.chunks),
      status: this.status,
      statusText: '',
      headers: this.headers,
      config: this.request as InternalAxiosRequestConfig,
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(this.begun ? undefined : brokenBeforeWriting(error), 'broken', error);
  }

  /** Whether undici may have written: it does so only on the connection that it showed before. */
  private get begun(): boolean {
    return this.controller !== undefined;
  }

  private fail(notSent: NotSent | undefined, reason: 'timeout' | 'broken', cause: Error): void {
    this.end();
    this.failure ??= new TransportFailure(notSent, reason, cause);
    this.reject(this.failure);
  }
  private end(): void {
    clearTimeout(this.timer);
    this.request.clientGone?.removeEventListener('abort', this.breakOff);
  }
}
