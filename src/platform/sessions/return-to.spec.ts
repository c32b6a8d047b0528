import fc from 'fast-check';
import { isReturnTo } from './return-to.js';

describe('where a login may lead', () => {
  it.each([
    '/',
    '/orders',
    '/orders/7?x=1&y=%2F#part',
    '/#/writes/1',
    '/a//b',
    '/%2f%2fevil.example',
    '/a:b@c',
  ])('is %s', (path) => {
    expect(isReturnTo(path)).toBe(true);
  });

  it.each([
    '',
    'orders',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '\\/evil.example',
    '/..//evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2e%2e//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r\nSet-Cookie: a=b',
    '\t//evil.example',
    ' //evil.example',
    '/ /evil.example',
    '/\0',
    'https:evil.example',
    'https://evil.example',
    'https:/evil.example',
    'http://gateway.invalid@evil.example',
    '@evil.example',
    '.evil.example',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    '/\u2215evil.example',
    '/\uff0f\uff0fevil.example',
    '/é',
    '/"',
    '/\u202e',
    `/${'a'.repeat(2_048)}`,
    7,
    null,
    undefined,
    ['/'],
  ])('is not %p', (value) => {
    expect(isReturnTo(value)).toBe(false);
  });

  it('is always on the same origin, however a browser resolves it', () => {
    const part = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '%2e',
      '%2f',
      '@',
      ':',
      '?',
      '#',
      'evil.example',
      '\t',
      'a',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const path = parts.join('');
        if (!isReturnTo(path)) return;
        for (const base of ['https://gateway.example', 'https://gateway.example/auth/callback?code=x']) {
          const url = new URL(path, base);
          expect(url.origin).toBe('https://gateway.example');
          // And the same again with what a browser would show and copy.
          expect(new URL(url.pathname + url.search, base).origin).toBe('https://gateway.example');
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
