import { HttpService } from '@nestjs/axios';
import { Inject, Injectable } from '@nestjs/common';
import type { AxiosRequestConfig } from 'axios';
import { firstValueFrom } from 'rxjs';
import type { UpstreamConfig } from '../config/config.js';
import type { ProblemCode } from '../http/problem-types.js';
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
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
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
  | { readonly kind: 'lost'; readonly reason: 'timeout' | 'broken'; readonly cause: Error };

export const UPSTREAM_SYSTEM = Symbol('UpstreamSystem');
export const UPSTREAM_CONFIG = Symbol('UpstreamConfig');

const EXCERPT_BYTES = 1_000;
const WELL_FORMED_REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** Calls one upstream: JSON out, one dispatch a call, a deadline for all of it. */
@Injectable()
export class UpstreamClient {
  private readonly basePath: string;
  /** Milliseconds that a call may take. */
  readonly timeoutMs: number;

  constructor(
    private readonly http: HttpService,
    /** What a client's call passes first; the gateway's own reads do not. */
    readonly gate: UpstreamGate,
    @Inject(UPSTREAM_SYSTEM) readonly system: UpstreamSystem,
    @Inject(UPSTREAM_CONFIG) private readonly config: UpstreamConfig,
  ) {
    this.basePath = config.baseUrl.pathname.replace(/\/$/, '');
    this.timeoutMs = config.timeoutMs;
  }

  /**
   * Sends the request once: not after `dispatchBy` (ms since the epoch, by the wall clock), and not for a client
   * that is gone. Never rejects for what the network or the upstream does.
   */
  async send(
    request: UpstreamRequest,
    timeoutMs: number,
    dispatchBy = Infinity,
    clientGone?: AbortSignal,
  ): Promise<Exchange> {
    const call: AxiosRequestConfig & DispatchLimit = {
      method: request.method,
      url: this.basePath + request.path,
      data: request.body === undefined ? undefined : JSON.stringify(request.body),
      headers: {
        accept: 'application/json',
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
        ...(this.config.authorization !== undefined && { authorization: this.config.authorization }),
        ...request.headers,
      },
      timeout: timeoutMs,
      dispatchBy,
      ...(clientGone !== undefined && { clientGone }),
    };
    try {
      const { status, data, headers } = await firstValueFrom(this.http.request<Buffer>(call));
      return {
        kind: 'answered',
        status,
        json: readReply(data),
        excerpt: data.toString('utf8', 0, EXCERPT_BYTES),
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

function requestIdOf(value: unknown): string | null {
  return typeof value === 'string' && WELL_FORMED_REQUEST_ID.test(value) ? value : null;
}
