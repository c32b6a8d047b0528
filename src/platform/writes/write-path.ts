import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AuditTrail, AuditUnavailable, type Attempt, type Outcome } from '../audit/audit-trail.js';
import type { Settlement } from '../audit/audit-store.js';
import { audited } from '../audit/refusals.js';
import { Config } from '../config/config.js';
import { PROBLEM_TYPES } from '../http/problem-types.js';
import { Problem } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import type { OperationName } from '../http/route-facts.js';
import { sendWithin } from '../upstream/send-within.js';
import type { Answer, Exchange, UpstreamClient, UpstreamRequest } from '../upstream/upstream-client.js';
import { fingerprint, parseIdempotencyKey } from './idempotency-key.js';
import { judge, type Reading, type Verdict } from './outcome-table.js';
import { ABSENT, type BeforeImage, type ReadBack, type WrittenResource } from './read-back.js';
import { replay } from './replay.js';
import { replyOf, replyText } from './stored-reply.js';

/** One write to an upstream, as a feature describes it. */
export interface Write<Reply> {
  readonly operation: OperationName;
  /** The id of what is changed, as in the path or else in the body. */
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
export class WritePath implements OnApplicationShutdown {
  private readonly inFlight = new Set<Promise<unknown>>();

  constructor(
    private readonly trail: AuditTrail,
    private readonly config: Config,
  ) {}

  /** Returns the upstream's reply to an applied write; any other outcome is thrown as a problem. */
  async perform<Reply>(write: Write<Reply>, context: RequestContext): Promise<Reply> {
    const life = this.live(write, context);
    this.inFlight.add(life);
    try {
      return await life;
    } finally {
      this.inFlight.delete(life);
    }
  }

  /** A write goes on when its client has gone, and the trail is still to hear of it. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.inFlight);
  }

  private async live<Reply>(write: Write<Reply>, context: RequestContext): Promise<Reply> {
    const { operation, resource, upstream, request, read } = write;
    // It may be named in the body only.
    context.resource = resource;
    const key = this.keyOf(context);
    const principal = audited(context.principal);
    const before = this.config.writes.readBeforeWrite ? await look(write, principal) : null;
    const begun = performance.now();
    const deadline = Date.now() + upstream.timeoutMs;
    const about = {
      operationId: uuidv7(),
      operation,
      resource,
      requestId: context.requestId,
      principal,
      address: context.address,
    };
    const outcomeOf = (verdict: Verdict<Reply>, exchange?: Exchange): Outcome => ({
      ...about,
      outcome: verdict.outcome,
      problem: 'problem' in verdict ? verdict.problem.code : null,
      upstreamStatus: answerOf(exchange)?.status ?? null,
      upstreamRequestId: answerOf(exchange)?.requestId ?? null,
      durationMs: Math.round(performance.now() - begun),
    });

    const unrecorded = { outcome: 'not-applied', problem: new Problem('audit-unavailable') } as const;
    const settlement = await this.recordIntent(
      {
        ...about,
        dispatchBy: new Date(deadline).toISOString(),
        payload: request.body ?? null,
        before,
        idempotencyKey: key ?? null,
      },
      outcomeOf(unrecorded),
      key === undefined ? undefined : { key, fingerprint: fingerprint(operation, resource, request.body) },
    );
    if (settlement.kind !== 'committed') return this.answerConflict(settlement, context) as Reply;
    context.operationId = about.operationId;

    let exchange: Exchange | undefined;
    let verdict: Verdict<Reply>;
    try {
      const maySendAgain = this.onceMore(about);
      exchange = await sendWithin(upstream, { ...request, maySendAgain }, deadline, sentNothing);
      verdict = judge(exchange, upstream.system, read);
    } catch (error) {
      verdict = endedBy(error);
    }
    await this.recordOutcome(outcomeOf(verdict, exchange), replyKept(verdict));
    if ('problem' in verdict) throw verdict.problem;
    return verdict.reply;
  }

  /** Lets a write be sent a second time and never a third: what it asks for is in the trail before. */
  private onceMore(
    about: Omit<Attempt, 'attempt' | `upstream${string}`>,
  ): (refused: Answer) => Promise<boolean> {
    let asked = false;
    return async ({ status, requestId }) => {
      if (asked) return false;
      asked = true;
      await this.trail.attempt({
        ...about,
        attempt: 2,
        upstreamStatus: status,
        upstreamRequestId: requestId,
      });
      return true;
    };
  }

  private keyOf(context: RequestContext): string | undefined {
    const key = parseIdempotencyKey(context.idempotencyKey);
    if (key === undefined && this.config.writes.idempotencyKeyRequired)
      throw new Problem('idempotency-key-required');
    return key;
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

  private async recordOutcome(outcome: Outcome, reply: string | undefined): Promise<void> {
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

/** The resource as it is before the write; what cannot be read is not held against the write. */
async function look(
  { resource, readBack }: Write<unknown>,
  principal: WrittenResource['principal'],
): Promise<BeforeImage> {
  const seen = await readBack.look({ resource, principal });
  if (seen.kind === 'absent') return ABSENT;
  return seen.kind === 'seen' ? seen.state : null;
}

/** What may be repeated keeps no reply: its key is free again. */
function replyKept(verdict: Verdict<unknown>): string | undefined {
  return 'problem' in verdict && PROBLEM_TYPES[verdict.problem.code].retryable
    ? undefined
    : replyText(replyOf(verdict));
}

/** The last that the upstream said. */
function answerOf(exchange: Exchange | undefined): Answer | undefined {
  if (exchange?.kind === 'no-token') return exchange.refused;
  return exchange?.kind === 'answered' ? exchange : undefined;
}

/** How a write ended that was given up for a fault of our own. */
function endedBy(error: unknown): Verdict<never> {
  // The second attempt was not sent, and the first was refused.
  if (error instanceof AuditUnavailable) {
    const problem = new Problem('audit-unavailable', { outcome: 'not-applied' }, { cause: error });
    return { outcome: 'not-applied', problem };
  }
  const problem = new Problem('internal-error', { outcome: 'unknown' }, { cause: error });
  return { outcome: 'unknown', problem };
}

/** Only what provably sent nothing is tried again. */
function sentNothing({ kind }: Exchange): boolean {
  return kind === 'not-sent';
}
