import type { IncomingHttpHeaders } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';
import { Sealing } from '../auth/sealing.js';
import { Problem } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import { IdentityProvider } from './identity-provider.js';
import { isReturnTo } from './return-to.js';
import { hashOf, noSessionCookie, sessionIdOf } from './session-cookies.js';
import type { Session } from './session-store.js';
import { Sessions } from './sessions.js';
import type { Onward } from './sign-in.js';
import { TokenVault } from './tokens.js';

/** How long a page may take to go on to where it is signed out of the provider, seconds. */
const HINT_SECONDS = 120;
/** A longer one would not fit into the address; without it the provider asks the person. */
const LONGEST_ID_TOKEN = 5_000;
/** And a person at the provider. */
const RETURN_SECONDS = 600;
/** One browser's: five tabs that signed in at once have five. */
const MOST_OF_ONE_LOGIN = 100;

/** Signs people out: here at once, and at the identity provider by way of the browser. */
@Injectable()
export class SignOut {
  private readonly logger = new Logger(SignOut.name);

  constructor(
    private readonly sessions: Sessions,
    private readonly vault: TokenVault,
    private readonly provider: IdentityProvider,
    private readonly sealing: Sealing,
  ) {}

  /**
   * Ends the session of the cookie, and tells where the page goes on to. The ID token that the provider is to get
   * is sealed in there: no page ever holds one.
   */
  async here(returnTo: string, headers: IncomingHttpHeaders, context: RequestContext): Promise<Onward> {
    const sessionId = sessionIdOf(headers);
    const session = sessionId === undefined ? null : await this.sessions.find(hashOf(sessionId));
    const cookies = [noSessionCookie()];
    if (session === null) return { to: returnTo, cookies };
    const tokens = this.vault.open(session);
    await this.endAll(session, context);
    if (tokens === undefined) return { to: returnTo, cookies };
    const hint = this.sealing.seal(
      'logout',
      { idToken: tokens.id.length > LONGEST_ID_TOKEN ? undefined : tokens.id, returnTo },
      HINT_SECONDS,
    );
    return { to: `/auth/logout?hint=${hint}`, cookies };
  }

  /** Where at the provider a hint leads to; to the path itself, if the provider has no such place or is not there. */
  async atProvider(hint: string): Promise<string> {
    const content = this.sealing.open('logout', hint);
    const { idToken, returnTo } = content ?? {};
    if (!isReturnTo(returnTo)) return '/';
    try {
      const state = this.sealing.seal('return', { returnTo }, RETURN_SECONDS);
      return (
        (await this.provider.logoutUrl(typeof idToken === 'string' ? idToken : undefined, state))?.href ??
        returnTo
      );
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.logger.warn({
        message: 'Somebody is signed out here, but not at the identity provider',
        cause: error,
      });
      return returnTo;
    }
  }

  /** Where the provider's `state` leads back to. */
  backTo(state: string): string {
    const content = this.sealing.open('return', state);
    return isReturnTo(content?.['returnTo']) ? content['returnTo'] : '/';
  }

  /** With it whatever else came of the same session at the provider: signed out there is signed out here. */
  private async endAll(session: Session, context: RequestContext): Promise<void> {
    const { subject, sid } = session;
    const others = sid === null ? [] : await this.sessions.list({ subject, sid, limit: MOST_OF_ONE_LOGIN });
    await this.sessions.end(session, 'logout', context);
    for (const other of others) {
      if (other.session !== session.session) await this.sessions.end(other, 'logout', context);
    }
  }
}
