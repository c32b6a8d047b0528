import { randomUUIDv7 } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal.js';
import type { Span } from '../tracing/span.js';
import { readTraceparent, type Traceparent } from '../tracing/traceparent.js';
import type { ProblemCode } from './problem-types.js';
import { peerOf } from './source-address.js';

const WELL_FORMED_REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** A member of the request itself: what a map keeps beside it is one more thing to collect. */
const CONTEXT = Symbol('RequestContext');

interface WithContext extends IncomingMessage {
  [CONTEXT]?: RequestContext;
}

/** What is known of one request, from its first byte to its record in the audit trail. */
export class RequestContext {
  /** The client's `X-Request-Id` if it is well-formed, else a new UUIDv7. */
  readonly requestId: string;
  /** The peer's address; behind trusted proxies, that of whoever called the first of them. */
  address: string | null;
  principal: Principal | undefined;
  /** What the route says that the request would do, and on what. */
  operation: string | null = null;
  resource: string | null = null;
  /** The template of the route that took it; undefined if none did. */
  route: string | undefined;
  /** The upstream that it was for. */
  upstream: string | undefined;
  /** How the write ended that it made. */
  outcome: string | undefined;
  /** Set once a write has got as far as an intent. */
  operationId: string | undefined;
  /** The reply is that of an earlier request with the same key. */
  replayed = false;
  /** Where its caller stands in a trace, if it said so in a way that can be read. */
  readonly caller: Traceparent | undefined;
  /** The span of the request, while traces are on. */
  span: Span | undefined;
  /** The raw `Account-Id`, if one was sent: whose resource it is. */
  readonly accountId: string | undefined;
  /** The raw `User-Agent`, if one was sent. */
  readonly userAgent: string | undefined;
  /** The raw `Origin`, if one was sent: the page that a browser acts for. */
  readonly origin: string | undefined;
  /** The raw `Idempotency-Key`, if one was sent. */
  readonly idempotencyKey: string | undefined;
  /** The problem that the request was answered with. */
  problem: ProblemCode | undefined;
  /** Called when a problem is found only after the connection was closed. */
  onLateProblem: (() => void) | undefined;
  /** When its head had come in, ms by the clock that never goes back. */
  readonly begunAt = performance.now();
  /** How it ended has been told. */
  ended = false;
  /** When the whole request had come in, ms since the epoch: its deadline counts from here. */
  arrivedAt = Date.now();
  private gone: AbortController | undefined;

  private constructor(request: IncomingMessage) {
    const inbound = request.headers['x-request-id'];
    this.requestId =
      typeof inbound === 'string' && WELL_FORMED_REQUEST_ID.test(inbound) ? inbound : randomUUIDv7();
    this.address = peerOf(request.socket);
    this.idempotencyKey = headerOf(request, 'idempotency-key');
    this.accountId = headerOf(request, 'account-id');
    this.userAgent = request.headers['user-agent'];
    this.origin = request.headers.origin;
    const traceparent = headerOf(request, 'traceparent');
    this.caller = traceparent === undefined ? undefined : readTraceparent(traceparent);
  }

  /** The trace that it is part of, if it is part of one. */
  get traceId(): string | undefined {
    return this.span?.traceId ?? this.caller?.traceId;
  }

  /** Aborts when the client has closed its connection without waiting for the reply. */
  get clientGone(): AbortSignal {
    this.gone ??= new AbortController();
    return this.gone.signal;
  }

  /** The client has closed its connection without waiting for the reply. */
  clientLeft(): void {
    this.gone ??= new AbortController();
    this.gone.abort();
  }

  /** The context of a request; the same one each time. */
  static of(request: WithContext): RequestContext {
    const known = request[CONTEXT];
    return known ?? (request[CONTEXT] = new RequestContext(request));
  }
}

/** Tells the context of each request when its client leaves without waiting for the reply. */
export function noticeClientsThatLeave(server: Server): void {
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    response.once('close', () => {
      if (!response.writableFinished) RequestContext.of(request).clientLeft();
    });
  });
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Hands the request's context to a controller's method. */
export const Context = createParamDecorator((_: unknown, execution: ExecutionContext): RequestContext =>
  RequestContext.of(execution.switchToHttp().getRequest<FastifyRequest>().raw),
);
