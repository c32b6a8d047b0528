/**
 * What RFC 10017 (BCP 212), "OAuth 2.0 for Browser-Based Applications", asks of a backend-for-frontend, in our own
 * words. A test that shows one names it at the end of its title, or of the title of its group: `[B9]`.
 */
export const REQUIREMENTS = [
  ['B1', 'MUST', 'It is a confidential client: it has a secret of its own for the identity provider.'],
  ['B2', 'MUST', 'It uses the authorization code grant, with PKCE (S256), state and nonce.'],
  ['B3', 'MUST', 'Its cookies are Secure.'],
  ['B4', 'MUST', 'Its cookies are HttpOnly.'],
  ['B5', 'SHOULD', 'Its cookies are SameSite=Strict; the one exception is the cookie of a login under way.'],
  ['B6', 'SHOULD', 'Its cookies are for `/`, name no Domain, and have a prefix that browsers enforce.'],
  ['B7', 'SHOULD', 'No token is in a cookie, unless it is encrypted.'],
  ['B8', 'MUST', 'Another site cannot make a browser send requests in the name of its user (CSRF).'],
  ['B9', 'MUST', 'The header that shows so is looked for on every request with a session.'],
  ['B10', 'note', 'SameSite is not enough: another origin of the same site is refused too.'],
  [
    'B11',
    'MUST',
    'Requests go on to the two systems only, at validated paths and with the methods of their routes.',
  ],
  ['B12', 'MUST', 'No request decides on the host that it goes on to.'],
  ['B13', 'note', 'A refresh token that the provider no longer takes ends the session, cleanly and once.'],
  ['B14', 'MUST', 'There is no implicit grant, and one exact redirect URI.'],
  ['B15', 'note', 'The systems behind see one client: limits are held per person here.'],
].map(([id, level, text]) => ({ id, level, text }));
