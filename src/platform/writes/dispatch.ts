import { AuditUnavailable } from '../audit/audit-trail.js';
import { Problem } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import { Attempts } from '../tracing/attempts.js';
import { within } from '../tracing/span.js';
import { sendWithin } from '../upstream/send-within.js';
import type { Answer, Exchange, UpstreamRequest } from '../upstream/upstream-client.js';
import { judge, type Verdict } from './outcome-table.js';
import type { Write } from './write.js';

/** What became of a write, and how the upstream was heard to say so. */
export interface Ended<Reply> {
  readonly verdict: Verdict<Reply>;
  readonly exchange?: Exchange | undefined;
}

/**
 * Sends a write whose intent is durable, until `deadline` at the latest (ms since the epoch), and judges how it
 * ended. Never rejects.
 */
export async function dispatch<Reply>(
  { upstream, operation, request, read }: Write<Reply>,
  maySendAgain: NonNullable<UpstreamRequest['maySendAgain']>,
  deadline: number,
  { clientGone, span }: RequestContext,
): Promise<Ended<Reply>> {
  const traced: UpstreamRequest = {
    ...request,
    maySendAgain: (refused) => within(span, 'audit attempt', () => maySendAgain(refused)),
    attempts: span && new Attempts(span, operation),
  };
  let exchange: Exchange | undefined;
  try {
    exchange = await sendWithin(upstream, operation, traced, deadline, sentNothing, clientGone);
    return { exchange, verdict: judge(exchange, upstream.system, read) };
  } catch (error) {
    return { exchange, verdict: givenUp(error) };
  }
}

/** How a write ended of which nothing was sent. */
export function notApplied({ code, facts, cause }: Problem): Ended<never> {
  const problem = new Problem(code, { ...facts, outcome: 'not-applied' }, { cause });
  return { verdict: { outcome: 'not-applied', problem } };
}

/** The last that the upstream said. */
export function answerOf(exchange: Exchange | undefined): Answer | undefined {
  if (exchange?.kind === 'no-token') return exchange.refused;
  return exchange?.kind === 'answered' ? exchange : undefined;
}

/** How a write ended that was given up for a fault of our own. */
function givenUp(cause: unknown): Verdict<never> {
  // The second attempt was not sent, and the first was refused.
  if (cause instanceof AuditUnavailable) {
    const problem = new Problem('audit-unavailable', { outcome: 'not-applied' }, { cause });
    return { outcome: 'not-applied', problem };
  }
  return { outcome: 'unknown', problem: new Problem('internal-error', { outcome: 'unknown' }, { cause }) };
}

/** Only what provably sent nothing is tried again. */
function sentNothing({ kind }: Exchange): boolean {
  return kind === 'not-sent';
}
