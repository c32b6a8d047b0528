import type { IncomingMessage } from 'node:http';

/**
 * Lets each authorization request begin signed out, by hiding the provider's session cookie from it and from its
 * resumption: whoever tries the sandbox wants to be the clerk and then the supervisor, without looking for a log-out.
 * @param cookieName the name of the provider's session cookie
 */
export function beginSignedOut(request: IncomingMessage, cookieName: string): void {
  const [path = ''] = (request.url ?? '').split('?');
  const { cookie } = request.headers;
  if (!/^\/auth(\/|$)/.test(path) || cookie === undefined) {
    return;
  }
  request.headers.cookie = cookie
    .split(/;\s*/)
    .filter((pair) => ![cookieName, `${cookieName}.sig`].includes(pair.split('=')[0] ?? ''))
    .join('; ');
}
