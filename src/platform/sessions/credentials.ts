import type { IncomingMessage } from 'node:http';
import { authenticate } from '../auth/authenticate.js';
import type { Principal } from '../auth/principal.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { CrossSiteGuard } from '../http/cross-site.js';
import { Problem } from '../http/problem.js';
import { RequestContext } from '../http/request-context.js';
import { sessionIdOf } from './session-cookies.js';
import type { SessionPrincipals } from './session-principals.js';

/**
 * A header that a page of another origin cannot send without a preflight, which nobody answers as it would like: so
 * whoever sends it is a page of the gateway's own origin (RFC 10017 section 6.1).
 */
const CSRF_HEADER = 'x-surehand';

/** Who makes a request: by a bearer token, or by the session of a cookie, never by both. */
export class Credentials {
  private readonly loginUrl: string;

  constructor(
    private readonly verifier: TokenVerifier,
    private readonly crossSite: CrossSiteGuard,
    private readonly sessions: SessionPrincipals | undefined,
    publicUrl: string,
  ) {
    this.loginUrl = `${publicUrl}/auth/login`;
  }

  /** Throws `unauthenticated` unless somebody can be named, or what is wrong with how they are. */
  async required(request: IncomingMessage): Promise<Principal> {
    const sessionId = this.sessionOf(request);
    if (sessionId === undefined)
      return await this.withLoginUrl(authenticate(request.headers.authorization, this.verifier));
    const principal = await this.sessions?.of(sessionId, RequestContext.of(request), true);
    if (principal !== undefined) return principal;
    throw new Problem('unauthenticated', {
      detail: 'The session has ended.',
      loginUrl: this.loginUrl,
      headers: { 'www-authenticate': 'Bearer realm="surehand"' },
    });
  }

  /** Whose session it is, if it has one. To look does not count as use; who leaves waits for nobody. */
  async ofSession(request: IncomingMessage, access: 'visitor' | 'leaver'): Promise<Principal | undefined> {
    const sessionId = this.sessionOf(request);
    if (sessionId === undefined) return undefined;
    if (access === 'leaver') return await this.sessions?.leaving(sessionId);
    return await this.sessions?.of(sessionId, RequestContext.of(request), false);
  }

  /** The session's cookie, of a request that a page of the gateway's own origin made on purpose. */
  private sessionOf(request: IncomingMessage): string | undefined {
    const { headers } = request;
    const sessionId = this.sessions === undefined ? undefined : sessionIdOf(headers);
    if (sessionId === undefined) return undefined;
    // RFC 6750 section 2: one method at a time. Whose rights would count?
    if (headers.authorization !== undefined) throw new Problem('ambiguous-credentials');
    this.crossSite.expectOwn(request);
    if (headers[CSRF_HEADER] !== '1') throw new Problem('csrf-header-missing');
    return sessionId;
  }

  private async withLoginUrl(authenticated: Promise<Principal>): Promise<Principal> {
    if (this.sessions === undefined) return await authenticated;
    try {
      return await authenticated;
    } catch (error) {
      throw error instanceof Problem && error.code === 'unauthenticated'
        ? new Problem(error.code, { ...error.facts, loginUrl: this.loginUrl })
        : error;
    }
  }
}
