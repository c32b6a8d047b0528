import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordsOf } from './support/audit-records.js';
import { REQUIRED, checkedConfig, freePort } from './support/gateway.js';
import { Landscape } from './support/landscape.js';
import { exchange, readReply, requestBytes, type RawReply, type RawRequest } from './support/raw-exchange.js';
import { Scrapes } from './support/scrape.js';

const SCRIPT = '/assets/index-Dk3f.js';
const FILES = { '/': '<!doctype html><title>Frontend</title>', [SCRIPT]: 'start();', '/icon.svg': '<svg/>' };
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
const NOTHING_POLICY = "default-src 'none'; frame-ancestors 'none'";
const PER_MINUTE = 6;

const directory = mkdtempSync(join(tmpdir(), 'surehand-frontend-'));
mkdirSync(join(directory, 'assets'));
for (const [path, content] of Object.entries(FILES))
  writeFileSync(join(directory, path === '/' ? 'index.html' : path), content);

let landscape: Landscape;
let metrics: Scrapes;
beforeAll(async () => {
  metrics = new Scrapes(await freePort());
  landscape = await Landscape.start({
    FRONTEND_DIR: directory,
    METRICS_PORT: String(metrics.port),
    RATE_LIMIT_PER_MINUTE: String(PER_MINUTE),
  });
});
afterAll(async () => {
  await landscape.end();
  rmSync(directory, { recursive: true });
});

async function send(request: RawRequest): Promise<RawReply> {
  return readReply(await exchange(landscape.gateway.url, requestBytes({ method: 'GET', ...request })));
}

describe('a frontend that the gateway serves', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', 'no-cache', PAGE_POLICY],
    [SCRIPT, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable', NOTHING_POLICY],
    ['/icon.svg', 'image/svg+xml', 'no-cache', NOTHING_POLICY],
  ])('is there: %s', async (path, mediaType, caching, policy) => {
    const { status, body, headers } = await send({ path });
    expect([status, body]).toEqual([200, FILES[path as keyof typeof FILES]]);
    expect(headers).toMatchObject({
      'content-type': mediaType,
      'content-length': String(body.length),
      'cache-control': caching,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-request-id': expect.any(String) as string,
    });
  });

  it.each(Object.keys(FILES))('tells by HEAD what GET would send: %s', async (path) => {
    const [head, get] = await Promise.all([send({ method: 'HEAD', path }), send({ path })]);
    const kept = ({ headers }: RawReply): object => ({ ...headers, 'x-request-id': '', date: '' });
    expect([head.status, head.body, kept(head)]).toEqual([200, '', kept(get)]);
  });

  it.each([
    ['/index.html', 404],
    ['/assets', 404],
    ['/assets/', 404],
    [`${SCRIPT}/`, 404],
    [SCRIPT.toUpperCase(), 404],
    ['/assets/../index.html', 404],
    ['/assets/%2e%2e/index.html', 404],
    ['/assets/..%2findex.html', 404],
    ['/../../etc/passwd', 404],
    ['/%2e%2e/%2e%2e/etc/passwd', 404],
    ['//etc/passwd', 404],
    ['/assets/%00', 404],
    ['/assets/%zz', 400],
  ])('is nowhere else: %s', async (path, status) => {
    const { headers, ...reply } = await send({ path });
    expect([reply.status, headers['content-type']]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
  });

  it('may be asked with any query, which means nothing', async () => {
    expect(await send({ path: '/?lang=en' })).toMatchObject({ status: 200, body: FILES['/'] });
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('cannot be changed: %s', async (method) => {
    const { status, headers } = await send({ method, path: SCRIPT });
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('takes no body', async () => {
    expect((await send({ path: '/', body: 'x' })).status).toBe(400);
  });

  it.each<[what: string, status: number, headers: Record<string, string>]>([
    ['followed from there', 200, { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }],
    ['in a frame there', 403, { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    ['read by a script there', 403, { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }],
  ])('is kept from pages of other sites, a link aside: %s', async (_, status, headers) => {
    const reply = await send({ path: '/', headers: { 'sec-fetch-site': 'cross-site', ...headers } });
    expect(reply.status).toBe(status);
  });

  it('takes nothing from the budget of whoever opens it', async () => {
    const left = async (): Promise<number> =>
      Number(/r=(\d+)/.exec((await send({ path: '/problems' })).headers['ratelimit'] ?? '')?.[1]);
    const before = await left();
    for (let time = 0; time <= PER_MINUTE; time++) expect((await send({ path: SCRIPT })).status).toBe(200);
    expect(await left()).toBe(before - 1);
  });

  it('is one figure, and one name in the log, whatever its files are called', async () => {
    await send({ path: SCRIPT });
    const labels = [...(await metrics.series()).keys()].join('\n');
    expect(labels).toContain('route="/{file}"');
    expect(labels).not.toContain('Dk3f');
    const told = landscape.gateway.log.filter((line) => line.includes('"Request"')).join('\n');
    expect(told).toContain('"route":"/{file}"');
    expect(told).not.toContain('Dk3f');
  });

  it('leaves a record of what it refuses, and none of what it serves', async () => {
    const refused = 'a-frontend-refusal';
    await send({ path: '/', headers: { 'x-request-id': 'a-frontend-page' } });
    await send({ method: 'PUT', path: '/', headers: { 'x-request-id': refused } });
    const records = await recordsOf(landscape.gateway.dataDir, refused);
    expect(records).toMatchObject([{ kind: 'refusal', problem: 'method-not-allowed' }]);
    expect(await recordsOf(landscape.gateway.dataDir, 'a-frontend-page', 0)).toEqual([]);
  });

  it('does not hide a path of the gateway', async () => {
    const { status, headers } = await send({ path: '/docs' });
    expect([status, headers['content-security-policy']]).toEqual([
      200,
      expect.stringContaining("script-src 'self'"),
    ]);
  });
});

describe('a gateway without FRONTEND_DIR', () => {
  it('has nothing at /', async () => {
    const plain = await Landscape.start();
    expect((await plain.call('/', { method: 'GET', token: null })).status).toBe(404);
    await plain.end();
  });
});

describe('a frontend that cannot be served', () => {
  it('is refused before anything is started, and the message says why', async () => {
    const { code, stderr } = await checkedConfig({
      ...REQUIRED,
      FRONTEND_DIR: join(directory, 'assets'),
    });
    expect([code, stderr]).toEqual([
      1,
      'The configuration has 1 problem(s):\n  - FRONTEND_DIR must be a built frontend: it has no index.html\n',
    ]);
  });
});
