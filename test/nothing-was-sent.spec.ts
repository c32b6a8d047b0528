import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { recordsOf } from './support/audit-records.js';
import { ACTION_PATH, HANDOFF_PATH, Landscape, aHandoffUpdate } from './support/landscape.js';

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
