import { HttpService } from '@nestjs/axios';
import { Inject, Injectable } from '@nestjs/common';
import type { AxiosRequestConfig } from 'axios';
import { firstValueFrom } from 'rxjs';
import type { UpstreamConfig } from '../config/config.js';
import type { ProblemCode } from '../http/problem-types.js';
import { Metrics } from '../metrics/metrics.js';
import type { Attempt, Attempts, Server } from '../tracing/attempts.js';
import { UpstreamCredentials, withoutCredential, type Authorization, type NoToken } from './credentials.js';
import type { NotSent } from './not-sent.js';
import { readReply } from './reply-json.js';
import { TransportFailure, type DispatchLimit } from './undici-transport.js';
import { UpstreamGate } from './upstream-gate.js';

/** What tells one upstream from another, beside its configuration. */
export interface UpstreamSystem {
  /** As it is called in problem documents and logs. */
  readonly name: string;
  /** What a 401 to the gateway's own credentials means there. */
  readonly unauthorized: ProblemCode;
}

export interface UpstreamRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below the base URL, starting with `/`; every segment checked against an allow-list and encoded. */
  readonly path: string;
  /** Sent as JSON, or as a form. */
  readonly body?: object | URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Asked when the upstream refused a token that was in use before (with this reply) and a new one is there:
   * may the request be sent once more? Without it only a GET may.
   */
  readonly maySendAgain?: (refused: Answer) => Promise<boolean>;
  /** The spans of what is sent, while traces are on. */
  readonly attempts?: Attempts | undefined;
}

/** A complete reply. Its body is not to be trusted until a reader has turned it into a type. */
export interface Answer {
  readonly kind: 'answered';
  readonly status: number;
  /** The body, if it was JSON. */
  readonly json: unknown;
  /** The beginning of the body as it came: for the log, never for a client. */
  readonly excerpt: string;
  /** The id under which the upstream logged the call. */
  readonly requestId: string | null;
}

/** How a call ended. `lost`: something was sent, and no complete reply came. */
export type Exchange =
  | Answer
  | { readonly kind: 'not-sent'; readonly reason: NotSent; readonly cause: Error }
  | { readonly kind: 'lost'; readonly reason: 'timeout' | 'broken'; readonly cause: Error }
  /** `refused`: what the upstream had answered to the token that was used before, if it was sent one. */
  | (NoToken & { readonly refused?: Answer });

export const UPSTREAM_SYSTEM = Symbol('UpstreamSystem');
export const UPSTREAM_CONFIG = Symbol('UpstreamConfig');

const EXCERPT_BYTES = 1_000;
const WELL_FORMED_REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** Statuses by which an upstream, or what stands before it, says that it may be asked again. */
const ASK_AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Whether a call that changes nothing may be made again after it ended so. */
export function mayBeAskedAgain(exchange: Exchange): boolean {
  return exchange.kind === 'not-sent' || (exchange.kind === 'answered' && ASK_AGAIN.has(exchange.status));
}

/** With less time left than this nothing is sent: a write would only end as unknown. Milliseconds. */
export const TOO_NEAR_MS = 250;

/** Calls one upstream: one dispatch a call, a deadline for all of it, a second one only to replace a stale token. */
@Injectable()
export class UpstreamClient {
  private readonly basePath: string;
  private readonly server: Server;
  /** Milliseconds that a call may take. */
  readonly timeoutMs: number;

  constructor(
    private readonly http: HttpService,
    /** What a client's call passes first; the gateway's own reads do not. */
    readonly gate: UpstreamGate,
    @Inject(UPSTREAM_SYSTEM) readonly system: UpstreamSystem,
    @Inject(UPSTREAM_CONFIG) config: UpstreamConfig,
    private readonly credentials: UpstreamCredentials,
    /** Hears how calls end. */
    readonly metrics: Metrics,
  ) {
    this.basePath = config.baseUrl.pathname.replace(/\/$/, '');
    this.server = serverOf(config.baseUrl);
    this.timeoutMs = config.timeoutMs;
  }

  /**
   * Sends the request, not after `dispatchBy` (ms since the epoch, by the wall clock), and not for a client that
   * is gone. Sends it once, unless a complete 401 refuses a token that was in use before: then, if it may, once
   * more with a new one. Never rejects for what the network or the upstream does; only if `maySendAgain` does.
   */
  async send(
    request: UpstreamRequest,
    timeoutMs: number,
    dispatchBy = Infinity,
    clientGone?: AbortSignal,
  ): Promise<Exchange> {
    const until = Date.now() + timeoutMs;
    const left = (): number => until - Date.now();
    const limit: DispatchLimit = { dispatchBy, ...(clientGone !== undefined && { clientGone }) };
    const first = await this.credentials.current(timeoutMs - TOO_NEAR_MS);
    if (first.kind === 'no-token') return first;
    const exchange = await this.dispatch(request, first, left(), limit);
    if (exchange.kind !== 'answered' || exchange.status !== 401 || !first.reused) return exchange;

    const second = await this.credentials.renewed(first, left() - TOO_NEAR_MS);
    if (second.kind === 'no-token') return { ...second, refused: exchange };
    if (second.header === first.header) return exchange;
    const tooLate = (): boolean => left() < TOO_NEAR_MS;
    const { method, maySendAgain } = request;
    if (tooLate()) return notSent('too-late', 'the new token came too late');
    if (!(maySendAgain === undefined ? method === 'GET' : await maySendAgain(exchange))) return exchange;
    if (tooLate()) return notSent('too-late', 'the second attempt was recorded too late');
    return this.dispatch(request, second, left(), limit);
  }

  private dispatch(
    request: UpstreamRequest,
    authorization: Authorization,
    timeoutMs: number,
    limit: DispatchLimit,
  ): Promise<Exchange> {
    const { attempts } = request;
    if (attempts === undefined) return this.carry(request, authorization, timeoutMs, limit);
    const attempt = attempts.next(request.method, this.server);
    const headers = { ...request.headers, ...attempt.headers };
    return followed(attempt, this.carry({ ...request, headers }, authorization, timeoutMs, limit));
  }

  private async carry(
    request: UpstreamRequest,
    { header }: Authorization,
    timeoutMs: number,
    limit: DispatchLimit,
  ): Promise<Exchange> {
    const { body } = request;
    const call: AxiosRequestConfig & DispatchLimit = {
      method: request.method,
      url: this.basePath + request.path,
      data: body instanceof URLSearchParams ? body.toString() : body && JSON.stringify(body),
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': mediaTypeOf(body) }),
        ...(header !== undefined && { authorization: header }),
        ...request.headers,
      },
      timeout: timeoutMs,
      ...limit,
    };
    try {
      const { status, data, headers } = await firstValueFrom(this.http.request<Buffer>(call));
      const reply = withoutCredential(data, header);
      return {
        kind: 'answered',
        status,
        json: readReply(reply),
        excerpt: reply.toString('utf8', 0, EXCERPT_BYTES),
        requestId: requestIdOf(headers['x-oracle-dms-ecid']),
      };
    } catch (error) {
      if (!(error instanceof TransportFailure)) throw error;
      return error.notSent === undefined
        ? { kind: 'lost', reason: error.reason, cause: error }
        : { kind: 'not-sent', reason: error.notSent, cause: error };
    }
  }
}

/** The end of a call that was given up before anything of it was sent. */
export function notSent(reason: NotSent, why: string): Exchange {
  return { kind: 'not-sent', reason, cause: new Error(why) };
}

function mediaTypeOf(body: object): string {
  return body instanceof URLSearchParams ? 'application/x-www-form-urlencoded' : 'application/json';
}

/** Passes the end of a call on, and ends its span. */
async function followed(attempt: Attempt, call: Promise<Exchange>): Promise<Exchange> {
  try {
    const exchange = await call;
    if (exchange.kind === 'answered') attempt.answered(exchange.status);
    else attempt.failed(`${exchange.kind}:${exchange.reason}`);
    return exchange;
  } catch (error) {
    // A fault of our own is when somebody will look.
    attempt.failed('internal-error');
    throw error;
  }
}

function serverOf({ hostname, port, protocol }: URL): Server {
  return { address: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

function requestIdOf(value: unknown): string | null {
  return typeof value === 'string' && WELL_FORMED_REQUEST_ID.test(value) ? value : null;
}
