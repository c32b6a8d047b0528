import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Cors } from './cors.js';
import type { MethodTable } from './method-table.js';
import { Problem } from './problem.js';

/**
 * Answers OPTIONS with the methods of the path (RFC 9110 section 9.3.7), and a preflight with what its origin may
 * do. Needs no token, since no browser sends one with a preflight, and tells nothing but methods.
 */
export function answerOptions(
  request: FastifyRequest,
  reply: FastifyReply,
  methods: MethodTable,
  cors: Cors,
): void {
  // The gateway as a whole: there is nothing to say but that it is there.
  if (request.url === '*') {
    void reply.code(204).send();
    return;
  }
  const route = methods.of(request.url);
  if (route === undefined) throw new Problem('not-found');
  const { origin, 'access-control-request-method': preflight } = request.headers;
  void reply
    .code(204)
    .header('allow', route.allow)
    .headers(preflight === undefined ? {} : cors.preflightHeaders(origin, route.methods))
    .send();
}
