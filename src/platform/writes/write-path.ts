import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AuditTrail, AuditUnavailable, type Outcome } from '../audit/audit-trail.js';
import type { Settlement } from '../audit/audit-store.js';
import { audited } from '../audit/refusals.js';
import { Config } from '../config/config.js';
import { Problem } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import type { OperationName } from '../http/route-facts.js';
import { resultOf } from '../upstream/call-result.js';
import { TOO_NEAR_MS, sendWithin } from '../upstream/send-within.js';
import { until } from '../upstream/until.js';
import type { Answer, Exchange, UpstreamClient, UpstreamRequest } from '../upstream/upstream-client.js';
import { fingerprint, parseIdempotencyKey } from './idempotency-key.js';
import { judge, type Reading, type Verdict } from './outcome-table.js';
import type { ReadBack, WrittenResource } from './read-back.js';
import { replay } from './replay.js';
import { replyOf, replyText } from './stored-reply.js';

/** One write to an upstream, as a feature describes it. */
export interface Write<Reply> {
  readonly operation: OperationName;
  /** The id of what is changed, as in the path. */
  readonly resource: string;
  readonly upstream: UpstreamClient;
  readonly request: UpstreamRequest;
  /** Turns the body of a complete reply into a type, or says that it cannot. */
  readonly read: (answer: Answer) => Reading<Reply>;
  readonly readBack: ReadBack;
}

/**
 * The life of a write: its intent is durable before the first byte leaves, it is sent at most once, and its
 * outcome is durable before the client hears of it.
 */
@Injectable()
export class WritePath {
  constructor(
    private readonly trail: AuditTrail,
    private readonly config: Config,
  ) {}

  /** Returns the upstream's reply to an applied write; any other outcome is thrown as a problem. */
  async perform<Reply>(write: Write<Reply>, context: RequestContext): Promise<Reply> {
    const { operation, resource, upstream } = write;
    // It may be named in the body only.
    context.resource = resource;
    const key = this.keyOf(context);
    const begun = performance.now();
    const deadline = context.arrivedAt + upstream.timeoutMs;
    const about = {
      operationId: uuidv7(),
      operation,
      resource,
      requestId: context.requestId,
      principal: audited(context.principal),
      address: context.address,
    };
    const outcomeOf = ({ exchange, verdict }: Ended<Reply>): Outcome => ({
      ...about,
      outcome: verdict.outcome,
      problem: 'problem' in verdict ? verdict.problem.code : null,
      upstreamStatus: exchange?.kind === 'answered' ? exchange.status : null,
      upstreamRequestId: exchange?.kind === 'answered' ? exchange.requestId : null,
      durationMs: Math.round(performance.now() - begun),
    });

    const entered = upstream.gate.enter(operation);
    // A key that was used before is answered from the trail, whatever the upstream is up to.
    if (entered instanceof Problem && !(await this.wasUsed(key, context, deadline))) throw entered;
    let ended: Ended<Reply> | undefined;
    try {
      const before = this.config.writes.readBeforeWrite ? await look(write, about.principal, deadline) : null;
      const settlement = await this.recordIntent(
        {
          ...about,
          dispatchBy: new Date(deadline).toISOString(),
          payload: write.request.body ?? null,
          before,
          idempotencyKey: key ?? null,
        },
        outcomeOf(notApplied(new Problem('audit-unavailable'))),
        key === undefined
          ? undefined
          : { key, fingerprint: fingerprint(operation, resource, write.request.body) },
        timeForTheIntent(deadline, context),
      );
      if (settlement.kind !== 'committed') return this.answerConflict(settlement, context) as Reply;
      context.operationId = about.operationId;
      ended = entered instanceof Problem ? notApplied(entered) : await dispatch(write, deadline, context);
    } finally {
      if (!(entered instanceof Problem)) entered.leave(resultOf(ended?.exchange));
    }
    const { verdict } = ended;
    await this.recordOutcome(outcomeOf(ended), replyText(replyOf(verdict)));
    if ('problem' in verdict) throw verdict.problem;
    return verdict.reply;
  }

  private keyOf(context: RequestContext): string | undefined {
    const key = parseIdempotencyKey(context.idempotencyKey);
    if (key === undefined && this.config.writes.idempotencyKeyRequired)
      throw new Problem('idempotency-key-required');
    return key;
  }

  /** Whether the key stands for a write that the trail can tell of. */
  private async wasUsed(
    key: string | undefined,
    { principal }: RequestContext,
    deadline: number,
  ): Promise<boolean> {
    if (key === undefined || principal === undefined) return false;
    const writes = this.trail.store.writes({ subject: principal.subject, idempotencyKey: key, limit: 1 });
    const [known] = (await until(deadline - TOO_NEAR_MS, writes).catch(() => undefined)) ?? [];
    return known !== undefined && known.outcome !== 'not-applied';
  }

  private answerConflict(
    settlement: Exclude<Settlement, { kind: 'committed' }>,
    context: RequestContext,
  ): unknown {
    switch (settlement.kind) {
      case 'resource-busy':
        throw new Problem('resource-busy', { operationId: settlement.operationId });
      case 'key-reused':
        throw new Problem('idempotency-key-reused');
      case 'key-known':
        return replay(settlement, context, this.trail);
      case 'superseded':
        throw new Error('an intent cannot be superseded');
    }
  }

  private async recordIntent(...intent: Parameters<AuditTrail['intent']>): Promise<Settlement> {
    try {
      return await this.trail.intent(...intent);
    } catch (error) {
      if (!(error instanceof AuditUnavailable)) throw error;
      throw new Problem('audit-unavailable', { outcome: 'not-applied' }, { cause: error });
    }
  }

  private async recordOutcome(outcome: Outcome, reply: string): Promise<void> {
    try {
      await this.trail.outcome(outcome, reply);
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

/** What became of a write, and how the upstream was heard to say so. */
interface Ended<Reply> {
  readonly verdict: Verdict<Reply>;
  readonly exchange?: Exchange | undefined;
}

function notApplied(problem: Problem): Ended<never> {
  const { code, facts } = problem;
  return {
    verdict: { outcome: 'not-applied', problem: new Problem(code, { ...facts, outcome: 'not-applied' }) },
  };
}

async function dispatch<Reply>(
  { upstream, request, read }: Write<Reply>,
  deadline: number,
  { clientGone }: RequestContext,
): Promise<Ended<Reply>> {
  let exchange: Exchange | undefined;
  try {
    exchange = await sendWithin(upstream, request, deadline, sentNothing, clientGone);
    return { exchange, verdict: judge(exchange, upstream.system, read) };
  } catch (error) {
    const problem = new Problem('internal-error', { outcome: 'unknown' }, { cause: error });
    return { exchange, verdict: { outcome: 'unknown', problem } };
  }
}

/** Until when an intent is worth waiting for, ms from now. Throws a problem if nobody would use it. */
function timeForTheIntent(deadline: number, { clientGone }: RequestContext): number {
  if (clientGone.aborted) throw new Problem('client-gone');
  const left = deadline - TOO_NEAR_MS - Date.now();
  if (left <= 0) throw new Problem('overloaded', { detail: 'Too little time was left to send it safely.' });
  return left;
}

/**
 * The resource as it is before the write; what cannot be read in half of the time is not held against the
 * write.
 */
async function look(
  { resource, readBack }: Write<unknown>,
  principal: WrittenResource['principal'],
  deadline: number,
): Promise<unknown> {
  const half = (Date.now() + deadline) / 2;
  const seen = await until(half, readBack.look({ resource, principal }, half));
  return seen?.kind === 'seen' ? seen.state : null;
}

/** Only what provably sent nothing is tried again. */
function sentNothing({ kind }: Exchange): boolean {
  return kind === 'not-sent';
}
