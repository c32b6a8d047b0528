import { auditRecords, recordsOf } from './support/audit-records.js';
import { ACTION_ID, ACTION_PATH, DOCUMENTED_REPLY, Landscape, type Call } from './support/landscape.js';
import { exchange, readReply, requestBytes, type RawReply, type RawRequest } from './support/raw-exchange.js';
import { json } from './support/scripted-upstream.js';

const QUOTA = 5;
const MINUTE_MS = 60_000;
const RESCHEDULE = { scheduledDate: '2021-02-14' };

/** What a reply says of the budget: quota and window, what is left, and for how many seconds. */
function told(headers: { get(name: string): string | null }): { r: number; t: number } {
  expect(headers.get('ratelimit-policy')).toBe(`"default";q=${QUOTA};w=60`);
  const [, r, t] = /^"default";r=(\d+);t=(\d+)$/.exec(headers.get('ratelimit') ?? '') ?? [];
  return { r: Number(r), t: Number(t) };
}

describe('with 5 requests a minute', () => {
  let landscape: Landscape;
  beforeAll(async () => {
    landscape = await Landscape.start({ RATE_LIMIT_PER_MINUTE: String(QUOTA) });
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
  });
  afterAll(() => landscape.end());

  /** Calls as somebody whom no other test knows; reads own writes unless told otherwise. */
  async function as(sub: string, call: Call & { path?: string } = {}, client_id = 'app'): Promise<Response> {
    const { path = '/writes', method = 'GET', ...rest } = call;
    const token = await landscape.issuer.token({ sub, client_id });
    return landscape.call(path, { method, token, ...rest });
  }

  async function useUp(sub: string, client?: string): Promise<void> {
    for (let spent = 0; spent < QUOTA; spent++) expect((await as(sub, {}, client)).status).toBe(200);
  }

  async function from(address: string, request: Partial<RawRequest> = {}): Promise<RawReply> {
    const bytes = requestBytes({ method: 'GET', path: '/writes', ...request });
    return readReply(await exchange(landscape.gateway.url, bytes, address));
  }

  async function statusesFrom(
    address: string,
    count: number,
    request?: Partial<RawRequest>,
  ): Promise<number[]> {
    const statuses: number[] = [];
    for (let sent = 0; sent < count; sent++) statuses.push((await from(address, request)).status);
    return statuses;
  }

  describe('a principal', () => {
    it('is told with each reply what is left and until when, and is refused beyond it', async () => {
      const began = Date.now();
      const replies: Response[] = [];
      for (let sent = 0; sent < QUOTA + 2; sent++) replies.push(await as('counted'));
      const ended = Date.now();

      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429]);
      const standings = replies.map(({ headers }) => told(headers));
      expect(standings.map(({ r }) => r)).toEqual([4, 3, 2, 1, 0, 0, 0]);
      expect(replies.map(({ headers }) => headers.get('retry-after'))).toEqual([
        ...Array.from({ length: QUOTA }, () => null),
        ...standings.slice(QUOTA).map(({ t }) => String(t)),
      ]);
      expect(standings[0]?.t).toBe(60);
      for (const { t } of standings) {
        expect(t).toBeLessThanOrEqual(60);
        // Whoever waits that long comes after the minute that began with the first request, and hardly later.
        expect(ended + t * 1_000).toBeGreaterThanOrEqual(began + MINUTE_MS);
        expect(began + t * 1_000).toBeLessThanOrEqual(ended + MINUTE_MS + 1_000);
      }
    });

    it.each([
      ['json', 'application/json'],
      ['xml', 'application/xml'],
    ])('is told why, in %s', async (format, accept) => {
      await useUp(`reads-${format}`);
      const reply = await as(`reads-${format}`, { headers: { accept } });
      expect([reply.status, reply.headers.get('content-type')]).toEqual([
        429,
        `application/problem+${format}; charset=utf-8`,
      ]);
      const text = await reply.text();
      const wanted = { code: 'rate-limited', status: 429, retryable: true };
      for (const [member, value] of Object.entries(wanted)) {
        const shown =
          format === 'xml'
            ? `<${member}>${String(value)}</${member}>`
            : `"${member}":${JSON.stringify(value)}`;
        expect(text).toContain(shown);
      }
      expect(text).toContain('No more than 5 requests a minute of this user and client are taken.');
    });

    it('disturbs no other one, not even the same person in another application', async () => {
      await useUp('busy', 'app-1');
      expect((await as('busy', {}, 'app-1')).status).toBe(429);
      expect(told((await as('calm', {}, 'app-1')).headers).r).toBe(4);
      expect(told((await as('busy', {}, 'app-2')).headers).r).toBe(4);
    });

    it('spends on what is refused later too, and is told so', async () => {
      const replies = [
        await as('wrong', { path: '/audit/records' }),
        await as('wrong', { path: ACTION_PATH, method: 'PUT', body: { typo: 1 } }),
        await as('wrong', { path: '/writes/01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d' }),
        await as('wrong', { headers: { accept: 'text/html' } }),
      ];
      expect(replies.map(({ status, headers }) => [status, told(headers).r])).toEqual([
        [403, 4],
        [400, 3],
        [404, 2],
        [406, 1],
      ]);
    });

    it('has a refused write neither sent nor its key used, and the refusal recorded', async () => {
      await useUp('writer');
      const sent = landscape.billing.calls.length;
      const write: Call & { path: string } = {
        path: ACTION_PATH,
        method: 'PUT',
        body: RESCHEDULE,
        headers: { 'idempotency-key': '"too-early"', 'x-request-id': 'too-many' },
      };
      const refused = await as('writer', write);
      expect([refused.status, refused.headers.get('operation-id')]).toEqual([429, null]);
      expect(await refused.json()).toMatchObject({ outcome: 'not-applied' });
      expect(landscape.billing.calls.length).toBe(sent);
      expect(await recordsOf(landscape.gateway.dataDir, 'too-many')).toMatchObject([
        {
          kind: 'refusal',
          problem: 'rate-limited',
          status: 429,
          principal: { subject: 'writer', client: 'app' },
          address: '127.0.0.1',
          operation: 'deferred-action.modify',
          resource: ACTION_ID,
        },
      ]);

      // A new process knows the keys, but nobody's budget.
      await landscape.gateway.stop();
      landscape = await landscape.restart();
      const other = await as('writer', { ...write, body: { scheduledDate: '2022-03-15' } });
      expect([other.status, other.headers.get('idempotency-replayed')]).toEqual([200, null]);
    });

    it('is refused before a byte of the body came', async () => {
      await useUp('slow');
      const token = await landscape.issuer.token({ sub: 'slow', client_id: 'app' });
      const headers = { authorization: `Bearer ${token}`, 'content-length': '1000' };
      const reply = await from('127.0.0.1', { method: 'PUT', path: ACTION_PATH, headers });
      expect(reply.status).toBe(429);
    });
  });

  describe('a stranger', () => {
    it('is counted by address, and refused beyond the budget', async () => {
      expect(await statusesFrom('127.0.0.2', QUOTA + 1)).toEqual([401, 401, 401, 401, 401, 429]);
      const refused = await from('127.0.0.2');
      expect(refused.headers['www-authenticate']).toBeUndefined();
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
      expect(refused.body).toContain('No more than 5 requests a minute of this address are taken.');
      const elsewhere = await from('127.0.0.3');
      expect([elsewhere.status, told(new Headers(elsewhere.headers)).r]).toEqual([401, 4]);
    });

    it.each([
      ['no token', '127.0.0.4', {}],
      ['what is no token', '127.0.0.5', { authorization: 'Bearer nonsense' }],
      ['another scheme', '127.0.0.6', { authorization: 'Basic eDp5' }],
    ])('shuts out nobody who is known at the same address: %s', async (_, address, headers) => {
      expect(await statusesFrom(address, QUOTA + 1, { headers })).toContain(429);
      const token = await landscape.issuer.token({ sub: `neighbour-of-${address}` });
      const known = await from(address, { headers: { authorization: `Bearer ${token}` } });
      expect([known.status, told(new Headers(known.headers)).r]).toEqual([200, 4]);
    });

    it('is refused for every forged token, one that was shown before or a new one', async () => {
      const forged = (): Promise<string> =>
        landscape.issuer.token({ sub: 'forger' }, { key: new Uint8Array(32), header: { alg: 'HS256' } });
      const same = { headers: { authorization: `Bearer ${await forged()}` } };
      expect(await statusesFrom('127.0.0.7', QUOTA, same)).toEqual([401, 401, 401, 401, 401]);
      const fresh = { headers: { authorization: `Bearer ${await forged()}` } };
      expect([
        ...(await statusesFrom('127.0.0.7', 1, same)),
        ...(await statusesFrom('127.0.0.7', 1, fresh)),
      ]).toEqual([429, 429]);
    });

    it.each([
      ['127.0.0.8', '/problems'],
      ['127.0.0.9', '/problems/not-found'],
      ['127.0.0.10', '/docs'],
      ['127.0.0.11', '/docs/swagger-ui.css'],
      ['127.0.0.12', '/openapi.json'],
    ])('at %s reads open pages from the same budget: %s', async (address, path) => {
      expect(await statusesFrom(address, QUOTA + 1, { path })).toEqual([200, 200, 200, 200, 200, 429]);
      expect((await from(address)).status).toBe(429);
    });

    it.each([
      ['127.0.0.13', 404, { path: '/nowhere' }],
      ['127.0.0.14', 405, { path: '/problems', method: 'PUT' }],
      ['127.0.0.15', 400, { headers: { host: 'a b' } }],
      ['127.0.0.16', 403, { headers: { 'sec-fetch-site': 'cross-site' } }],
      ['127.0.0.17', 204, { method: 'OPTIONS' }],
    ])(
      'at %s is not counted where counting would cost as much as the answer: %i',
      async (address, status, request) => {
        const replies = await Promise.all(Array.from({ length: 2 * QUOTA }, () => from(address, request)));
        for (const reply of replies) {
          expect([reply.status, reply.headers['ratelimit']]).toEqual([status, undefined]);
        }
      },
    );
  });

  it('grows the trail by a bounded number of records, however long somebody goes on asking', async () => {
    await useUp('restless');
    for (let sent = 0; sent < 400; sent += 20) {
      const refused = await Promise.all(Array.from({ length: 20 }, () => as('restless')));
      expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]));
    }
    // What is counted becomes a record after a minute, or when the gateway stops.
    expect(await landscape.gateway.stop()).toBe(0);
    const records = auditRecords(landscape.gateway.dataDir).filter(
      ({ principal }) => (principal as { subject?: string } | null)?.subject === 'restless',
    );
    const refusals = records.filter(({ kind }) => kind === 'refusal');
    expect(refusals.length).toBeLessThanOrEqual(60);
    expect(records.filter(({ kind }) => kind === 'overflow')).toMatchObject([
      { what: 'rate-limited', count: 400 - refusals.length },
    ]);
  });
});

describe('by default', () => {
  let landscape: Landscape;
  beforeAll(async () => {
    // An empty variable counts as not set.
    landscape = await Landscape.start({ RATE_LIMIT_PER_MINUTE: '' });
    landscape.issuer.down = true;
    await landscape.gateway.stop();
    landscape = await landscape.restart();
  });
  afterAll(() => landscape.end());

  it('nobody is counted while the issuer is away: that is no fault of theirs', async () => {
    const reply = await landscape.call('/writes', { method: 'GET' });
    expect([reply.status, reply.headers.get('ratelimit')]).toEqual([503, null]);
  });

  it('a minute has 600 requests', async () => {
    const { headers } = await landscape.call('/writes', { method: 'GET', token: null });
    expect(headers.get('ratelimit-policy')).toBe('"default";q=600;w=60');
    expect(headers.get('ratelimit')).toMatch(/^"default";r=59\d;t=\d+$/);
  });
});

it('says nothing of limits where there are none', async () => {
  const landscape = await Landscape.start({ RATE_LIMIT_PER_MINUTE: '0' });
  try {
    for (const token of [undefined, null]) {
      const { headers } = await landscape.call('/writes', {
        method: 'GET',
        ...(token === null && { token }),
      });
      expect([headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([null, null]);
    }
  } finally {
    await landscape.end();
  }
});
