import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { recordsOf } from './support/audit-records.js';
import { freePort } from './support/gateway.js';
import { ACTION_PATH, HANDOFF_PATH, Landscape, aHandoffUpdate } from './support/landscape.js';
import { OPERATIONS, operate } from './support/operations.js';

describe('a write of which provably nothing was sent', () => {
  let landscape: Landscape;
  let plain: Server;
  let connections = 0;

  beforeAll(async () => {
    plain = createServer((socket) => {
      connections++;
      socket.on('error', () => undefined).end('this is not TLS');
    }).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    landscape = await Landscape.start({
      HANDOFF_BASE_URL: `https://127.0.0.1:${(plain.address() as AddressInfo).port}`,
      BILLING_CARE_BASE_URL: 'http://nothing.invalid/bcws/webresources/v1.0',
    });
  });
  afterAll(async () => {
    await landscape.end();
    plain.close();
  });

  it('is tried three times', async () => {
    connections = 0;
    await landscape.call(HANDOFF_PATH, { body: aHandoffUpdate() });
    expect(connections).toBe(3);
  });

  it.each([
    ['an upstream without TLS', HANDOFF_PATH, aHandoffUpdate()],
    ['an upstream without an address', ACTION_PATH, { scheduledDate: '2021-02-14' }],
  ])('is not applied, and may be tried again: %s', async (_, path, body) => {
    for (let attempt = 0; attempt < 2; attempt++) {
      const reply = await landscape.call(path, { body });
      expect(reply.status).toBe(503);
      const problem = (await reply.json()) as Record<string, unknown>;
      expect(problem).toMatchObject({
        code: 'upstream-unavailable',
        outcome: 'not-applied',
        retryable: true,
      });
      expect(await recordsOf(landscape.gateway.dataDir, String(problem['requestId']), 2)).toMatchObject([
        { kind: 'intent' },
        { kind: 'outcome', outcome: 'not-applied', upstreamStatus: null },
      ]);
    }
  });

  it('is not tried again by everybody: a fifth of what is sent there, and three times at least', async () => {
    connections = 0;
    const calls = 12;
    for (let made = 0; made < calls; made++) await landscape.call(HANDOFF_PATH, { body: aHandoffUpdate() });
    // Three of the repetitions were the first call's and those of the write before.
    expect(connections).toBeGreaterThanOrEqual(calls);
    expect(connections).toBeLessThanOrEqual(calls + 1);
  });
});

/** undici's own account of a connection that could not be made: nodejs.org/api/diagnostics_channel.html. */
const COUNT_ATTEMPTS = `
  import { subscribe } from 'node:diagnostics_channel';
  subscribe('undici:client:connectError', ({ error }) => console.log('no connection:', error.code));`;

describe('an upstream to which no connection can be made', () => {
  const TIMEOUT_MS = 1_500;
  const CONNECT_TIMEOUT_MS = 300;
  /** Beside the 100 ms that the gateway may add. */
  const BUSY_MS = 400;
  let broken: Server;

  beforeAll(async () => {
    broken = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(broken, 'listening');
  });
  afterAll(() => {
    broken.close();
  });

  /** Breaks off every handshake, or leaves it unanswered. */
  function tls(how: 'reset' | 'silence'): string {
    broken.removeAllListeners('connection').on('connection', (socket: Socket) => {
      socket.on('error', () => undefined);
      if (how === 'reset') socket.once('data', () => socket.resetAndDestroy());
    });
    return `https://127.0.0.1:${(broken.address() as AddressInfo).port}`;
  }

  it.each<[string, () => string | Promise<string>]>([
    ['that refuses it', async () => `http://127.0.0.1:${await freePort()}`],
    ['without an address', () => 'http://nothing.invalid'],
    ['that breaks off TLS', () => tls('reset')],
    ['that does not answer in TLS', () => tls('silence')],
  ])('%s is tried three times at most, within the deadline', async (what, url) => {
    const origin = await url();
    const landscape = await Landscape.start({
      HANDOFF_BASE_URL: origin,
      BILLING_CARE_BASE_URL: `${origin}/bcws/webresources/v1.0`,
      HANDOFF_TIMEOUT_MS: String(TIMEOUT_MS),
      BILLING_CARE_TIMEOUT_MS: String(TIMEOUT_MS),
      HANDOFF_CONNECT_TIMEOUT_MS: String(CONNECT_TIMEOUT_MS),
      BILLING_CARE_CONNECT_TIMEOUT_MS: String(CONNECT_TIMEOUT_MS),
      HANDOFF_CIRCUIT_BREAKER: 'off',
      BILLING_CARE_CIRCUIT_BREAKER: 'off',
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(COUNT_ATTEMPTS)}`,
    });
    try {
      const token = await landscape.issuer.token();
      await Promise.all(
        OPERATIONS.map(async (operation) => {
          const begun = performance.now();
          const reply = await operate(landscape, operation, { token });
          const tookMs = performance.now() - begun;
          const problem = (await reply.json()) as Record<string, unknown>;
          expect(problem).toMatchObject({ status: 503, code: 'upstream-unavailable' });
          if (operation.method !== 'GET') expect(problem['outcome']).toBe('not-applied');
          expect(tookMs).toBeLessThan(TIMEOUT_MS + 100 + BUSY_MS);
        }),
      );
      const attempts = landscape.gateway.log.filter((line) => line.startsWith('no connection:')).length;
      process.stdout.write(`an upstream ${what}: ${attempts} attempts for ${OPERATIONS.length} calls\n`);
      expect(attempts).toBeGreaterThan(0);
      expect(attempts).toBeLessThanOrEqual(3 * OPERATIONS.length);
    } finally {
      await landscape.end();
    }
  });
});
