import { Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { prefersPage, problemFormat } from './negotiation.js';
import { problemPage } from './page-for-people.js';
import { problemDocument } from './problem-document.dto.js';
import type { ProblemOutcome } from './problem.js';
import type { CommonHeaders } from './common-headers.js';
import { RequestContext } from './request-context.js';
import { toProblem } from './to-problem.js';
import { writeXml } from './xml/xml-writer.js';

// RFC 9457 appendix B.
export const PROBLEM_NAMESPACE = 'urn:ietf:rfc:7807';
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const LONGEST_PATH = 1_024;

/** Answers any error with a problem document, in the format the client prefers. */
export class ProblemAnswers {
  private readonly logger = new Logger('Problem');

  constructor(
    private readonly publicUrl: string,
    private readonly headers: CommonHeaders,
  ) {}

  send(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = toProblem(error);
    const context = RequestContext.of(request.raw);
    context.problem = problem.code;
    context.onLateProblem?.();
    // What was refused for want of room has no cause, and comes in thousands: the trail has it.
    if ((problem.status >= 500 && problem.cause !== undefined) || problem.facts.upstream !== undefined) {
      this.logger.error({
        message: problem.message,
        code: problem.code,
        requestId: context.requestId,
        operationId: context.operationId,
        cause: problem.cause,
      });
    }
    const document = problemDocument(problem, {
      publicUrl: this.publicUrl,
      path: pathOf(request.raw.url ?? ''),
      requestId: context.requestId,
      operationId: context.operationId,
      outcome: outcomeUnlessStated(request.method, context.operationId),
    });
    // Fastify closes the connection on an over-long body; a client that is still sending would miss the reply.
    reply.removeHeader('connection');
    // RFC 9112 section 9.6: whoever closes says so; Node would not any more.
    if (!reply.raw.shouldKeepAlive) void reply.header('connection', 'close');
    void reply.code(problem.status).headers({ ...this.headers.all(context), ...problem.headers });
    if (request.routeOptions.config.page === true && prefersPage(request.headers.accept)) {
      void reply.type('text/html; charset=utf-8').serializer(String).send(problemPage(document));
      return;
    }
    const xml = problemFormat(request.headers.accept) === 'xml';
    void reply
      .type(`application/problem+${xml ? 'xml' : 'json'}; charset=utf-8`)
      .serializer((body: unknown) =>
        xml ? writeXml('problem', body, PROBLEM_NAMESPACE) : JSON.stringify(body),
      )
      .send(document);
  }
}

/** The path as a URI reference, whatever came: a `%` that escapes nothing and what a URI cannot have are escaped. */
function pathOf(url: string): string {
  return url
    .replace(/\?.*$/s, '')
    .slice(0, LONGEST_PATH)
    .replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~!$&'()*+,;=:@/%-]/g, (character) =>
      Buffer.from(character)
        .toString('hex')
        .replace(/../g, (octet) => `%${octet}`),
    );
}

/** Nothing happened before the intent; a fault after it, of which no more is known, leaves it open. */
function outcomeUnlessStated(method: string, operationId: string | undefined): ProblemOutcome | undefined {
  if (SAFE_METHODS.has(method)) return undefined;
  return operationId === undefined ? 'not-applied' : 'unknown';
}
