import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { ParserFault } from './parser-faults.js';
import type { ProblemCode } from './problem-types.js';
import { RequestContext } from './request-context.js';

/** How a request ended. */
export interface RequestEnd {
  /** What was known of it; nothing if the parser could not even read its head. */
  readonly context: RequestContext | undefined;
  readonly requestId: string;
  readonly method: string | undefined;
  readonly status: number;
  readonly problem: ProblemCode | undefined;
  /** From when its head was read until its reply was sent or its connection was closed. */
  readonly durationMs: number;
}

/** As nginx logs a request whose client did not wait for the reply. */
export const NOT_READ = 499;

/** Tells of the end of each request that the parser passes on, once. */
export function followRequests(server: Server, ended: (end: RequestEnd) => void): void {
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    // Its clock begins here.
    const context = RequestContext.of(request);
    response.once('close', () => {
      if (context.ended) return;
      context.ended = true;
      const left = !response.writableFinished && context.problem === undefined;
      ended({
        context,
        requestId: context.requestId,
        method: request.method,
        status: left ? NOT_READ : response.statusCode,
        problem: left ? 'client-gone' : context.problem,
        durationMs: performance.now() - context.begunAt,
      });
    });
  });
}

/** The end of a request that the parser refused; nothing if it has been told of already. */
export function endOf({ request, requestId, status, problem }: ParserFault): RequestEnd | undefined {
  if (request === undefined) {
    return { context: undefined, requestId, method: undefined, status, problem, durationMs: 0 };
  }
  const context = RequestContext.of(request);
  if (context.ended) return undefined;
  context.ended = true;
  const { method } = request;
  return { context, requestId, method, status, problem, durationMs: performance.now() - context.begunAt };
}
