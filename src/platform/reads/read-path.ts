import { Injectable } from '@nestjs/common';
import { recordAccess } from '../audit/access.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { Problem, asRead } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import type { OperationName } from '../http/route-facts.js';
import { Attempts } from '../tracing/attempts.js';
import { resultOf } from '../upstream/call-result.js';
import { sendWithin } from '../upstream/send-within.js';
import {
  mayBeAskedAgain,
  type Answer,
  type Exchange,
  type UpstreamClient,
  type UpstreamRequest,
} from '../upstream/upstream-client.js';
import { judge, type Reading } from '../writes/outcome-table.js';

/** One read of an upstream, as a feature describes it. */
export interface Read<Reply> {
  readonly operation: OperationName;
  /** The id of what is read, as in the path. */
  readonly resource: string;
  readonly upstream: UpstreamClient;
  readonly request: Omit<UpstreamRequest, 'method' | 'body'>;
  /** Turns the body of a complete reply into a type, or says that it cannot. */
  readonly read: (answer: Answer) => Reading<Reply>;
}

/** Reads business data for a client, and records who read it. */
@Injectable()
export class ReadPath {
  constructor(private readonly trail: AuditTrail) {}

  /** Returns the upstream's reply; anything else is thrown as a problem. */
  async perform<Reply>(
    { operation, resource, upstream, request, read }: Read<Reply>,
    context: RequestContext,
  ): Promise<Reply> {
    const { span } = context;
    context.upstream = upstream.system.name;
    const passage = await upstream.gate.enter(operation);
    if (passage instanceof Problem) throw passage;
    let exchange: Exchange | undefined;
    try {
      exchange = await sendWithin(
        upstream,
        operation,
        { ...request, method: 'GET', attempts: span && new Attempts(span, operation) },
        context.arrivedAt + upstream.timeoutMs,
        mayBeAskedAgain,
        context.clientGone,
      );
    } finally {
      // A read that was broken off says nothing of the upstream.
      passage.leave(context.clientGone.aborted ? 'unheard' : resultOf(exchange));
    }
    if (context.clientGone.aborted) throw new Problem('client-gone');
    const verdict = judge(exchange, upstream.system, read);
    if ('problem' in verdict) throw asRead(verdict.problem);
    recordAccess(this.trail, context, operation, { resource });
    return verdict.reply;
  }
}
