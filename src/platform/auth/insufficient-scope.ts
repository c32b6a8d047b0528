/** The challenge to a principal who lacks a scope (RFC 6750 section 3.1). */
export function insufficientScope(scopes?: readonly string[]): Record<string, string> {
  const needed = scopes === undefined ? '' : `, scope="${scopes.join(' ')}"`;
  return { 'www-authenticate': `Bearer realm="surehand", error="insufficient_scope"${needed}` };
}
