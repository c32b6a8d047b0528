import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { AxiosHeaders } from 'axios';
import type { Dispatcher, Pool } from 'undici';

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

/** A call that brought no complete reply. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';

  constructor(
    /** Whether a byte may have left: only `false` is proof, of the contrary. */
    readonly sent: boolean,
    readonly reason: 'timeout' | 'broken',
    cause: unknown,
  ) {
    super(`${sent ? 'no complete reply' : 'nothing was sent'} (${reason})`, { cause });
  }
}

/**
 * Carries axios requests over undici: one dispatch, no retry, no redirect. `timeout` (ms) covers the whole
 * call, also the time before a connection is there.
 */
export function undiciAdapter(pool: Pool): AxiosAdapter {
  return (config) =>
    new Promise((resolve, reject) => {
      const call = new Call(config, resolve, reject);
      pool.dispatch(
        {
          path: config.url ?? '/',
          method: (config.method ?? 'GET').toUpperCase(),
          headers: allowedHeaders(config),
          body: typeof config.data === 'string' ? config.data : null,
        },
        call,
      );
    });
}

function allowedHeaders(config: InternalAxiosRequestConfig): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config.headers.toJSON())
      .filter(([name]) => REQUEST_HEADERS.has(name.toLowerCase()))
      .map(([name, value]) => [name, String(value)]),
  );
}

/** One call: knows whether anything was sent, and ends exactly once. */
class Call implements Dispatcher.DispatchHandler {
  private readonly timer: NodeJS.Timeout;
  private readonly chunks: Buffer[] = [];
  private controller: Dispatcher.DispatchController | undefined;
  private failure: TransportFailure | undefined;
  private status = 0;
  private headers: Record<string, string | string[] | undefined> = {};

  constructor(
    private readonly config: InternalAxiosRequestConfig,
    private readonly resolve: (response: AxiosResponse<Buffer>) => void,
    private readonly reject: (failure: TransportFailure) => void,
  ) {
    this.timer = setTimeout(() => {
      const cause = new Error(`no reply within ${config.timeout ?? 0} ms`);
      this.fail('timeout', cause);
      this.controller?.abort(cause);
    }, config.timeout);
  }

  /** undici calls this when a connection is there, right before it writes the first byte. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while it waited: aborting here sends nothing.
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
    clearTimeout(this.timer);
    this.resolve({
      data: Buffer.concat(this.chunks),
      status: this.status,
      statusText: '',
      headers: new AxiosHeaders(this.headers as Record<string, string>),
      config: this.config,
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail('broken', error);
  }

  private fail(reason: 'timeout' | 'broken', cause: Error): void {
    clearTimeout(this.timer);
    this.failure ??= new TransportFailure(this.controller !== undefined, reason, cause);
    this.reject(this.failure);
  }
}
