import { recordsOf } from './support/audit-records.js';
import { ACTION_ID, ACTION_PATH, DOCUMENTED_REPLY, HANDOFF_PATH, Landscape } from './support/landscape.js';
import { exchange, readReply, requestBytes, type RawReply, type RawRequest } from './support/raw-exchange.js';
import { json } from './support/scripted-upstream.js';

const GATEWAY = 'https://gateway.example';
const APP = 'https://app.example';
const LOCAL_APP = 'http://localhost:5173';

const FOR_BROWSERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};
const READABLE = {
  'access-control-allow-origin': APP,
  'access-control-expose-headers':
    'X-Request-Id, Operation-Id, Idempotency-Replayed, Retry-After, RateLimit-Policy, RateLimit, Location, WWW-Authenticate, Allow',
};
const RESCHEDULE = '{"scheduledDate":"2021-02-14"}';

let landscape: Landscape;
/** Lists nobody, and is reached over plain http. */
let unlisted: Landscape;
let authorization: string;
let requests = 0;

beforeAll(async () => {
  [landscape, unlisted] = await Promise.all([
    Landscape.start({ PUBLIC_URL: GATEWAY, CORS_ORIGINS: `${APP}, ${LOCAL_APP}` }),
    Landscape.start(),
  ]);
  authorization = `Bearer ${await landscape.issuer.token()}`;
});
afterAll(() => Promise.all([landscape.end(), unlisted.end()]));
beforeEach(() => {
  landscape.billing.play(json(200, DOCUMENTED_REPLY));
});

async function send(bytes: string | Uint8Array, { gateway } = landscape): Promise<RawReply> {
  return readReply(await exchange(gateway.url, bytes));
}

/** A request as it is, with a request id of its own and no token. */
function aRequest({ headers, ...rest }: RawRequest): Buffer {
  return requestBytes({ method: 'GET', ...rest, headers: { 'x-request-id': `r-${++requests}`, ...headers } });
}

/** A write that would be carried out, were it not for what is changed. */
function aWrite({ headers, ...changes }: Partial<RawRequest> = {}): Buffer {
  return aRequest({
    method: 'PUT',
    path: ACTION_PATH,
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: RESCHEDULE,
    ...changes,
  });
}

function corsHeaders({ headers }: RawReply): string[] {
  return Object.keys(headers).filter((name) => name.startsWith('access-control-'));
}

/** Without the length of its body, which is in chunks. */
function chunked(request: Buffer): Buffer {
  return Buffer.from(request.toString('latin1').replace(/content-length.*\r\n/, ''), 'latin1');
}

/** Replies of every kind, and whoever gives them. */
const REPLIES: [what: string, status: number, bytes: (headers: Record<string, string>) => Buffer][] = [
  ['a write that was made', 200, (headers) => aWrite({ headers })],
  ['an open page', 200, (headers) => aRequest({ path: '/problems', headers })],
  ['OPTIONS', 204, (headers) => aRequest({ method: 'OPTIONS', path: ACTION_PATH, headers })],
  ['no token', 401, (headers) => aRequest({ path: '/writes', headers })],
  [
    'a token without the scope',
    403,
    (headers) => aRequest({ path: '/audit/records', headers: { authorization, ...headers } }),
  ],
  ['no such path', 404, (headers) => aRequest({ path: '/nothing', headers })],
  ['no such method', 405, (headers) => aWrite({ method: 'PATCH', headers })],
  ['no such format', 406, (headers) => aWrite({ headers: { ...headers, accept: 'text/html' } })],
  ['a body over 64 KiB', 413, (headers) => aWrite({ body: ' '.repeat(65_537), headers })],
  [
    'an over-long id, which the router refuses',
    414,
    (headers) => aWrite({ path: ACTION_PATH + '1'.repeat(300), headers }),
  ],
  ['text', 415, (headers) => aWrite({ headers: { ...headers, 'content-type': 'text/plain' } })],
  [
    'a malformed URL, which the router refuses',
    400,
    (headers) => aRequest({ path: '/problems/%zz', headers }),
  ],
  [
    'a malformed body, which the parser refuses',
    400,
    (headers) =>
      chunked(aWrite({ headers: { ...headers, 'transfer-encoding': 'chunked' }, body: 'no chunk size\r\n' })),
  ],
];
/** Replies to what is no request that could have an origin. */
const REPLIES_TO_NOBODY: [what: string, status: number, bytes: () => Buffer][] = [
  ['garbage', 400, () => Buffer.from('GARBAGE\r\n\r\n')],
  ['too many headers', 431, () => aWrite({ headers: { origin: APP, a: 'x'.repeat(20_000) } })],
];

describe('every reply', () => {
  it.each([...REPLIES, ...REPLIES_TO_NOBODY])(
    'tells browsers what to keep from it: %s',
    async (_, status, bytes) => {
      const reply = await send(bytes({}));
      expect(reply.status).toBe(status);
      expect(reply.headers).toMatchObject({
        ...FOR_BROWSERS,
        vary: 'Accept, Origin',
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
      });
      expect(corsHeaders(reply)).toEqual([]);
      expect(Object.keys(reply.headers)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/server|powered/)]),
      );
    },
  );

  it.each(REPLIES)('can be read by a page that is listed: %s', async (_, status, bytes) => {
    const reply = await send(bytes({ origin: APP, 'sec-fetch-site': 'cross-site' }));
    expect(reply.status).toBe(status);
    expect(reply.headers).toMatchObject({ ...READABLE, ...FOR_BROWSERS, vary: 'Accept, Origin' });
    expect(corsHeaders(reply)).toHaveLength(Object.keys(READABLE).length);
  });

  it.each(REPLIES_TO_NOBODY)('is for no page if nobody asked: %s', async (_, status, bytes) => {
    const reply = await send(bytes());
    expect([reply.status, corsHeaders(reply)]).toEqual([status, []]);
  });

  it('names the origin that asked, of several', async () => {
    const { headers } = await send(aRequest({ path: '/problems', headers: { origin: LOCAL_APP } }));
    expect(headers['access-control-allow-origin']).toBe(LOCAL_APP);
  });

  it.each<[path: string, policy: RegExp, opener: string]>([
    [
      '/docs',
      /^default-src 'none'; script-src 'self'; style-src 'self'; .* frame-ancestors 'none'$/,
      'same-origin-allow-popups',
    ],
    [
      '/docs/oauth2-redirect.html',
      /^default-src 'none'; script-src 'self'; frame-ancestors 'none'$/,
      'unsafe-none',
    ],
    ['/docs/nothing.html', /^default-src 'none'; frame-ancestors 'none'$/, 'same-origin'],
    ['/docs/initializer.js', /^default-src 'none'; frame-ancestors 'none'$/, 'same-origin'],
  ])('is as open as its page needs: %s', async (path, policy, opener) => {
    const { headers } = await send(aRequest({ path }));
    const { 'content-security-policy': csp, ...rest } = FOR_BROWSERS;
    expect(csp).toBeDefined();
    expect(headers).toMatchObject({ ...rest, 'cross-origin-opener-policy': opener });
    expect(headers['content-security-policy']).toMatch(policy);
  });

  it('does not speak of TLS over plain http, nor of origins if none is listed', async () => {
    const { headers } = await send(aRequest({ path: '/problems', headers: { origin: APP } }), unlisted);
    expect(headers).toMatchObject({ ...FOR_BROWSERS, vary: 'Accept' });
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('an origin that only looks like a listed one', () => {
  it.each([
    ['another port', 'https://app.example:8443'],
    ['the default port, written out', 'https://app.example:443'],
    ['another port of a listed one with a port', 'http://localhost:5174'],
    ['another scheme', 'http://app.example'],
    ['a suffix', 'https://app.example.evil'],
    ['a prefix', 'https://evil-app.example'],
    ['a subdomain', 'https://evil.app.example'],
    ['the parent', 'https://example'],
    ['upper case', 'https://APP.example'],
    ['upper case in the scheme', 'HTTPS://app.example'],
    ['a trailing dot', 'https://app.example.'],
    ['a trailing slash', 'https://app.example/'],
    ['credentials', 'https://app.example@evil.example'],
    ['a fragment', 'https://evil.example#https://app.example'],
    ['null', 'null'],
    ['nothing', ''],
    ['a star', '*'],
    ['no scheme', 'app.example'],
    ['two, with a blank', 'https://app.example https://evil.example'],
    ['two, with a comma', 'https://app.example, https://app.example'],
    ['two lines', 'https://app.example\r\norigin: https://evil.example'],
    ['the same line twice', 'https://app.example\r\norigin: https://app.example'],
    ['a name that every object has', 'constructor'],
    ['the gateway on another port', `${GATEWAY}:8443`],
  ])('neither writes nor reads: %s', async (_, origin) => {
    const write = await send(aWrite({ headers: { origin } }));
    expect(JSON.parse(write.body)).toMatchObject({
      status: 403,
      code: 'cross-site-request',
      outcome: 'not-applied',
    });
    const fromThere = await send(aWrite({ headers: { origin, 'sec-fetch-site': 'cross-site' } }));
    expect(fromThere.status).toBe(403);
    const read = await send(
      aRequest({
        path: '/problems',
        headers: { origin, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
      }),
    );
    expect(read.status).toBe(403);
    // Without fetch metadata a read is answered, but no browser shows it to the page.
    const old = await send(aRequest({ path: '/problems', headers: { origin } }));
    const preflight = await send(
      aRequest({
        method: 'OPTIONS',
        path: ACTION_PATH,
        headers: { origin, 'access-control-request-method': 'PUT' },
      }),
    );
    expect([old.status, preflight.status]).toEqual([200, 204]);
    expect([write, fromThere, read, old, preflight].flatMap(corsHeaders)).toEqual([]);
    expect(landscape.billing.calls).toEqual([]);
  });
});

describe('a write by a browser that sends no fetch metadata', () => {
  it.each([
    ['no page: no Origin', {}],
    ["the gateway's own page", { origin: GATEWAY }],
    ['a listed page', { origin: APP }],
  ])('is made for %s', async (_, headers) => {
    expect((await send(aWrite({ headers: { ...headers } }))).status).toBe(200);
    expect(landscape.billing.calls).toHaveLength(1);
  });

  it.each(['PUT', 'POST'])('is refused for any other: %s', async (method) => {
    const path = method === 'PUT' ? HANDOFF_PATH : '/writes/01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d/resolution';
    const reply = await send(aWrite({ method, path, headers: { origin: 'https://evil.example' } }));
    expect(reply.status).toBe(403);
    expect(reply.body).toContain('The Origin is neither that of PUBLIC_URL nor one of CORS_ORIGINS.');
  });
});

describe('a request with fetch metadata', () => {
  const FOREIGN = ['cross-site', 'same-site', 'Same-Origin', 'same-origin, cross-site', 'anything', ''];
  const MODES = ['navigate', 'cors', 'no-cors', 'same-origin', 'websocket'];
  const DESTINATIONS = ['document', 'iframe', 'frame', 'object', 'embed', 'image', 'script', 'empty'];
  const metadata = (site: string, mode: string, destination: string): Record<string, string> => ({
    'sec-fetch-site': site,
    'sec-fetch-mode': mode,
    'sec-fetch-dest': destination,
  });

  it.each(['same-origin', 'none'])('passes if Sec-Fetch-Site is %s', async (site) => {
    const write = await send(aWrite({ headers: { ...metadata(site, 'cors', 'empty'), origin: GATEWAY } }));
    expect(write.status).toBe(200);
    // Reached by a name that PUBLIC_URL does not know: the browser knows better.
    const other = await send(
      aWrite({ headers: { ...metadata(site, 'cors', 'empty'), origin: 'http://internal' } }),
    );
    expect(other.status).toBe(200);
  });

  it.each(FOREIGN)('is refused on every route that is not open if Sec-Fetch-Site is %p', async (site) => {
    for (const mode of MODES) {
      for (const destination of ['document', 'iframe', 'empty']) {
        const headers = { authorization, ...metadata(site, mode, destination) };
        const replies = [await send(aWrite({ headers })), await send(aRequest({ path: '/writes', headers }))];
        expect([mode, destination, ...replies.map(({ status }) => status)]).toEqual([
          mode,
          destination,
          403,
          403,
        ]);
      }
    }
    expect(landscape.billing.calls).toEqual([]);
  });

  it.each(FOREIGN)('reaches open pages only by following a link if Sec-Fetch-Site is %p', async (site) => {
    const passed: string[] = [];
    for (const mode of MODES) {
      for (const destination of DESTINATIONS) {
        for (const method of ['GET', 'HEAD']) {
          const { status } = await send(
            aRequest({ method, path: '/problems', headers: metadata(site, mode, destination) }),
          );
          if (status !== 403) passed.push(`${method} ${mode} ${destination} ${status}`);
        }
      }
    }
    expect(passed).toEqual(['GET navigate document 200']);
  });

  it('is refused before its token is looked at', async () => {
    const { status } = await send(
      aWrite({ headers: { authorization: 'Bearer wrong', 'sec-fetch-site': 'cross-site' } }),
    );
    expect(status).toBe(403);
  });

  it('leaves a record of its refusal that says what it would have done', async () => {
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    // The other gateway's trail has begun to count what this file makes it refuse.
    const { status, headers } = await send(aWrite({ headers: foreign }), unlisted);
    expect(status).toBe(403);
    const records = await recordsOf(unlisted.gateway.dataDir, headers['x-request-id'] ?? '');
    expect(records).toEqual([
      expect.objectContaining({
        kind: 'refusal',
        problem: 'cross-site-request',
        status: 403,
        principal: null,
        operation: 'deferred-action.modify',
        resource: ACTION_ID,
      }),
    ]);
  });

  it('from a listed origin passes, but what is embedded without asking does not', async () => {
    const asked = { origin: APP, ...metadata('cross-site', 'cors', 'empty') };
    expect((await send(aRequest({ path: '/problems', headers: asked }))).status).toBe(200);
    const embedded = metadata('cross-site', 'no-cors', 'image');
    expect((await send(aRequest({ path: '/docs/favicon-32x32.png', headers: embedded }))).status).toBe(403);
  });
});

describe('OPTIONS', () => {
  const asks = {
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'authorization,content-type',
  };
  const PREFLIGHT = {
    ...READABLE,
    'access-control-allow-headers':
      'Authorization, Content-Type, Idempotency-Key, Account-Id, X-Request-Id, traceparent, tracestate',
    'access-control-max-age': '600',
  };

  it.each([
    [ACTION_PATH, 'DELETE, POST, PUT', 'DELETE, OPTIONS, POST, PUT'],
    [`${HANDOFF_PATH}?x=1`, 'PUT', 'OPTIONS, PUT'],
    ['/problems', 'GET, HEAD', 'GET, HEAD, OPTIONS'],
    ['/writes', 'GET, HEAD', 'GET, HEAD, OPTIONS'],
  ])('tells a listed origin what it may do at %s', async (path, methods, allow) => {
    const headers = { origin: APP, ...asks, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' };
    const reply = await send(aRequest({ method: 'OPTIONS', path, headers }));
    expect(reply).toMatchObject({ status: 204, body: '' });
    expect(reply.headers).toMatchObject({
      ...PREFLIGHT,
      ...FOR_BROWSERS,
      allow,
      'access-control-allow-methods': methods,
    });
    expect(reply.headers).not.toHaveProperty('access-control-allow-credentials');
    expect(reply.headers['x-request-id']).toBe(`r-${requests}`);
  });

  it.each([
    ['one that is not listed', { origin: 'https://evil.example', ...asks }],
    ['no origin', asks],
    ['no method, so that it is no preflight', { origin: 'https://evil.example' }],
  ])('tells anybody else the methods only: %s', async (_, headers) => {
    const reply = await send(aRequest({ method: 'OPTIONS', path: ACTION_PATH, headers: { ...headers } }));
    expect([reply.status, reply.headers['allow'], corsHeaders(reply)]).toEqual([
      204,
      'DELETE, OPTIONS, POST, PUT',
      [],
    ]);
  });

  it('tells a listed origin the methods only if it is no preflight', async () => {
    const reply = await send(aRequest({ method: 'OPTIONS', path: ACTION_PATH, headers: { origin: APP } }));
    expect(corsHeaders(reply)).toEqual(Object.keys(READABLE));
  });

  it('of a path that no route has is answered 404, and a listed page can read that', async () => {
    const reply = await send(
      aRequest({ method: 'OPTIONS', path: '/nothing', headers: { origin: APP, ...asks } }),
    );
    expect(reply.status).toBe(404);
    expect(reply.headers).toMatchObject(READABLE);
    expect(reply.headers).not.toHaveProperty('access-control-allow-methods');
  });

  it('of the gateway as a whole is answered', async () => {
    const reply = await send(aRequest({ method: 'OPTIONS', path: '*' }));
    expect([reply.status, reply.headers['allow']]).toEqual([204, undefined]);
  });

  it('is answered to a gateway that lists nobody, without a word on origins', async () => {
    const reply = await send(
      aRequest({ method: 'OPTIONS', path: ACTION_PATH, headers: { origin: APP, ...asks } }),
      unlisted,
    );
    expect([reply.status, reply.headers['vary'], corsHeaders(reply)]).toEqual([204, 'Accept', []]);
  });

  it('reads no body, and goes on with the connection', async () => {
    const first = requestBytes({
      method: 'OPTIONS',
      path: ACTION_PATH,
      body: RESCHEDULE,
      headers: { connection: 'keep-alive' },
    });
    const text = await exchange(
      landscape.gateway.url,
      Buffer.concat([first, aRequest({ path: '/problems' })]),
    );
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 204', 'HTTP/1.1 200']);
  });
});
