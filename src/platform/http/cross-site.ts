import type { IncomingMessage } from 'node:http';
import type { Cors } from './cors.js';
import { Problem } from './problem.js';
import type { RouteFacts } from './route-facts.js';

/** RFC 9110 section 9.2.1. OPTIONS never gets this far, and TRACE has no route. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** Who may have sent a request, by `Sec-Fetch-Site`: a page of the gateway's own, or the person. */
const OWN_SITES: ReadonlySet<string> = new Set(['same-origin', 'none']);

/**
 * Keeps the pages of other origins out, unless they are listed: what a browser sends in somebody's name must
 * not be what a stranger's page made it send. Whoever is no browser says neither `Sec-Fetch-Site` nor `Origin`.
 */
export class CrossSiteGuard {
  private readonly ownOrigin: string;

  constructor(
    publicUrl: string,
    private readonly cors: Cors,
  ) {
    this.ownOrigin = new URL(publicUrl).origin;
  }

  /** Throws unless the request may come from where it comes from. */
  check({ headers, method = '' }: IncomingMessage, access: RouteFacts['access']): void {
    const { origin, 'sec-fetch-site': site } = headers;
    if (this.cors.allows(origin)) return;
    if (site === undefined) {
      // A browser that is old, or that reached us over plain http: it names the origin of whatever may change something.
      if (origin === undefined || origin === this.ownOrigin || SAFE_METHODS.has(method)) return;
      throw refusal('The Origin is neither that of PUBLIC_URL nor one of CORS_ORIGINS.');
    }
    // A value that nobody knows is no reason for trust.
    if (typeof site === 'string' && OWN_SITES.has(site)) return;
    if (access === 'public' && isNavigation(method, headers)) return;
    throw refusal('A page of another origin sent it, and its origin is none of CORS_ORIGINS.');
  }

  /**
   * Throws unless the request comes from the gateway's own origin: a cookie goes along by itself, so that a listed
   * origin, a sibling of the same site or another port may not use it either (RFC 10017 section 6.1).
   */
  expectOwn({ headers }: IncomingMessage): void {
    const { origin, 'sec-fetch-site': site } = headers;
    const isOwn =
      (origin === undefined || origin === this.ownOrigin) &&
      (site === undefined || (typeof site === 'string' && OWN_SITES.has(site)));
    if (!isOwn) throw refusal('A session is for pages of the origin of PUBLIC_URL only.');
  }
}

/** Somebody follows a link: the page is shown, and the page with the link sees nothing of it. */
function isNavigation(method: string, headers: IncomingMessage['headers']): boolean {
  return (
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  );
}

function refusal(detail: string): Problem {
  return new Problem('cross-site-request', { detail });
}
