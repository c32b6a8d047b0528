import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AuditTrail, AuditUnavailable, type Outcome } from '../audit/audit-trail.js';
import { audited } from '../audit/refusals.js';
import { Problem } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import type { OperationName } from '../http/route-facts.js';
import type { Answer, Exchange, UpstreamClient, UpstreamRequest } from '../upstream/upstream-client.js';
import { judge, type Reading, type Verdict } from './outcome-table.js';

/** With less time left than this a write is not sent: it would only end as unknown. Milliseconds. */
const TOO_NEAR_MS = 250;

/** One write to an upstream, as a feature describes it. */
export interface Write<Reply> {
  readonly operation: OperationName;
  /** The id of what is changed, as in the path. */
  readonly resource: string;
  readonly upstream: UpstreamClient;
  readonly request: UpstreamRequest;
  /** Turns the body of a complete reply into a type, or says that it cannot. */
  readonly read: (answer: Answer) => Reading<Reply>;
}

/**
 * The life of a write: its intent is durable before the first byte leaves, it is sent at most once, and its
 * outcome is durable before the client hears of it.
 */
@Injectable()
export class WritePath {
  constructor(private readonly trail: AuditTrail) {}

  /** Returns the upstream's reply to an applied write; any other outcome is thrown as a problem. */
  async perform<Reply>(write: Write<Reply>, context: RequestContext): Promise<Reply> {
    const { operation, resource, upstream, request, read } = write;
    const begun = performance.now();
    const deadline = Date.now() + upstream.timeoutMs;
    const operationId = uuidv7();
    const about = {
      operationId,
      operation,
      resource,
      requestId: context.requestId,
      principal: audited(context.principal),
      address: context.address,
    };
    const outcomeOf = (verdict: Verdict<Reply>, exchange?: Exchange): Outcome => ({
      ...about,
      outcome: verdict.outcome,
      problem: 'problem' in verdict ? verdict.problem.code : null,
      upstreamStatus: exchange?.kind === 'answered' ? exchange.status : null,
      upstreamRequestId: exchange?.kind === 'answered' ? exchange.requestId : null,
      durationMs: Math.round(performance.now() - begun),
    });

    const intent = { ...about, dispatchBy: new Date(deadline).toISOString(), payload: request.body };
    await this.recordIntent(intent, outcomeOf(notSent('audit-unavailable')));
    context.operationId = operationId;

    let exchange: Exchange | undefined;
    let verdict: Verdict<Reply>;
    try {
      exchange = await send(upstream, request, deadline);
      verdict = exchange === undefined ? notSent('overloaded') : judge(exchange, upstream.system, read);
    } catch (error) {
      verdict = {
        outcome: 'unknown',
        problem: new Problem('internal-error', { outcome: 'unknown' }, { cause: error }),
      };
    }
    await this.recordOutcome(outcomeOf(verdict, exchange));
    if ('problem' in verdict) throw verdict.problem;
    return verdict.reply;
  }

  private async recordIntent(...entries: Parameters<AuditTrail['intent']>): Promise<void> {
    try {
      await this.trail.intent(...entries);
    } catch (error) {
      if (!(error instanceof AuditUnavailable)) throw error;
      throw new Problem('audit-unavailable', { outcome: 'not-applied' }, { cause: error });
    }
  }

  private async recordOutcome(outcome: Outcome): Promise<void> {
    try {
      await this.trail.outcome(outcome);
    } catch (error) {
      throw new Problem(
        'internal-error',
        { outcome: 'unknown', detail: 'The write was sent, but how it ended could not be recorded.' },
        // For the log, which is then the only place that knows.
        { cause: new Error(`unrecorded: ${JSON.stringify(outcome)}`, { cause: error }) },
      );
    }
  }
}

/** Dispatches unless too little time is left, which says nothing. */
async function send(
  upstream: UpstreamClient,
  request: UpstreamRequest,
  deadline: number,
): Promise<Exchange | undefined> {
  const left = deadline - Date.now();
  return left < TOO_NEAR_MS ? undefined : await upstream.send(request, left);
}

function notSent(code: 'audit-unavailable' | 'overloaded'): Verdict<never> {
  return { outcome: 'not-applied', problem: new Problem(code, { outcome: 'not-applied' }) };
}
