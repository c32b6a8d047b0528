import { recordsOf } from './support/audit-records.js';
import { freePort } from './support/gateway.js';
import {
  ACTION_ID,
  ACTION_PATH,
  DOCUMENTED_REPLY,
  HANDOFF_PATH,
  Landscape,
  UPDATED_HANDOFF,
  aHandoffUpdate,
  actionPath,
  handoffPath,
} from './support/landscape.js';
import { WRITES, operate, upstreamOf, type Operation } from './support/operations.js';
import { hang, json, raw, reset, type Script, type ScriptedUpstream } from './support/scripted-upstream.js';

/** What the client of a write is told, and what the trail says of it. */
type Expected = readonly [status: number, code: string, outcome: string];
type Row = readonly [what: string, script: Script, expected: Expected];

const FAILURE = {
  data: null,
  messages: { status: 'FAILURE', codes: [{ code: 'XXX-COM-001', desc: 'Record does not exist', type: 'E' }] },
};
const NOT_FOUND = {
  data: null,
  messages: { status: 'FAILURE', codes: [{ code: 'XXX-NOT-001', type: 'E' }] },
};
const OVERRIDE = { data: {}, messages: { status: 'WARNING', codes: [{ Code: 'XXX-OVR-01', Type: 'O' }] } };
const STACK_TRACE =
  '<html><body><pre>java.lang.NullPointerException at com.example.internal.db1</pre></body></html>';

/** What either system could mean as a success, but for 1,200 levels. */
const NEST = `${'[{"a":'.repeat(600)}1${'}]'.repeat(600)}`;
const TOO_DEEP = `{"actionId":{"id":"x"},"actionStatus":1,"extension":{"a":${NEST}},"data":{"a":${NEST}},"messages":{"status":"SUCCESS"}}`;

const truncated: Script = (_call, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
  response.write('{"actionId":', () => response.destroy());
};
const huge: Script = (_call, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(`"${'x'.repeat(1_100_000)}"`);
};
const dripped: Script = (_call, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 50);
  response.once('close', () => {
    clearInterval(timer);
  });
};

const TIMEOUT_MS = 1_000;

describe('how a write ends', () => {
  let landscape: Landscape;
  beforeAll(async () => {
    landscape = await Landscape.start({
      HANDOFF_TIMEOUT_MS: String(TIMEOUT_MS),
      BILLING_CARE_TIMEOUT_MS: String(TIMEOUT_MS),
      HANDOFF_NOT_FOUND_CODES: 'XXX-NOT-001',
    });
  });
  afterAll(() => landscape.end());

  /** Every write: what its upstream answers, and how it ends. */
  const any: readonly Row[] = [
    ['400', json(400, {}), [400, 'upstream-rejected', 'rejected']],
    ['403', json(403, {}), [403, 'upstream-forbidden', 'rejected']],
    ['404', json(404, {}), [404, 'upstream-not-found', 'rejected']],
    ['405, "invalid input"', json(405, {}), [422, 'upstream-rejected', 'rejected']],
    ['409', json(409, {}), [422, 'upstream-rejected', 'rejected']],
    ['429', json(429, {}), [503, 'upstream-busy', 'rejected']],
    ['500', json(500, {}), [502, 'upstream-error', 'unknown']],
    ['500 with an HTML page', raw(500, STACK_TRACE), [502, 'upstream-error', 'unknown']],
    ['503', json(503, {}), [502, 'upstream-error', 'unknown']],
    ['a redirect', json(302, {}, { location: 'http://127.0.0.1:1/' }), [502, 'upstream-error', 'unknown']],
    ['200 with an HTML page', raw(200, STACK_TRACE), [502, 'upstream-bad-response', 'unknown']],
    ['200 with nothing', raw(200, ''), [502, 'upstream-bad-response', 'unknown']],
    ['202 with nothing', raw(202, ''), [502, 'upstream-bad-response', 'unknown']],
    ['200 with an error object', json(200, { errorCode: 'x' }), [502, 'upstream-bad-response', 'unknown']],
    ['a truncated reply', truncated, [502, 'upstream-bad-response', 'unknown']],
    ['more than 1 MiB', huge, [502, 'upstream-bad-response', 'unknown']],
    ['a reset connection', reset, [502, 'upstream-bad-response', 'unknown']],
  ];
  /** These take the whole deadline. */
  const slow: readonly Row[] = [
    ['silence', hang, [504, 'upstream-timeout', 'unknown']],
    ['a reply that never ends', dripped, [504, 'upstream-timeout', 'unknown']],
  ];
  const withBody: readonly Row[] = [
    ['204', raw(204, ''), [502, 'upstream-bad-response', 'unknown']],
    ['a reply that is nested too deep', raw(200, TOO_DEEP), [502, 'upstream-bad-response', 'unknown']],
  ];
  const ofSystem: Readonly<Record<string, readonly Row[]>> = {
    lending: [
      ['FAILURE inside 200', json(200, FAILURE), [422, 'upstream-rejected', 'rejected']],
      ['FAILURE inside 500', json(500, FAILURE), [422, 'upstream-rejected', 'rejected']],
      ['FAILURE inside 404', json(404, FAILURE), [404, 'upstream-not-found', 'rejected']],
      ['a code that means "not found"', json(200, NOT_FOUND), [404, 'upstream-not-found', 'rejected']],
      ['an override that is needed', json(200, OVERRIDE), [409, 'override-required', 'rejected']],
      ['401', json(401, {}), [502, 'upstream-credentials-refused', 'rejected']],
    ],
    billing: [['401', json(401, {}), [403, 'upstream-forbidden', 'rejected']]],
  };

  const rows = WRITES.flatMap((operation) =>
    [...any, ...(operation.status === 204 ? [] : withBody), ...(ofSystem[operation.system] ?? [])].map(
      ([what, script, expected]) => [operation.name, what, operation, script, expected] as const,
    ),
  );
  async function expectEnd(operation: Operation, [status, code, outcome]: Expected): Promise<void> {
    const reply = await operate(landscape, operation);
    const problem = (await reply.json()) as Record<string, unknown>;
    expect({ status: reply.status, code: problem['code'], outcome: problem['outcome'] }).toEqual({
      status,
      code,
      outcome,
    });
    expect(problem['operationId']).toBe(reply.headers.get('operation-id'));
    expect(JSON.stringify(problem)).not.toMatch(/NullPointer|127\.0\.0\.1:1\b/);

    const records = await recordsOf(landscape.gateway.dataDir, String(problem['requestId']), 2);
    expect(records).toMatchObject([
      { kind: 'intent', operationId: problem['operationId'] },
      { kind: 'outcome', operationId: problem['operationId'], outcome, problem: code, evidence: 'observed' },
    ]);
  }

  it.each(rows)('%s answers %s', async (_name, _what, operation, script, expected) => {
    const upstream = upstreamOf(landscape, operation);
    upstream.play(script);
    await expectEnd(operation, expected);
    expect(upstream.calls).toHaveLength(1);
  });

  it.each(slow)('every write answers %s', async (_what, script, expected) => {
    const { lending, billing } = landscape;
    for (const upstream of [lending, billing]) upstream.play(script);
    await Promise.all(WRITES.map((operation) => expectEnd(operation, expected)));
    const sent = (upstream: ScriptedUpstream) => upstream.calls.map(({ method }) => method).sort();
    expect([sent(lending), sent(billing)]).toEqual([
      ['POST', 'PUT'],
      ['DELETE', 'POST', 'PUT'],
    ]);
  });

  it('says aloud what nobody knows, and what to do', async () => {
    landscape.billing.play(reset);
    expect(await (await rescheduleSomeAction()).json()).toMatchObject({
      outcome: 'unknown',
      retryable: false,
      detail: expect.stringContaining('not known yet') as string,
    });
  });

  /** Each of another resource: one whose outcome is unknown lets no other write near it. */
  let written = 0;
  const rescheduleSomeAction = (scheduledDate: unknown = '2021-02-14') =>
    landscape.call(actionPath(1_000_000 + ++written), { body: { scheduledDate } });
  const updateSomeHandoff = (headers: Record<string, string> = {}) => {
    const handoffRefNumber = `HO-X-${++written}`;
    return landscape.call(handoffPath(handoffRefNumber), {
      body: aHandoffUpdate({ handoffRefNumber }),
      headers,
    });
  };

  it("tells the upstream's own codes and texts, capped and without markup", async () => {
    landscape.lending.play(json(200, FAILURE));
    const reply = await updateSomeHandoff();
    expect(await reply.json()).toMatchObject({
      upstream: {
        system: 'lending',
        status: 200,
        messages: [{ code: 'XXX-COM-001', severity: 'E', text: 'Record does not exist' }],
      },
    });
  });

  it('answers within the deadline, and what a busy machine adds, when the upstream is silent', async () => {
    landscape.billing.play(hang);
    const begun = performance.now();
    await rescheduleSomeAction();
    expect(performance.now() - begun).toBeLessThan(TIMEOUT_MS + 500);
  });

  it('passes on digits that a double would lose', async () => {
    const body = JSON.stringify(UPDATED_HANDOFF).replace('"data":{}', '"data":{"loanId":9007199254740993}');
    landscape.lending.play(raw(200, body, 'application/json'));
    const asJson = await updateSomeHandoff();
    expect(await asJson.text()).toContain('"loanId":9007199254740993');
    const asXml = await updateSomeHandoff({ accept: 'application/xml' });
    expect(await asXml.text()).toContain('<loanId type="number">9007199254740993</loanId>');
  });

  it('sends a date as it came, whatever its form', async () => {
    for (const scheduledDate of ['2021-02-14', '2021-02-14T00:00:00+05:30', 1613241000000]) {
      landscape.billing.play(json(200, DOCUMENTED_REPLY));
      await rescheduleSomeAction(scheduledDate);
      expect(JSON.parse(landscape.billing.onlyCall.body)).toEqual({ scheduledDate });
    }
  });

  it('accepts the id of the path in the body, and never forwards a null', async () => {
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const body = { actionId: { id: ACTION_ID, uri: null }, scheduledDate: '2021-02-14', description: null };
    expect((await landscape.call(ACTION_PATH, { body })).status).toBe(200);
    expect(landscape.billing.onlyCall.body).toBe(
      `{"actionId":{"id":"${ACTION_ID}"},"scheduledDate":"2021-02-14"}`,
    );
  });
});

describe('an upstream that cannot be reached', () => {
  it('is answered 503, and the trail says that nothing was sent', async () => {
    const landscape = await Landscape.start({ HANDOFF_BASE_URL: `http://127.0.0.1:${await freePort()}` });
    try {
      const reply = await landscape.call(HANDOFF_PATH, { body: aHandoffUpdate() });
      expect(reply.status).toBe(503);
      expect(reply.headers.get('retry-after')).toBe('5');
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
    } finally {
      await landscape.end();
    }
  });
});
