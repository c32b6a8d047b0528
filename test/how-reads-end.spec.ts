import { recordsOf } from './support/audit-records.js';
import { freePort } from './support/gateway.js';
import { Landscape } from './support/landscape.js';
import { READS, freshResource, operate, upstreamOf, type Operation } from './support/operations.js';
import { hang, json, later, raw, reset, type Script } from './support/scripted-upstream.js';

/** What the client of a read is told, and how often the upstream was asked. */
type Expected = readonly [status: number, code: string, calls: number];
type Row = readonly [what: string, script: Script, expected: Expected];

const FAILURE = {
  data: null,
  messages: { status: 'FAILURE', codes: [{ code: 'XXX-COM-001', desc: 'Something is wrong', type: 'E' }] },
};
const NOT_FOUND = {
  data: null,
  messages: { status: 'FAILURE', codes: [{ code: 'XXX-NOT-001', type: 'E' }] },
};
const OVERRIDE = { data: {}, messages: { status: 'WARNING', codes: [{ Code: 'XXX-OVR-01', Type: 'O' }] } };

const ACTION = { actionId: { id: '0.0.0.1+-schedule+1', uri: null }, actionStatus: 0 };
/** What is gone when the same read is made again. */
const REPEATABLE = ['upstream-error', 'upstream-bad-response', 'upstream-timeout', 'upstream-busy'];

describe('how a read ends', () => {
  let landscape: Landscape;
  beforeAll(async () => {
    landscape = await Landscape.start({
      HANDOFF_TIMEOUT_MS: '1500',
      BILLING_CARE_TIMEOUT_MS: '1500',
      // Each of many reads is to be repeated, whatever else was.
      HANDOFF_CIRCUIT_BREAKER: 'off',
      BILLING_CARE_CIRCUIT_BREAKER: 'off',
      HANDOFF_NOT_FOUND_CODES: 'XXX-NOT-001',
    });
  });
  afterAll(() => landscape.end());

  const any: readonly Row[] = [
    ['400', json(400, {}), [400, 'upstream-rejected', 1]],
    ['403', json(403, {}), [403, 'upstream-forbidden', 1]],
    ['404', json(404, {}), [404, 'upstream-not-found', 1]],
    ['409', json(409, {}), [422, 'upstream-rejected', 1]],
    ['500', json(500, {}), [502, 'upstream-error', 1]],
    ['a redirect', json(302, {}, { location: 'http://127.0.0.1:1/' }), [502, 'upstream-error', 1]],
    ['200 with an HTML page', raw(200, '<html>'), [502, 'upstream-bad-response', 1]],
    ['204', raw(204, ''), [502, 'upstream-bad-response', 1]],
    ['a reset connection', reset, [502, 'upstream-bad-response', 1]],
    ['429, and again', json(429, {}), [503, 'upstream-busy', 3]],
    ['502, and again', json(502, {}), [502, 'upstream-error', 3]],
    ['503, and again', json(503, {}), [502, 'upstream-error', 3]],
    ['504, and again', json(504, {}), [502, 'upstream-error', 3]],
  ];
  const ofSystem: Readonly<Record<string, readonly Row[]>> = {
    lending: [
      ['401', json(401, {}), [502, 'upstream-credentials-refused', 1]],
      ['FAILURE inside 200', json(200, FAILURE), [422, 'upstream-rejected', 1]],
      ['a code that means "not found"', json(200, NOT_FOUND), [404, 'upstream-not-found', 1]],
      ['an override that is needed', json(200, OVERRIDE), [409, 'override-required', 1]],
    ],
    billing: [
      ['401', json(401, {}), [403, 'upstream-forbidden', 1]],
      ['an object', json(200, {}), [502, 'upstream-bad-response', 1]],
      ['a list of something else', json(200, [{ id: 1 }]), [502, 'upstream-bad-response', 1]],
      [
        'a list with one odd action',
        json(200, [ACTION, { ...ACTION, actionStatus: '0' }]),
        [502, 'upstream-bad-response', 1],
      ],
    ],
  };
  const rows = READS.flatMap((operation) =>
    [...any, ...(ofSystem[operation.system] ?? [])].map(
      ([what, script, expected]) => [operation.name, what, operation, script, expected] as const,
    ),
  );

  async function expectEnd(operation: Operation, [status, code]: Expected): Promise<void> {
    const resource = freshResource(operation);
    const reply = await operate(landscape, operation, { resource });
    const problem = (await reply.json()) as Record<string, unknown>;
    expect({ status: reply.status, code: problem['code'] }).toEqual({ status, code });
    expect(problem).not.toHaveProperty('outcome');
    expect(problem['retryable']).toBe(REPEATABLE.includes(code));
    expect(reply.headers.has('operation-id')).toBe(false);
    expect(await recordsOf(landscape.gateway.dataDir, String(problem['requestId']), 1)).toMatchObject([
      { kind: 'refusal', operation: operation.name, resource, problem: code },
    ]);
  }

  it.each(rows)('%s answers %s', async (_name, _what, operation, script, expected) => {
    const upstream = upstreamOf(landscape, operation);
    upstream.play(script);
    await expectEnd(operation, expected);
    expect(upstream.calls).toHaveLength(expected[2]);
    expect(upstream.calls.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('every one answers silence', async () => {
    const { lending, billing } = landscape;
    for (const upstream of [lending, billing]) upstream.play(hang);
    await Promise.all(READS.map((operation) => expectEnd(operation, [504, 'upstream-timeout', 1])));
    const calls = [...lending.calls, ...billing.calls];
    expect(calls.map(({ method }) => method)).toEqual(READS.map(() => 'GET'));
    expect(new Set(calls.map(({ url }) => url)).size).toBe(READS.length);
  });

  it.each(READS.map((operation) => ({ ...operation, operation })))(
    '$name goes on when the upstream comes back',
    async ({ operation, answer, reply }) => {
      const upstream = upstreamOf(landscape, operation);
      const scripts = [json(503, {}), json(429, {}), answer];
      upstream.play((...call) => scripts.shift()?.(...call));
      const answered = await operate(landscape, operation);
      expect([answered.status, await answered.json()]).toEqual([200, reply]);
      expect(upstream.calls).toHaveLength(3);
    },
  );

  it('asks again only while there is time', async () => {
    const [operation] = READS;
    if (operation === undefined) throw new Error('there is no read');
    landscape.lending.play(later(700, json(503, {})));
    const token = await landscape.issuer.token();
    const begun = performance.now();
    const reply = await operate(landscape, operation, { token });
    // Whether the second reply comes in time depends on the pause before it; a third call never does.
    expect([502, 504]).toContain(reply.status);
    // Three replies would take 2.1 s.
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(landscape.lending.calls).toHaveLength(2);
  });

  it('answers HEAD like GET, without a body', async () => {
    for (const operation of READS) {
      upstreamOf(landscape, operation).play(operation.answer);
      const get = await operate(landscape, operation);
      const head = await operate(landscape, { ...operation, method: 'GET' }, { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([200, '']);
      expect(head.headers.get('content-length')).toBe(String((await get.arrayBuffer()).byteLength));
    }
  });
});

it('answers 503 to a read whose upstream cannot be reached', async () => {
  const landscape = await Landscape.start({ HANDOFF_BASE_URL: `http://127.0.0.1:${await freePort()}` });
  try {
    const reply = await landscape.call('/clmo-handoff-services/service/v1/externalHandoff/HO1', {
      method: 'GET',
    });
    expect(reply.status).toBe(503);
    expect(await reply.json()).toMatchObject({ code: 'upstream-unavailable', retryable: true });
  } finally {
    await landscape.end();
  }
});
