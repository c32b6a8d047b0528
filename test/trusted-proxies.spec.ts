import { recordsOf } from './support/audit-records.js';
import { refusedStart } from './support/gateway.js';
import { ACTION_PATH, Landscape } from './support/landscape.js';
import { exchange, readReply, requestBytes, type RawReply } from './support/raw-exchange.js';

/** Peers on 127.0.0.1 are proxies here, any other one is a client. */
const TRUSTED_PROXIES = '127.0.0.1,10.0.0.0/8,fd00::/8';
const QUOTA = 3;
const PROXY = '127.0.0.1';
const NO_PROXY = '127.0.0.2';

let landscape: Landscape;
beforeAll(async () => {
  landscape = await Landscape.start({ TRUSTED_PROXIES, RATE_LIMIT_PER_MINUTE: String(QUOTA) });
});
afterAll(() => landscape.end());

let requests = 0;

async function ask(peer: string, headers: Record<string, string>): Promise<RawReply> {
  const bytes = requestBytes({ method: 'GET', path: '/writes', headers });
  return readReply(await exchange(landscape.gateway.url, bytes, peer));
}

/** The address that stands in the trail for a request of this peer with these headers. */
async function recorded(peer: string, headers: Record<string, string>): Promise<unknown> {
  const id = `request-${++requests}`;
  await ask(peer, { 'x-request-id': id, ...headers });
  const [record] = await recordsOf(landscape.gateway.dataDir, id);
  return record?.['address'];
}

describe('behind a trusted proxy, the source address', () => {
  it.each([
    ['none', {}, PROXY],
    ['one address', '203.0.113.9', '203.0.113.9'],
    ['what a client made up before', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['a client that claims to be a proxy', '10.1.2.3, 203.0.113.9', '203.0.113.9'],
    ['a second trusted proxy', '203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['a trusted proxy with IPv6', '203.0.113.9,fd12::1', '203.0.113.9'],
    ['a trusted proxy with a mapped address', '203.0.113.9, ::ffff:10.1.2.3', '203.0.113.9'],
    ['proxies only', '10.9.9.9, 10.1.2.3', '10.9.9.9'],
    ['two lines', { 'X-Forwarded-For': '198.51.100.1', 'x-forwarded-for': '203.0.113.9' }, '203.0.113.9'],
    ['IPv6', '2001:DB8:0:0::1', '2001:db8::1'],
    ['IPv6 and a port', '[2001:db8::1]:4711', '2001:db8::1'],
    ['IPv6 with a zone', 'fe80::1%eth0', 'fe80::1'],
    ['IPv4 and a port', '203.0.113.9:4711', '203.0.113.9'],
    ['a mapped address', '::ffff:203.0.113.9', '203.0.113.9'],
    ['blanks and tabs', ' \t203.0.113.9\t ', '203.0.113.9'],
    ['no address', 'unknown', PROXY],
    ['no address, behind a second proxy', '203.0.113.9, unknown, 10.1.2.3', '10.1.2.3'],
    ['a number too large', '203.0.113.256', PROXY],
    ['nothing', '', PROXY],
    ['commas', ',,,', PROXY],
    ['a last comma', '203.0.113.9,', PROXY],
    ['a script', '<script>alert(1)</script>', PROXY],
    ['bytes beyond ASCII', 'ÿþ', PROXY],
    ['8 KB', 'x'.repeat(8_000), PROXY],
    ['an address of 8 KB', `fe80::1%${'e'.repeat(8_000)}`, PROXY],
    [
      'a thousand proxies',
      Array.from({ length: 1_000 }, (_, n) => `10.0.${n >> 8}.${n & 255}`).join(),
      '10.0.3.216',
    ],
    ['another header', { forwarded: 'for=203.0.113.9', 'x-real-ip': '203.0.113.9' }, PROXY],
  ])('with %s in X-Forwarded-For', async (_, given, address) => {
    const headers = typeof given === 'string' ? { 'x-forwarded-for': given } : given;
    expect(await recorded(PROXY, headers)).toBe(address);
    // And before anybody else it is no more than a claim.
    expect(await recorded(NO_PROXY, headers)).toBe(NO_PROXY);
  });

  it('is whose budget is spent', async () => {
    const statuses: number[] = [];
    for (const client of ['203.0.113.50', '203.0.113.50', '203.0.113.50', '203.0.113.50', '203.0.113.51']) {
      statuses.push((await ask(PROXY, { 'x-forwarded-for': client })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 401]);
  });

  it('counts with its whole /64 if it is IPv6', async () => {
    const statuses: number[] = [];
    for (const client of ['1:2::a', '1:2:3:4:5:6', '1:2:ffff::', '1:2::d', '1:3::a']) {
      statuses.push((await ask(PROXY, { 'x-forwarded-for': `2001:db8:${client}` })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 401]);
  });

  it('is that of the connection where the request could not be read', async () => {
    const reply = readReply(
      await exchange(
        landscape.gateway.url,
        'GET /writes HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 203.0.113.77\r\nx y: z\r\n\r\n',
        PROXY,
      ),
    );
    const { requestId } = JSON.parse(reply.body) as { requestId: string };
    expect(await recordsOf(landscape.gateway.dataDir, requestId)).toMatchObject([{ address: PROXY }]);
  });

  it('is known of CONNECT too', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.78', 'x-request-id': 'connect' };
    await exchange(
      landscape.gateway.url,
      requestBytes({ method: 'CONNECT', path: 'bank.example:443', headers }),
      PROXY,
    );
    expect(await recordsOf(landscape.gateway.dataDir, 'connect')).toMatchObject([
      { address: '203.0.113.78' },
    ]);
  });
});

it('believes a trusted proxy no host and no protocol', async () => {
  const claims = {
    'x-forwarded-for': '203.0.113.60',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-port': '443',
  };
  const foreign = await exchange(
    landscape.gateway.url,
    requestBytes({ path: ACTION_PATH, headers: { ...claims, origin: 'https://evil.example' }, body: '{}' }),
  );
  const { status, body } = readReply(foreign);
  expect([status, (JSON.parse(body) as { type: string }).type]).toEqual([
    403,
    `${landscape.gateway.url}/problems/cross-site-request`,
  ]);
  const pages = await Promise.all(
    ['/problems', '/docs', '/openapi.json'].map(async (path) =>
      exchange(
        landscape.gateway.url,
        requestBytes({ method: 'GET', path, headers: { ...claims, 'x-forwarded-for': '203.0.113.61' } }),
      ),
    ),
  );
  for (const page of pages) {
    expect(page).toMatch(/^HTTP\/1\.1 200 /);
    expect(page).not.toContain('evil.example');
    expect(page.toLowerCase()).not.toContain('strict-transport-security');
  }
});

describe('without trusted proxies', () => {
  let alone: Landscape;
  beforeAll(async () => {
    alone = await Landscape.start({ HOST: '::', RATE_LIMIT_PER_MINUTE: String(QUOTA) });
  });
  afterAll(() => alone.end());

  it('nobody gets another budget by another X-Forwarded-For, and a mapped address is written as IPv4', async () => {
    const statuses: number[] = [];
    for (let sent = 0; sent <= QUOTA; sent++) {
      const headers = { 'x-forwarded-for': `203.0.113.${sent}`, 'x-request-id': `alone-${sent}` };
      const bytes = requestBytes({ method: 'GET', path: '/writes', headers });
      statuses.push(readReply(await exchange(alone.gateway.url, bytes, NO_PROXY)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect(await recordsOf(alone.gateway.dataDir, 'alone-3')).toMatchObject([
      { problem: 'rate-limited', address: NO_PROXY },
    ]);
  });
});

it('stops at the start with what was expected if the setting is no list of addresses', async () => {
  const { code, output } = await refusedStart({ TRUSTED_PROXIES: 'proxy.example' });
  expect(code).toBe(1);
  expect(output).toContain(
    '- TRUSTED_PROXIES must be IP addresses and CIDR blocks, such as 10.0.0.5,10.1.0.0/16,fd00::/8; not /0',
  );
});
