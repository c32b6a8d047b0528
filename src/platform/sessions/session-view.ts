import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { Config } from '../config/config.js';
import type { SessionDto, SessionState } from './dto/session.dto.js';
import { PermittedOperations } from './permitted-operations.js';
import type { Session } from './session-store.js';
import { Sessions } from './sessions.js';

/** Tells of sessions what pages and operators may know of them. */
@Injectable()
export class SessionView {
  private readonly loginUrl: string;

  constructor(
    { server }: Config,
    private readonly sessions: Sessions,
    private readonly operations: PermittedOperations,
  ) {
    this.loginUrl = `${server.publicUrl}/auth/login`;
  }

  /** How it stands for whoever asks. */
  async stateOf(principal: Principal | undefined): Promise<SessionState> {
    const session = principal?.session === undefined ? null : await this.sessions.get(principal.session);
    if (principal === undefined || session === null) return { authenticated: false, loginUrl: this.loginUrl };
    const { session: name, subject, startedAt, idleEndsAt, endsAt } = this.told(session);
    return {
      authenticated: true,
      session: name,
      subject,
      scopes: [...principal.scopes],
      operations: this.operations.of(principal.scopes),
      startedAt,
      idleEndsAt,
      endsAt,
    };
  }

  /** What an operator sees. */
  told(session: Session): SessionDto {
    return {
      session: session.session,
      subject: session.subject,
      startedAt: timeOf(session.startedAt),
      seenAt: timeOf(session.seenAt),
      idleEndsAt: timeOf(this.sessions.idleEndOf(session)),
      endsAt: timeOf(session.endsAt),
      address: session.address,
      userAgent: session.userAgent,
    };
  }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
