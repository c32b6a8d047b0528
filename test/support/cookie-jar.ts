import { parseSetCookie, type SetCookie } from 'cookie';

/** What a browser knows of a request before it chooses the cookies to send along. */
export interface Sending {
  readonly url: URL;
  readonly method: string;
  /** Whether a page, or a redirect on the way, of another site leads there. */
  readonly crossSite: boolean;
  /** A page is loaded, not fetched by a script. */
  readonly navigation: boolean;
}

/** A cookie as it is kept, with the host that set it. */
export interface KeptCookie extends SetCookie {
  readonly host: string;
}

/** Keeps cookies as a browser does (RFC 6265bis section 5): by host whatever the port, by name and by path. */
export class CookieJar {
  private readonly kept = new Map<string, KeptCookie>();

  /** All of a host, with their attributes. */
  of(url: string): KeptCookie[] {
    return [...this.kept.values()].filter(({ host }) => host === new URL(url).hostname);
  }

  /** Takes the cookies of a reply; those that a browser would not believe are left. */
  take(url: URL, lines: readonly string[]): void {
    for (const line of lines) {
      const cookie = parseSetCookie(line, { decode: (value) => value });
      if (isPrefixBroken(cookie)) continue;
      const path = cookie.path ?? url.pathname.replace(/\/[^/]*$/, '');
      const key = [url.hostname, path, cookie.name].join(' ');
      const over =
        cookie.maxAge === undefined
          ? (cookie.expires?.getTime() ?? Infinity) <= Date.now()
          : cookie.maxAge <= 0;
      if (over) this.kept.delete(key);
      else this.kept.set(key, { ...cookie, path, host: url.hostname });
    }
  }

  /** The `Cookie` header of a request; nothing if it has none. */
  header(sending: Sending): string | undefined {
    const sent = this.of(sending.url.href)
      .filter(({ path = '/' }) => isWithin(sending.url.pathname, path))
      .filter((cookie) => !sending.crossSite || mayCrossSites(cookie, sending));
    return sent.length === 0 ? undefined : sent.map(({ name, value = '' }) => `${name}=${value}`).join('; ');
  }
}

/** RFC 6265bis section 4.1.3. Loopback counts as secure. */
function isPrefixBroken({ name, secure, path, domain, httpOnly }: SetCookie): boolean {
  return (
    (/^__(secure|host|http)-/i.test(name) && secure !== true) ||
    (/^__host-/i.test(name) && (path !== '/' || domain !== undefined)) ||
    (/^__(host-)?http-/i.test(name) && httpOnly !== true)
  );
}

function isWithin(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

/** Section 5.6.7.2. One without the attribute is Lax. */
function mayCrossSites({ sameSite = 'lax' }: SetCookie, { navigation, method }: Sending): boolean {
  return sameSite === 'none' || (sameSite === 'lax' && navigation && method === 'GET');
}
