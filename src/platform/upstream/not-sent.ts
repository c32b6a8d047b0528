/**
 * Everything that ends a call before its first byte is written, by the codes of the errors that say so. What is
 * not listed here counts as sent.
 */
const CODES = {
  /** The name has no address, or no name server answered. */
  dns: /^(ENOTFOUND|EAI_[A-Z]+)$/,
  refused: /^ECONNREFUSED$/,
  unreachable: /^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/,
  'connect-timeout': /^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/,
  // nodejs.org/api/tls.html, "X509 certificate error codes"; the others are of the handshake itself.
  tls: /^(EPROTO$|ERR_SSL_|ERR_TLS_|CERT_|CRL_|UNABLE_TO_|(DEPTH_ZERO_)?SELF_SIGNED_|(INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$)/,
  /** The upstream broke the connection in its handshake, or while it was idle. */
  reset: /^ECONNRESET$/,
  /** The pool was closed: this process is stopping. */
  stopping: /^UND_ERR_(CLOSED|DESTROYED)$/,
} as const;

/**
 * Why nothing was sent. `given-up`: the time was over while the call waited for a connection. `too-late`: the
 * connection was there, but the moment after which nothing may be sent had passed. `client-gone`: nobody waits
 * for the reply any more.
 */
export type NotSent = keyof typeof CODES | 'given-up' | 'too-late' | 'client-gone';

/**
 * The listed reason of a call that broke before anything of it was written; undefined if it is not on the list.
 * Says nothing of a call that had begun to write: the same errors come later, too.
 */
export function brokenBeforeWriting(error: Error): NotSent | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (Object.keys(CODES) as (keyof typeof CODES)[]).find((reason) => CODES[reason].test(code));
}
