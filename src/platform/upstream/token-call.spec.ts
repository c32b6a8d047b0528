import type { Answer } from './upstream-client.js';
import { readReply } from './reply-json.js';
import { readToken, tokenCall, type TokenAuth } from './token-call.js';

function answer(body: string, status = 200): Answer {
  return {
    kind: 'answered',
    status,
    json: readReply(Buffer.from(body)),
    excerpt: body.slice(0, 9),
    requestId: null,
  };
}

describe('credentials that no form and no header takes as they are', () => {
  const credentials = { id: 'surehand client', secret: 's3cret+/: ö' };
  const tokenUrl = new URL('https://id.example/gateway/token/');
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const inForm = 'client_id=surehand+client&client_secret=s3cret%2B%2F%3A+%C3%B6';
  const oauth2 = { way: 'oauth2', tokenUrl, credentials, scope: 'a b' } as const;

  it.each<[string, TokenAuth, string | undefined, string | undefined]>([
    [
      'platojwt',
      { way: 'platojwt', tokenUrl, credentials, appId: 'SECSRV001', sourceCode: undefined },
      undefined,
      JSON.stringify({ username: base64('surehand client'), password: base64('s3cret+/: ö') }),
    ],
    [
      'bcws',
      { way: 'bcws', tokenUrl, credentials },
      `Basic ${base64('surehand client:s3cret+/: ö')}`,
      undefined,
    ],
    [
      'oauth2, by header',
      { ...oauth2, method: 'client_secret_basic' },
      // RFC 6749 section 2.3.1 and appendix B.
      `Basic ${base64('surehand+client:s3cret%2B%2F%3A+%C3%B6')}`,
      'grant_type=client_credentials&scope=a+b',
    ],
    [
      'oauth2, by body',
      { ...oauth2, method: 'client_secret_post', scope: undefined },
      undefined,
      `grant_type=client_credentials&${inForm}`,
    ],
  ])('are encoded as they have to be: %s', (_, auth, authorization, body) => {
    const call = tokenCall(auth);
    expect(call.path).toBe('/gateway/token/');
    expect(call.headers?.['authorization']).toBe(authorization);
    expect(
      call.body instanceof URLSearchParams ? call.body.toString() : call.body && JSON.stringify(call.body),
    ).toBe(body);
  });
});

describe('the life of a token', () => {
  it.each([
    ['a number of seconds', '3180', 3_180_000],
    ['its digits as a text', '"3180"', 3_180_000],
    ['a part of a second', '0.5', 500],
    ['zero', '0', 0],
    ['negative', '-5', 0],
    ['a negative text', '"-5"', 0],
    ['more than a day', '360000', 86_400_000],
    ['more than a day, as a text', '"360000"', 86_400_000],
    ['more than a double can count', '123456789012345678901234567890', 86_400_000],
    ['more than a double can hold', '1e999', 86_400_000],
    ['null', 'null', 60_000],
    ['another text', '"soon"', 60_000],
    ['an empty text', '""', 60_000],
    ['an object', '{}', 60_000],
    ['a list of one number', '[3180]', 60_000],
    ['blanks', '"  "', 60_000],
    ['true', 'true', 60_000],
  ])('is known, or guessed short: %s', (_, expiresIn, lifetimeMs) => {
    expect(readToken(answer(`{"token":"t","expires_in":${expiresIn}}`), 'platojwt')).toEqual({
      token: 't',
      lifetimeMs,
    });
  });

  it('is guessed short if the reply does not say it', () => {
    expect(readToken(answer('{"access_token":"t"}'), 'oauth2')).toEqual({ token: 't', lifetimeMs: 60_000 });
  });
});

describe('a reply without a token', () => {
  it.each([
    ['nothing', ''],
    ['an HTML page', '<html>secret-word</html>'],
    ['a list', '[{"access_token":"t"}]'],
    ['an error object', '{"error":"secret-word"}'],
    ['the token under another name', '{"token":"secret-word"}'],
    ['an empty token', '{"access_token":""}'],
    ['a number', '{"access_token":7}'],
    ['what no header can carry', '{"access_token":"secret-word\\r\\nX-Evil: 1"}'],
    ['a blank in it', '{"access_token":"secret word"}'],
    ['letters beyond ASCII', '{"access_token":"sécret"}'],
    ['more than any header holds', `{"access_token":"${'x'.repeat(8_193)}"}`],
  ])('is told without a word of it: %s', (_, body) => {
    const why = readToken(answer(body), 'oauth2');
    expect(why).toMatch(/^answered 200 without a (JSON object|usable token)$/);
  });

  it('is one with another status than 200, whatever it holds', () => {
    expect(readToken(answer('{"access_token":"t","expires_in":60}', 201), 'bcws')).toBe('answered 201');
  });
});
