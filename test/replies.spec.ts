import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { recordsOf } from './support/audit-records.js';
import { DOCUMENTED_REPLY, Landscape, UPDATED_HANDOFF } from './support/landscape.js';
import { WRITES, operate } from './support/operations.js';
import { json, raw, type Script } from './support/scripted-upstream.js';

/** In everything that an upstream says beside documented messages: none of it may reach a client. */
const INTERNAL = 'internal-4711';
const HEADERS = {
  server: `WebLogic ${INTERNAL}`,
  'set-cookie': `JSESSIONID=${INTERNAL}`,
  'x-host': `db1.${INTERNAL}`,
  'www-authenticate': `Basic realm="${INTERNAL}"`,
  'retry-after': '4711',
  'access-control-allow-origin': `http://${INTERNAL}`,
  warning: `199 ${INTERNAL} "x"`,
};
const PAGE = `<html><pre>java.lang.NullPointerException at ${INTERNAL}</pre></html>`;

const SOAK = process.env['SUREHAND_SOAK'] !== undefined;
/** A reply that drips for so long; it is given up at the deadline. Milliseconds. */
const DEADLINE_MS = SOAK ? 10_000 : 600;
const DRIPPED_MS = SOAK ? 30_000 : 1_500;
const BUSY_MS = 500;

const truncated: Script = (_call, response) => {
  response.writeHead(200, { ...HEADERS, 'content-type': 'application/json', 'content-length': '5000' });
  response.write(`{"x":"${INTERNAL}"`, () => response.destroy());
};
/** A success of either system, but for its 2 MiB. */
const TOO_LONG = JSON.stringify({
  ...DOCUMENTED_REPLY,
  ...UPDATED_HANDOFF,
  data: { [INTERNAL]: 'x'.repeat(2_097_152) },
});
/** Its size is not known before. */
const inChunks: Script = (_call, response) => {
  response.writeHead(200, { ...HEADERS, 'content-type': 'application/json' }).end(TOO_LONG);
};
const byLength: Script = (_call, response) => {
  const length = { 'content-length': Buffer.byteLength(TOO_LONG) };
  response.writeHead(200, { ...HEADERS, ...length, 'content-type': 'application/json' }).end(TOO_LONG);
};
const dripped: Script = (_call, response) => {
  response.writeHead(200, { ...HEADERS, 'content-type': 'application/json' });
  const drip = setInterval(() => response.write(' '), 50);
  const end = setTimeout(() => response.end('{}'), DRIPPED_MS);
  response.once('close', () => {
    clearInterval(drip);
    clearTimeout(end);
  });
};

let redirectedTo = '';
const redirect =
  (status: number): Script =>
  (call, response, request) => {
    json(status, { x: INTERNAL }, { ...HEADERS, location: redirectedTo })(call, response, request);
  };

/** What the upstream answers to a write, and what its client is told. */
const ROWS: readonly (readonly [what: string, script: Script, status: number, code: string])[] = [
  ...[500, 502, 503, 504, 507].map(
    (status) => [`${status}`, json(status, { x: INTERNAL }, HEADERS), 502, 'upstream-error'] as const,
  ),
  ['500 with a page', raw(500, PAGE), 502, 'upstream-error'],
  ['429 with Retry-After', json(429, { x: INTERNAL }, HEADERS), 503, 'upstream-busy'],
  ...[402, 408, 409, 410, 412, 422, 423, 451].map(
    (status) => [`${status}`, json(status, { x: INTERNAL }, HEADERS), 422, 'upstream-rejected'] as const,
  ),
  ...[300, 301, 302, 303, 307, 308].map(
    (status) => [`a redirect, ${status}`, redirect(status), 502, 'upstream-error'] as const,
  ),
  ['200 with a page', raw(200, PAGE), 502, 'upstream-bad-response'],
  ['200 in XML', raw(200, `<a>${INTERNAL}</a>`, 'application/xml'), 502, 'upstream-bad-response'],
  ['a truncated reply', truncated, 502, 'upstream-bad-response'],
  ['2 MiB in chunks', inChunks, 502, 'upstream-bad-response'],
  ['2 MiB by length', byLength, 502, 'upstream-bad-response'],
  ['a reply that drips for longer than the deadline', dripped, 504, 'upstream-timeout'],
];

const OUTCOMES: Readonly<Record<string, string>> = {
  'upstream-busy': 'rejected',
  'upstream-rejected': 'rejected',
};

describe('to a write, a reply of', () => {
  let landscape: Landscape;
  let visitors = 0;
  const target = createServer((socket) => {
    visitors++;
    socket.destroy();
  });
  beforeAll(async () => {
    target.listen(0, '127.0.0.1');
    await once(target, 'listening');
    redirectedTo = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;
    landscape = await Landscape.start({
      HANDOFF_TIMEOUT_MS: String(DEADLINE_MS),
      BILLING_CARE_TIMEOUT_MS: String(DEADLINE_MS),
      // Most of these count as failures of the upstream.
      HANDOFF_CIRCUIT_BREAKER: 'off',
      BILLING_CARE_CIRCUIT_BREAKER: 'off',
      SETTLE_WINDOW_MS: '600000',
      LOG_LEVEL: 'silent',
    });
  });
  afterAll(async () => {
    await landscape.end();
    target.close();
  });

  it.each(ROWS)(
    '%s is asked for once, and told without a word of it',
    async (_what, script, status, code) => {
      landscape.lending.play(script);
      landscape.billing.play(script);
      const token = await landscape.issuer.token();
      await Promise.all(
        WRITES.map(async (operation) => {
          const begun = performance.now();
          const reply = await operate(landscape, operation, { token });
          const text = await reply.text();
          const tookMs = performance.now() - begun;
          const problem = JSON.parse(text) as Record<string, unknown>;
          const outcome = OUTCOMES[code] ?? 'unknown';
          expect({
            operation: operation.name,
            status: reply.status,
            code: problem['code'],
            outcome: problem['outcome'],
          }).toEqual({ operation: operation.name, status, code, outcome });
          expect(reply.headers.get('retry-after')).toBe(status === 503 ? '5' : null);
          expect(text + JSON.stringify([...reply.headers])).not.toMatch(
            /internal-4711|WebLogic|JSESSIONID|NullPointer/,
          );
          expect(tookMs).toBeLessThan(DEADLINE_MS + 100 + BUSY_MS);
          expect(await recordsOf(landscape.gateway.dataDir, String(problem['requestId']), 2)).toMatchObject([
            { kind: 'intent' },
            { kind: 'outcome', outcome, problem: code },
          ]);
        }),
      );
      const systems = Object.groupBy(WRITES, ({ system }) => system);
      expect([landscape.lending.calls.length, landscape.billing.calls.length]).toEqual([
        systems.lending?.length,
        systems.billing?.length,
      ]);
      expect(visitors).toBe(0);
    },
  );
});
