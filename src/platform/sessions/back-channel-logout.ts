import { Injectable, Logger } from '@nestjs/common';
import { LogoutTokenVerifier, type LogoutToken } from '../auth/logout-token.js';
import { SessionsConfig } from '../config/config.js';
import { Problem } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import type { Session } from './session-store.js';
import { Sessions } from './sessions.js';

const AT_ONCE = 100;
const QUIET_MS = 1_000;

/** Ends the sessions that the identity provider says are over (OpenID Connect Back-Channel Logout 1.0). */
@Injectable()
export class BackChannelLogout {
  private readonly logger = new Logger(BackChannelLogout.name);
  private quietUntil = -Infinity;

  constructor(
    private readonly config: SessionsConfig,
    private readonly verifier: LogoutTokenVerifier,
    private readonly sessions: Sessions,
  ) {}

  /** Throws `invalid-logout-token` for one that is not valid, or came before; why is for the log. */
  async receive(token: string, context: RequestContext): Promise<void> {
    const verified = await this.verifier.verify(token, this.config.clientId);
    if ('refused' in verified) throw this.refusal(verified.refused, context);
    const id = `logout:${verified.jti}`;
    if (!(await this.sessions.noteOnce(id, verified.expiresAt - Date.now())))
      throw this.refusal('it came before', context);
    try {
      for (const session of await this.meant(verified))
        await this.sessions.end(session, 'back-channel-logout', context);
    } catch (error) {
      // So that the provider may send it again.
      await this.sessions.forgetNoted(id);
      throw error;
    }
  }

  /** Section 2.6: one session by its `sid`, or everything of a subject. */
  private async meant({ subject, sid }: LogoutToken): Promise<Session[]> {
    const filter = { ...(subject !== undefined && { subject }), ...(sid !== undefined && { sid }) };
    const meant: Session[] = [];
    for (let before: string | undefined; ;) {
      const found = await this.sessions.list({
        ...filter,
        ...(before !== undefined && { before }),
        limit: AT_ONCE,
      });
      meant.push(...found);
      before = found.at(-1)?.session;
      if (found.length < AT_ONCE || before === undefined) return meant;
    }
  }

  private refusal(reason: string, { requestId }: RequestContext): Problem {
    // Anybody may send them as fast as they like: one line a second is enough to know.
    if (performance.now() > this.quietUntil) {
      this.quietUntil = performance.now() + QUIET_MS;
      this.logger.warn({ message: 'A logout token was refused', reason, requestId });
    }
    return new Problem('invalid-logout-token');
  }
}
