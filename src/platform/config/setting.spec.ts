import { encodedPairs, headers, loginParameters } from './encoded-pairs.js';
import {
  addresses,
  Expected,
  headerValue,
  integer,
  issuer,
  key,
  list,
  oneOf,
  origin,
  pattern,
  decimal,
  loginScope,
  ratio,
  text,
  url,
} from './setting.js';

const KEY = 'MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=';

describe('a setting', () => {
  it.each([
    ['text', text, ' as it is ', ' as it is '],
    ['a header value', headerValue, 'DEFAULTENTITY', 'DEFAULTENTITY'],
    ['a whole number', integer(1, 65_535), '65535', 65_535],
    ['a whole number', integer(0, 10), '007', 7],
    ['one of several', oneOf('none', 'basic'), 'basic', 'basic'],
    ['a list', list(oneOf('a', 'b')), ' a , b,,', ['a', 'b']],
    ['a regular expression', pattern, '^HO\\d+$', /^HO\d+$/],
    ['a URL', url, 'https://bank.example/api', new URL('https://bank.example/api')],
    ['an issuer', issuer, 'https://id.bank.example/', 'https://id.bank.example/'],
    [
      'origins',
      list(origin),
      'https://app.example, http://[::1]:5173',
      ['https://app.example', 'http://[::1]:5173'],
    ],
    ['a share', ratio, '0.05', 0.05],
    ['a decimal', decimal(0.02, 60), '0.5', 0.5],
    ['the scopes of a login', loginScope, 'profile openid', 'profile openid'],
    [
      'login parameters',
      loginParameters,
      'resource=urn%3Ax,audience=y',
      { resource: 'urn:x', audience: 'y' },
    ],
    ['pairs', encodedPairs, ' service.version = 1%2C2 ,b=caf%C3%A9', { 'service.version': '1,2', b: 'café' }],
    [
      'headers',
      headers,
      'Authorization=Basic%20dXNlcjpwYXNz==,x-tenant=a=b',
      { Authorization: 'Basic dXNlcjpwYXNz==', 'x-tenant': 'a=b' },
    ],
    ['a key', key, KEY, Buffer.from('01234567890123456789012345678901')],
    ['a key in base64url', key, '_-'.repeat(22), Buffer.from('/+'.repeat(22), 'base64')],
  ])('is read as %s: %p', (_, read, given, value) => {
    expect(read(given)).toEqual(value);
  });

  it('is read as addresses', () => {
    const read = addresses('10.0.0.5, 192.168.0.0/16, fd00::/8,');
    const contains = ['10.0.0.5', '10.0.0.6', '192.168.9.9', 'fd12::1', 'fe80::1'].map((address) =>
      read.check(address, address.includes(':') ? 'ipv6' : 'ipv4'),
    );
    expect(contains).toEqual([true, false, true, true, false]);
  });

  it.each([
    [
      'IP addresses and CIDR blocks',
      addresses,
      [
        'proxy.example',
        '10.0.0',
        '10.0.0.0/33',
        '0.0.0.0/0',
        '::/0',
        'fd00::/129',
        '10.0.0.0/',
        '10.0.0.0/8/8',
      ],
    ],
    [
      'IP addresses and CIDR blocks',
      addresses,
      ['::ffff:10.0.0.1', 'fe80::1%eth0', '10.0.0.1;10.0.0.2', '*'],
    ],
    ['visible ASCII', headerValue, ['two words', 'a\r\nX-Evil: 1', 'Zürich']],
    [
      'a whole number from 1 to 10',
      integer(1, 10),
      ['0', '11', '-1', '+1', '1.0', '1e1', '0x1', ' 1', 'ten', '9'.repeat(400)],
    ],
    ['one of none, basic', oneOf('none', 'basic'), ['None', 'basic ', 'none,basic']],
    ['one of a, b', list(oneOf('a', 'b')), ['a,c', 'a;b']],
    ['a regular expression', pattern, ['(', '[z-a]']],
    [
      'an absolute http or https URL',
      url,
      ['bank.example', '/api', 'ftp://bank.example', 'file:///etc/passwd', 'http://'],
    ],
    ['a URL without credentials', url, ['https://user@bank.example', 'https://:secret@bank.example']],
    ['a URL without query or fragment', url, ['https://bank.example?x=1', 'https://bank.example#x']],
    ['an absolute http or https URL', issuer, ['bank.example']],
    [
      'exact origins as a browser sends them',
      list(origin),
      [
        '*',
        'null',
        'app.example',
        'https://*.example',
        'https://app.example/',
        'https://app.example:443',
        'https://APP.example',
        'https://zürich.example',
        'https://user@app.example',
        'https://app.example?x',
        'https://app.example, *',
        'https://app.example https://other.example',
        'ws://app.example',
        'file:///',
        'chrome-extension://abcdef',
      ],
    ],
    ['a number from 0 to 1', ratio, ['', '-0', '1.1', '.5', '5%', '1e-3', 'always_on']],
    ['a number from 0.02 to 60', decimal(0.02, 60), ['', '0', '0.01', '61', '-1', '1e1', '1,5']],
    [
      'scopes separated by blanks',
      loginScope,
      ['', 'profile', 'openid  profile', 'openid,profile', 'openid\"'],
    ],
    [
      'parameters that the gateway does not send',
      loginParameters,
      ['state=x', 'client_id=x', 'redirect_uri=x', 'request=x', 'code_challenge_method=plain', 'a=b,nonce=c'],
    ],
    ['name=value pairs', encodedPairs, ['name', 'name=', '=value', 'a=1,', 'a b=1', 'a=b c', 'a=%zz']],
    [
      'headers of visible ASCII characters',
      headers,
      ['a=%0d%0ab', 'a=caf%C3%A9', 'a=%20', 'Host=b', 'Content-Length=1', 'transfer-encoding=chunked'],
    ],
    [
      'at least 32 random bytes in base64',
      key,
      ['c2hvcnQ=', 'not base64 at all, but long enough for 32 bytes'],
    ],
  ])('says that it must be %s', (expected, read: (value: string) => unknown, refused) => {
    for (const value of refused) {
      const reading = (): unknown => read(value);
      expect(reading).toThrow(Expected);
      expect(reading).toThrow(expected);
    }
  });
});
