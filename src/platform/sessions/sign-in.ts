import type { IncomingHttpHeaders } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { TokenVerifier } from '../auth/token-verifier.js';
import { Problem } from '../http/problem.js';
import type { RequestContext } from '../http/request-context.js';
import { IdentityProvider, ProviderRefused, type Redeemed } from './identity-provider.js';
import { Logins, type Login } from './login.js';
import { Revocations } from './revocations.js';
import {
  hashOf,
  loginCookie,
  loginOf,
  noLoginCookie,
  sessionCookie,
  sessionIdOf,
  surplusLogins,
} from './session-cookies.js';
import { Sessions } from './sessions.js';

/** Where a browser goes next, and with which cookies. */
export interface Onward {
  readonly to: string;
  readonly cookies: readonly string[];
}

/** Signs people in: to the identity provider, and back with a session. */
@Injectable()
export class SignIn {
  private readonly logger = new Logger(SignIn.name);

  constructor(
    private readonly logins: Logins,
    private readonly provider: IdentityProvider,
    private readonly verifier: TokenVerifier,
    private readonly sessions: Sessions,
    private readonly revocations: Revocations,
  ) {}

  /** Begins a login that leads to a path. */
  async begin(returnTo: string, headers: IncomingHttpHeaders): Promise<Onward> {
    const current = sessionIdOf(headers);
    const login = this.logins.begin(returnTo, current === undefined ? null : hashOf(current));
    const to = await this.provider.loginUrl(login);
    const cookie = loginCookie(login.state, this.logins.seal(login));
    return { to: to.href, cookies: [...surplusLogins(headers), cookie] };
  }

  /** Ends a login with what the provider sent in the query. Throws `login-failed`, and says why to the log. */
  async end(query: URLSearchParams, headers: IncomingHttpHeaders, context: RequestContext): Promise<Onward> {
    const state = query.get('state') ?? '';
    const login = this.logins.open(loginOf(headers, state), state);
    if (login === undefined) {
      throw new Problem('login-failed', {
        detail: 'The login took too long, was begun in another browser, or is over already.',
      });
    }
    const redeemed = await this.redeem(query, login, context);
    const sessionId = await this.begun(redeemed, context);
    if (login.replaces !== null) await this.replace(login.replaces, context);
    return { to: login.returnTo, cookies: [sessionCookie(sessionId), noLoginCookie(state)] };
  }

  /** Begins the session; what the provider gave for one that cannot begin is given back. */
  private async begun(redeemed: Redeemed, context: RequestContext): Promise<string> {
    try {
      return await this.sessions.begin(await this.verified(redeemed), redeemed, context);
    } catch (error) {
      void this.revocations.drop(redeemed.tokens, redeemed.sid);
      throw error;
    }
  }

  private async redeem(query: URLSearchParams, login: Login, context: RequestContext): Promise<Redeemed> {
    try {
      return await this.provider.redeem(`?${query.toString()}`, login);
    } catch (error) {
      if (!(error instanceof ProviderRefused)) throw error;
      const { requestId } = context;
      this.logger.warn({ message: 'A login was refused', requestId, cause: error.cause ?? error });
      throw new Problem('login-failed', {
        detail:
          query.get('error') === 'access_denied'
            ? 'The login was cancelled, or you may not sign in here.'
            : 'The identity provider did not confirm the login.',
      });
    }
  }

  private async verified({ tokens, subject }: Redeemed): Promise<Principal> {
    const principal = await this.verifier.verify(tokens.access);
    if (principal?.subject === subject) return principal;
    this.logger.error({
      message:
        'The access token of a login is none for this gateway: see AUTH_AUDIENCE and AUTH_LOGIN_PARAMETERS',
    });
    throw new Problem('login-failed', {
      detail: 'The identity provider gave no access token for this gateway.',
    });
  }

  /** The session that the browser had before: its cookie is overwritten now. */
  private async replace(idHash: string, context: RequestContext): Promise<void> {
    try {
      const session = await this.sessions.find(idHash);
      if (session !== null) await this.sessions.end(session, 'replaced', context);
    } catch (error) {
      // The new one has begun. The old one ends by its idle time.
      this.logger.warn({ message: 'A session could not be replaced', cause: error });
    }
  }
}
