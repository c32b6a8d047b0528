import { exchange, requestBytes } from './support/raw-exchange.js';
import { ACTION_PATH, DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';
import { json, reset } from './support/scripted-upstream.js';

type Line = Readonly<Record<string, unknown>>;

const RESCHEDULE = { scheduledDate: '2021-02-14' };
const ROUTE = '/bcws/webresources/v1.0/deferredactions/:id';

let landscape: Landscape;
let requests = 0;
let bearer = '';
beforeAll(async () => {
  landscape = await Landscape.start({ LOG_LEVEL: 'info' });
  landscape.billing.play(json(200, DOCUMENTED_REPLY));
  bearer = await landscape.issuer.token();
  // Of whoever waited for the start.
  while (lines().length === 0) await pause(10);
});
afterAll(() => landscape.end());

function lines({ gateway }: Landscape = landscape): Line[] {
  return gateway.log
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)
    .filter(({ message }) => message === 'Request');
}

/** The lines of whatever is asked, once there is one, and after a while in which there could be another. */
async function told(ask: () => Promise<unknown>): Promise<Line[]> {
  const before = lines().length;
  await ask();
  const until = Date.now() + 5_000;
  while (lines().length === before && Date.now() < until) await pause(10);
  await pause(100);
  return lines().slice(before);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const raw = (bytes: Parameters<typeof requestBytes>[0]) => (): Promise<string> =>
  exchange(landscape.gateway.url, requestBytes(bytes));

describe('the log has one line per request', () => {
  it('that tells of a write by whom it was made, how it ended, and how long it took', async () => {
    const id = `request-${++requests}`;
    const [line, ...more] = await told(() =>
      landscape.call(ACTION_PATH, { body: RESCHEDULE, headers: { 'x-request-id': id } }),
    );
    expect(more).toEqual([]);
    expect(line).toEqual({
      level: 'info',
      time: expect.any(String) as string,
      message: 'Request',
      requestId: id,
      operationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      method: 'PUT',
      route: ROUTE,
      status: 200,
      durationMs: expect.any(Number) as number,
      subject: 'clerk',
      operation: 'deferred-action.modify',
      outcome: 'applied',
      upstream: 'billing',
    });
  });

  it.each<[string, () => Promise<unknown>, Line]>([
    [
      'a write that nobody knows the outcome of',
      () => {
        landscape.billing.play(reset);
        return landscape.call(actionPath(2), { body: RESCHEDULE });
      },
      { status: 502, problem: 'upstream-bad-response', outcome: 'unknown', upstream: 'billing' },
    ],
    [
      'a wrong token',
      () => landscape.call(ACTION_PATH, { body: RESCHEDULE, token: 'no.such.token' }),
      { status: 401, problem: 'unauthenticated', route: ROUTE, method: 'PUT' },
    ],
    ['an unknown path', raw({ method: 'GET', path: '/nowhere' }), { status: 404, problem: 'not-found' }],
    [
      'a URL that the router refuses',
      raw({ method: 'GET', path: '/writes/%zz' }),
      { status: 400, problem: 'malformed-request' },
    ],
    [
      'a head that the parser refuses',
      () => exchange(landscape.gateway.url, 'GET / HT\r\n\r\n'),
      { status: 400, problem: 'malformed-request' },
    ],
    [
      'a body that the parser refuses',
      () =>
        exchange(
          landscape.gateway.url,
          `PUT ${ACTION_PATH} HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer ${bearer}\r\n` +
            'content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nno length\r\n',
        ),
      { status: 400, problem: 'malformed-request' },
    ],
    [
      'CONNECT',
      raw({ method: 'CONNECT', path: 'elsewhere:443' }),
      { status: 405, problem: 'method-not-allowed', method: 'CONNECT' },
    ],
  ])('also for %s', async (_what, ask, line) => {
    expect(await told(ask)).toEqual([expect.objectContaining(line)]);
  });
});

describe('hostile values', () => {
  const HOSTILE = 'one\r\n{"level":"fatal"}\u001b[2J\u2028two\u2029\u0085\u202ethree\u009b\u0007';

  it('in the subject of a token end no line, and bring no control', async () => {
    const token = await landscape.issuer.token({ sub: HOSTILE });
    const before = landscape.gateway.log.length;
    const [line, ...more] = await told(() => landscape.call('/writes', { method: 'GET', token }));
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      subject: 'one\ufffd\ufffd{"level":"fatal"}\ufffd[2J\ufffdtwo\ufffd\ufffd\ufffdthree\ufffd\ufffd',
    });
    const written = landscape.gateway.log.slice(before - 1).join('\n');
    expect(written.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
  });

  it.each([
    ['path', { method: 'GET', path: '/a%c2%9b2J%0a%e2%80%a8?secret' }],
    ['request id', { method: 'GET', path: '/writes', headers: { 'x-request-id': 'a\u009b2J"}{' } }],
    ['key', { path: ACTION_PATH, headers: { 'idempotency-key': '\u009b2J secret' } }],
    ['user agent', { method: 'GET', path: '/problems', headers: { 'user-agent': '\u009b2J secret' } }],
  ])('in the %s are not told', async (_what, request) => {
    const before = landscape.gateway.log.length;
    const [line, ...more] = await told(raw(request));
    expect(more).toEqual([]);
    expect(line).toBeDefined();
    const written = landscape.gateway.log.slice(before - 1).join('\n');
    expect(written).not.toMatch(/2J|secret/);
  });
});

describe('no token', () => {
  it('and no body is in the log', async () => {
    const token = await landscape.issuer.token();
    const query = await landscape.issuer.token({ sub: 'in-the-query' });
    await told(() => landscape.call(actionPath(3), { body: { description: 'confidential' }, token }));
    await told(() => landscape.call(`/writes?access_token=${query}`, { method: 'GET', token }));
    const log = landscape.gateway.log.join('\n');
    for (const secret of [token, query, 'confidential', 'Bearer']) expect(log).not.toContain(secret);
  });
});

describe('at LOG_LEVEL=warn', () => {
  it('no request is logged', async () => {
    const quiet = await Landscape.start({ LOG_LEVEL: 'warn' });
    expect((await quiet.call('/writes', { method: 'GET' })).status).toBe(200);
    await quiet.gateway.stop();
    expect(lines(quiet)).toEqual([]);
    await quiet.end();
  });
});
