import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { ParserFault } from '../http/parser-faults.js';
import { NOT_READ } from '../http/request-ends.js';
import { RequestContext } from '../http/request-context.js';
import type { AuditedPrincipal } from './audit-record.js';
import type { AuditTrail, Refusal } from './audit-trail.js';
import type { Principal } from '../auth/principal.js';

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
  const { problem, operationId, requestId, address } = RequestContext.of(request);
  // A write that got as far as an intent has its own records.
  if (problem === undefined || operationId !== undefined) return;
  trail.refusal({ requestId, address, problem, status, ...whatWasAsked(request) });
}

/** Records what was refused before it reached the router. */
export function recordParserFault({ request, ...fault }: ParserFault, trail: AuditTrail): void {
  trail.refusal({ ...fault, ...(request === undefined ? NOTHING_KNOWN : whatWasAsked(request)) });
}

type Asked = Pick<Refusal, 'principal' | 'method' | 'path' | 'operation' | 'resource'>;

const NOTHING_KNOWN: Asked = { principal: null, method: null, path: null, operation: null, resource: null };

function whatWasAsked(request: IncomingMessage): Asked {
  const { principal, operation, resource } = RequestContext.of(request);
  return {
    principal: audited(principal),
    method: request.method ?? null,
    path: pathOf(request),
    operation,
    resource,
  };
}

/** The part of a principal that belongs into the trail: claims and scopes do not. */
export function audited(principal: Principal | undefined): AuditedPrincipal | null {
  return principal === undefined
    ? null
    : { subject: principal.subject, client: principal.client, method: principal.method };
}

/** Without the query: what nobody reads may well hold a token that was put in the wrong place. */
function pathOf(request: IncomingMessage): string | null {
  return request.url?.replace(/\?.*$/s, '').slice(0, LONGEST_PATH) ?? null;
}
