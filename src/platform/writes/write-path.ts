import { randomUUIDv7 } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  AuditTrail,
  AuditUnavailable,
  type Attempt,
  type Intent,
  type Outcome,
} from '../audit/audit-trail.js';
import type { Settlement } from '../audit/audit-store.js';
import { causedBy } from '../audit/caused-by.js';
import { Config } from '../config/config.js';
import { PROBLEM_TYPES } from '../http/problem-types.js';
import { Problem } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import { Metrics } from '../metrics/metrics.js';
import { within } from '../tracing/span.js';
import { resultOf } from '../upstream/call-result.js';
import { until } from '../upstream/until.js';
import { TOO_NEAR_MS, type Answer } from '../upstream/upstream-client.js';
import { beforeImage } from './before-image.js';
import { answerOf, dispatch, notApplied, type Ended } from './dispatch.js';
import { fingerprint, parseIdempotencyKey } from './idempotency-key.js';
import type { Verdict } from './outcome-table.js';
import type { BeforeImage } from './read-back.js';
import { replay } from './replay.js';
import { replyOf, replyText } from './stored-reply.js';
import type { Write } from './write.js';

/** Whoever is about to be refused waits no longer than this to be told of an earlier write, milliseconds. */
const LOOK_UP_WITHIN_MS = 1_000;

/** How a write ends whose intent gets into the trail too late. */
const UNRECORDED = {
  outcome: 'not-applied',
  problem: 'audit-unavailable',
  upstreamStatus: null,
  upstreamRequestId: null,
  durationMs: 0,
} as const;

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
    private readonly metrics: Metrics,
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
    const { operation, resource, upstream, request } = write;
    const { span } = context;
    // It may be named in the body only.
    context.resource = resource;
    context.upstream = upstream.system.name;
    const key = this.keyOf(context);
    const begun = performance.now();
    const deadline = context.arrivedAt + upstream.timeoutMs;
    const about = {
      operationId: randomUUIDv7(),
      operation,
      resource,
      ...causedBy(context),
    };
    const outcomeOf = ({ exchange, verdict }: Ended<Reply>): Outcome => ({
      ...about,
      outcome: verdict.outcome,
      problem: 'problem' in verdict ? verdict.problem.code : null,
      upstreamStatus: answerOf(exchange)?.status ?? null,
      upstreamRequestId: answerOf(exchange)?.requestId ?? null,
      durationMs: Math.round(performance.now() - begun),
    });

    const entered = await upstream.gate.enter(operation);
    // A key that was used before is answered from the trail, whatever the upstream is up to.
    if (entered instanceof Problem && !(await this.wasUsed(key, context, deadline))) throw entered;
    let ended: Ended<Reply> | undefined;
    try {
      const mayLook = this.config.writes.readBeforeWrite && !(entered instanceof Problem);
      const look = (): Promise<BeforeImage> => beforeImage(write, about.principal, deadline);
      const before = mayLook ? await within(span, 'read before write', look) : null;
      const intent: Intent = {
        ...about,
        dispatchBy: new Date(deadline).toISOString(),
        payload: request.body ?? null,
        before,
        idempotencyKey: key ?? null,
      };
      const keyed =
        key === undefined ? undefined : { key, fingerprint: fingerprint(operation, resource, request.body) };
      const left = timeForTheIntent(deadline, context);
      const settlement = await within(span, 'audit intent', () =>
        this.recordIntent(intent, { ...about, ...UNRECORDED }, keyed, left),
      );
      if (settlement.kind !== 'committed') return this.answerConflict(settlement, context) as Reply;
      context.operationId = about.operationId;
      ended =
        entered instanceof Problem
          ? notApplied(entered)
          : await dispatch(write, this.onceMore(about), deadline, context);
    } finally {
      if (!(entered instanceof Problem)) entered.leave(resultOf(ended?.exchange));
    }
    const { verdict } = ended;
    context.outcome = verdict.outcome;
    this.metrics.writeJudged(operation, verdict.outcome, 'observed');
    const outcome = outcomeOf(ended);
    const kept = key === undefined ? ({ keyless: true } as const) : replyKept(verdict);
    await within(span, 'audit outcome', () => this.recordOutcome(outcome, kept));
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

  /** Whether the key stands for a write that the trail can tell of. */
  private async wasUsed(
    key: string | undefined,
    { principal }: RequestContext,
    deadline: number,
  ): Promise<boolean> {
    if (key === undefined || principal === undefined) return false;
    const write = this.trail.store.writeWithKey(principal.subject, key);
    const patience = Math.min(deadline - TOO_NEAR_MS, Date.now() + LOOK_UP_WITHIN_MS);
    const known = await until(patience, write).catch(() => undefined);
    return (known?.outcome ?? 'not-applied') !== 'not-applied';
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

  private async recordOutcome(outcome: Outcome, key: Parameters<AuditTrail['outcome']>[1]): Promise<void> {
    try {
      await this.trail.outcome(outcome, key);
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

/** Until when an intent is worth waiting for, ms from now. Throws a problem if nobody would use it. */
function timeForTheIntent(deadline: number, { clientGone }: RequestContext): number {
  if (clientGone.aborted) throw new Problem('client-gone');
  const left = deadline - TOO_NEAR_MS - Date.now();
  if (left <= 0) throw new Problem('overloaded', { detail: 'Too little time was left to send it safely.' });
  return left;
}

/** What may be repeated keeps no reply: its key is free again. */
function replyKept(verdict: Verdict<unknown>): { readonly reply?: string } {
  return 'problem' in verdict && PROBLEM_TYPES[verdict.problem.code].retryable
    ? {}
    : { reply: replyText(replyOf(verdict)) };
}
