import type { FastifyInstance } from 'fastify';
import type { Tracing } from '../tracing/tracing.js';
import { RequestContext } from './request-context.js';
import { NOT_READ, type RequestEnd } from './request-ends.js';

/** Begins a span for everything that the router hands on, except probes: there are many, and they say nothing. */
export function beginSpans(fastify: FastifyInstance, tracing: Tracing, publicUrl: string): void {
  const scheme = new URL(publicUrl).protocol.replace(':', '');
  fastify.addHook('onRequest', (request, _reply, done) => {
    const context = RequestContext.of(request.raw);
    const { tracestate } = request.headers;
    if (request.routeOptions.config.unlimited !== true) {
      context.span = tracing.requestBegun({
        method: request.method,
        route: context.route,
        scheme,
        begunAt: context.begunAt,
        caller: context.caller,
        tracestate: typeof tracestate === 'string' ? tracestate : undefined,
      });
    }
    done();
  });
}

/** Ends the span of a request, if it has one. */
export function endSpan({ context, status, problem }: RequestEnd, tracing: Tracing): void {
  if (context?.span === undefined) return;
  tracing.requestEnded(context.span, {
    status: status === NOT_READ ? undefined : status,
    problem,
    operation: context.operation ?? undefined,
    outcome: context.outcome,
  });
}
