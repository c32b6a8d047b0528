/**
 * Printable ASCII without a backslash, which browsers read as a slash: nothing that two readers see differently.
 * Without a quote either: no URI has one, and in the cookie of a login each would need two bytes.
 */
const PATH = /^\/(?![/\\])[\x21\x23-\x5b\x5d-\x7e]*$/;
const LONGEST = 2_048;

/**
 * Whether a login or a logout may lead there: a path of the gateway's own origin, with query and fragment. Anything
 * else would make the gateway send people wherever a link says (RFC 9700 section 4.11).
 */
export function isReturnTo(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > LONGEST || !PATH.test(value)) return false;
  const here = 'https://gateway.invalid';
  const url = URL.parse(value, here);
  // What a browser makes of it must not begin with two slashes either: /..//evil.example.
  return url?.origin === here && !url.pathname.startsWith('//');
}
