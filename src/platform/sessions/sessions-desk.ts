import { Injectable } from '@nestjs/common';
import { recordAccess } from '../audit/access.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { Problem } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import type { SessionsQuery } from './dto/session-queries.dto.js';
import type { SessionList } from './dto/session.dto.js';
import { SessionView } from './session-view.js';
import { Sessions } from './sessions.js';

/** Where operators look at sessions, and end them. */
@Injectable()
export class SessionsDesk {
  constructor(
    private readonly sessions: Sessions,
    private readonly view: SessionView,
    private readonly trail: AuditTrail,
  ) {}

  async list({ subject, cursor, limit }: SessionsQuery, context: RequestContext): Promise<SessionList> {
    const found = await this.sessions.list({
      ...(subject !== undefined && { subject }),
      ...(cursor !== undefined && { before: cursor }),
      limit: limit + 1,
    });
    recordAccess(this.trail, context, 'sessions.list', { query: { subject, cursor, limit } });
    const shown = found.slice(0, limit);
    return {
      items: shown.map((session) => this.view.told(session)),
      next: found.length > limit ? (shown.at(-1)?.session ?? null) : null,
    };
  }

  /** Throws `not-found` if it has ended already. */
  async end(name: string, reason: string, context: RequestContext): Promise<void> {
    const session = await this.sessions.get(name);
    if (session === null || !(await this.sessions.end(session, 'ended-by-operator', context, reason)))
      throw new Problem('not-found', { detail: 'There is no such session, or it has ended already.' });
  }
}
