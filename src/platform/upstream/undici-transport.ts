import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { AxiosHeaders } from 'axios';
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

/**
 * Carries axios requests over undici: one dispatch, no retry, no redirect. `timeout` (ms) covers the whole
 * call, also the time before a connection is there.
 */
export function undiciAdapter(pool: Pick<Dispatcher, 'dispatch'>): AxiosAdapter {
  return (config) =>
    new Promise((resolve, reject) => {
      const call = new Call(config, resolve, reject);
      pool.dispatch(
        {
          path: config.url ?? '/',
          method: (config.method ?? 'GET').toUpperCase(),
          headers: allowedHeaders(config),
          body: bodyOf(config),
        },
        call,
      );
    });
}

function bodyOf({ data }: InternalAxiosRequestConfig): string | null {
  return typeof data === 'string' ? data : null;
}

function allowedHeaders(config: InternalAxiosRequestConfig): Record<string, string> {
  // axios gives every POST a media type, also one that has no body.
  if (bodyOf(config) === null) config.headers.delete('content-type');
  return Object.fromEntries(
    Object.entries(config.headers.toJSON())
      .filter(([name]) => REQUEST_HEADERS.has(name.toLowerCase()))
      .map(([name, value]) => [name, String(value)]),
  );
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
    private readonly config: InternalAxiosRequestConfig & DispatchLimit,
    private readonly resolve: (response: AxiosResponse<Buffer>) => void,
    private readonly reject: (failure: TransportFailure) => void,
  ) {
    this.timer = setTimeout(() => {
      const cause = new Error(`no reply within ${config.timeout ?? 0} ms`);
      this.fail(this.begun ? undefined : 'given-up', 'timeout', cause);
      this.controller?.abort(cause);
    }, config.timeout);
    config.clientGone?.addEventListener('abort', this.breakOff, { once: true });
  }

  /** What may change something is seen through once it was sent, also if nobody waits for it. */
  private readonly breakOff = (): void => {
    if (this.begun && this.config.method?.toUpperCase() !== 'GET') return;
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
    const { dispatchBy = Infinity, clientGone } = this.config;
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
      headers: new AxiosHeaders(this.headers as Record<string, string>),
      config: this.config,
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
    this.config.clientGone?.removeEventListener('abort', this.breakOff);
  }
}
