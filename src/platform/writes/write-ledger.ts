import { Injectable } from '@nestjs/common';
import { recordAccess } from '../audit/access.js';
import { AuditStore } from '../audit/audit-store.js';
import { AuditTrail, AuditUnavailable } from '../audit/audit-trail.js';
import { causedBy } from '../audit/caused-by.js';
import { found } from '../audit/readable-store.js';
import { insufficientScope } from '../auth/insufficient-scope.js';
import type { Principal } from '../auth/principal.js';
import { pageOf, seqAt, type Page } from '../http/page.js';
import { Problem } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import { Metrics } from '../metrics/metrics.js';
import type { WriteRow } from '../storage/tables.js';
import type { Resolution } from './dto/resolution.dto.js';
import type { Write, WriteStory } from './dto/write.dto.js';
import type { WritesQuery } from './dto/writes-query.dto.js';
import { ReadBacks } from './read-back.js';
import { replyText } from './stored-reply.js';

/** Who holds it sees everybody's writes; without it, one's own. */
const SEES_ALL = 'writes:read';
/** More records than a write can have. */
const WHOLE_STORY = 1_000;

/** How every write stands, for its own author and for those who look after all of them. */
@Injectable()
export class WriteLedger {
  constructor(
    private readonly store: AuditStore,
    private readonly trail: AuditTrail,
    private readonly readBacks: ReadBacks,
    private readonly metrics: Metrics,
  ) {}

  /** A page of the writes that the caller may see, newest first. */
  async list(query: WritesQuery, context: RequestContext): Promise<Page<Write>> {
    const { cursor, limit, principal, ...filter } = query;
    const subject = visibleSubject(principal, signedIn(context));
    const before = cursor === undefined ? undefined : seqAt(cursor);
    const rows = await found(
      this.store.writes({
        ...filter,
        ...(subject !== undefined && { subject }),
        ...(before !== undefined && { before }),
        limit: limit + 1,
      }),
    );
    recordAccess(this.trail, context, 'writes.list', { query });
    return pageOf(rows, limit, writeOf);
  }

  /** A write and all that was recorded of it. Throws `not-found` also if it is not the caller's to see. */
  async story(operationId: string, context: RequestContext): Promise<WriteStory> {
    const principal = signedIn(context);
    const row = await this.row(operationId);
    if (!principal.scopes.has(SEES_ALL) && row.subject !== principal.subject) throw noSuchWrite();
    const records = await found(this.store.records({ operationId, limit: WHOLE_STORY }));
    recordAccess(this.trail, context, 'writes.read', { resource: operationId });
    return { ...writeOf(row), records };
  }

  /**
   * Takes a person's word for how an undecided write ended. Throws `forbidden` if the person made the write,
   * and `write-decided` if how it ended is known.
   */
  async resolve(
    operationId: string,
    { outcome, reason }: Resolution,
    context: RequestContext,
  ): Promise<Write> {
    const row = await this.row(operationId);
    refuseUnlessUndecided(row);
    if (row.subject === signedIn(context).subject) {
      throw new Problem('forbidden', { detail: 'A write is resolved by somebody else than who made it.' });
    }
    const { operation, resource } = row;
    const settlement = await this.recorded(
      this.trail.resolution(
        {
          outcome,
          reason,
          operationId,
          operation,
          resource,
          ...causedBy(context),
        },
        outcome === 'applied' ? this.confirmed(operation, resource) : undefined,
      ),
    );
    const now = await this.row(operationId);
    if (settlement.kind !== 'committed') throw decided(now);
    this.metrics.writeJudged(operation, outcome, 'person');
    return writeOf(now);
  }

  /** What the write's key is answered with from now on. */
  private confirmed(operation: string, resource: string): string {
    const body = this.readBacks.for(operation).confirmed({ resource, principal: null }, null);
    return replyText({ body });
  }

  private async row(operationId: string): Promise<WriteRow> {
    const row = await found(this.store.write(operationId));
    if (row === null) throw noSuchWrite();
    return row;
  }

  private async recorded<T>(append: Promise<T>): Promise<T> {
    try {
      return await append;
    } catch (error) {
      if (!(error instanceof AuditUnavailable)) throw error;
      throw new Problem(
        'audit-unavailable',
        {
          outcome: 'unknown',
          detail: 'Whether the resolution was recorded is not known. It can safely be repeated.',
        },
        { cause: error },
      );
    }
  }
}

/** Whose writes the caller sees: undefined for everybody's. */
function visibleSubject(asked: string | undefined, { subject, scopes }: Principal): string | undefined {
  if (scopes.has(SEES_ALL)) return asked;
  if (asked === undefined || asked === subject) return subject;
  throw new Problem('forbidden', {
    detail: `Without the scope ${SEES_ALL} only your own writes are shown.`,
    headers: insufficientScope([SEES_ALL]),
  });
}

function signedIn({ principal }: RequestContext): Principal {
  if (principal === undefined) throw new Error('the route let a request without a principal through');
  return principal;
}

function refuseUnlessUndecided(row: WriteRow): void {
  if (row.outcome === 'pending' && Date.now() <= row.dispatch_by) {
    throw new Problem('write-in-progress', { operationId: row.operation_id, outcome: 'pending' });
  }
  if (row.outcome !== 'pending' && row.outcome !== 'unknown' && row.open_item === 0) throw decided(row);
}

function decided({ outcome, evidence }: WriteRow): Problem {
  return new Problem('write-decided', { detail: `The write is ${outcome} (${evidence ?? 'no evidence'}).` });
}

function noSuchWrite(): Problem {
  return new Problem('not-found', { detail: 'There is no such write, or it is not yours to see.' });
}

function writeOf(row: WriteRow) {
  return {
    operationId: row.operation_id,
    operation: row.operation,
    resource: row.resource,
    principal: row.subject === null ? null : { subject: row.subject, client: row.client },
    requestId: row.request_id,
    idempotencyKey: row.idempotency_key,
    outcome: row.outcome,
    evidence: row.evidence,
    problem: row.problem,
    upstreamStatus: row.upstream_status,
    begunAt: row.at,
    dispatchBy: new Date(row.dispatch_by).toISOString(),
    endedAt: row.ended_at,
    open: row.open_item === 1,
  };
}
