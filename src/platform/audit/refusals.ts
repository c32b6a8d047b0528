import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { ParserFault } from '../http/parser-faults.js';
import { NOT_READ } from '../http/request-ends.js';
import { RequestContext } from '../http/request-context.js';
import type { AuditTrail, Refusal } from './audit-trail.js';
import { causedBy } from './caused-by.js';

const LONGEST_PATH = 256;

/**
 * Records every refused request where its response closes: the one place that also sees what the router, the
 * body parser and the guards refuse.
 */
export function recordRefusals(server: Server, trail: AuditTrail): void {
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    response.once('close', () => {
      const context = RequestContext.of(request);
      if (context.problem !== undefined) recordRefusal(request, response.statusCode, trail);
      // Nobody is left to read it, but what became of the request is still to be told. Any other problem comes of
      // a connection that the parser closed, and has its record.
      else
        context.onLateProblem = () => {
          if (context.problem === 'client-gone') recordRefusal(request, NOT_READ, trail);
        };
    });
  });
}

function recordRefusal(request: IncomingMessage, status: number, trail: AuditTrail): void {
  const { problem, operationId } = RequestContext.of(request);
  // A write that got as far as an intent has its own records.
  if (problem === undefined || operationId !== undefined) return;
  trail.refusal({ problem, status, ...whatWasAsked(request) });
}

/** Records what was refused before it reached the router. */
export function recordParserFault({ request, ...fault }: ParserFault, trail: AuditTrail): void {
  trail.refusal({ ...fault, ...(request === undefined ? NOTHING_KNOWN : whatWasAsked(request)) });
}

const NOTHING_KNOWN = { principal: null, method: null, path: null, operation: null, resource: null } as const;

function whatWasAsked(request: IncomingMessage): Omit<Refusal, 'problem' | 'status'> {
  const context = RequestContext.of(request);
  return {
    ...causedBy(context),
    method: request.method ?? null,
    path: pathOf(request),
    operation: context.operation,
    resource: context.resource,
  };
}

/** Without the query: what nobody reads may well hold a token that was put in the wrong place. */
function pathOf(request: IncomingMessage): string | null {
  return request.url?.replace(/\?.*$/s, '').slice(0, LONGEST_PATH) ?? null;
}
