import { setTimeout as sleep } from 'node:timers/promises';
import { ACTION_ID, ACTION_PATH, DOCUMENTED_REPLY, Landscape, handoffPath } from './support/landscape.js';
import { auditRecords, recordsOf } from './support/audit-records.js';
import { OPERATIONS, operate, upstreamOf } from './support/operations.js';
import { hang, json, reset, type Script } from './support/scripted-upstream.js';
import { TraceCollector, type ReceivedSpan } from './support/trace-collector.js';
import {
  TOKEN_SETTINGS,
  afterWithdrawal,
  bearerOf,
  issue,
  issuedTokens,
  otherCalls,
  withTokens,
} from './support/upstream-tokens.js';
import { verifier } from './support/verifier.js';

const ROUTE = '/bcws/webresources/v1.0/deferredactions/:id';
const RESCHEDULE = { scheduledDate: '2021-02-14' };
const CALLER = '00f067aa0ba902b7';

/** Tells of every module of the library that is loaded. Its API is so in any case: prom-client brings it. */
const TELL_MODULES = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => {
    if (/@opentelemetry.(?!api.)/.test(url)) console.error('{"message":"Loaded","url":' + JSON.stringify(url) + '}');
    return next(url, context);
  } });`)}`;

let collector: TraceCollector;
let silent: TraceCollector;
let elsewhere: TraceCollector;
let traced: Landscape;
let untraced: Landscape;
let unheard: Landscape;
beforeAll(async () => {
  [collector, silent, elsewhere] = await Promise.all([
    TraceCollector.start(),
    TraceCollector.start(),
    TraceCollector.start(),
  ]);
  silent.play(hang);
  [traced, untraced, unheard] = await Promise.all([
    Landscape.start({
      ...TOKEN_SETTINGS,
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/otlp/`,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20token-of-the-collector',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      // The library would read these by itself.
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-not-ours=1',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: elsewhere.url,
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_LOG_LEVEL: 'all',
      NODE_OPTIONS: `--import=${TELL_MODULES}`,
      HANDOFF_TIMEOUT_MS: '500',
      HANDOFF_MAX_IN_FLIGHT: '1',
    }),
    Landscape.start({ NODE_OPTIONS: `--import=${TELL_MODULES}` }),
    Landscape.start({
      OTEL_EXPORTER_OTLP_ENDPOINT: silent.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20token-of-the-collector',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
    }),
  ]);
  for (const { billing } of [traced, untraced, unheard])
    billing.play(withTokens(issue(), json(200, DOCUMENTED_REPLY)));
});
afterAll(() =>
  Promise.all([
    traced.end(),
    untraced.end(),
    unheard.end(),
    collector.close(),
    silent.close(),
    elsewhere.close(),
  ]),
);

let traces = 0;
/** The id of a trace that nobody has begun, and what its caller sends. */
function aTrace(flags = '01'): { traceId: string; traceparent: string } {
  const traceId = `4bf92f3577b34da6a3ce929d${(++traces).toString(16).padStart(8, '0')}`;
  return { traceId, traceparent: `00-${traceId}-${CALLER}-${flags}` };
}

let written = 0;
/** Changes an action; by default another one each time. */
function change(landscape: Landscape, headers: Record<string, string>, path?: string): Promise<Response> {
  const fresh = `${ACTION_PATH.replace(/\d+$/, '')}${7_000_000 + ++written}`;
  return landscape.call(path ?? fresh, { body: RESCHEDULE, headers });
}

function requestIdOf(reply: Response): string {
  return reply.headers.get('x-request-id') ?? '';
}

/** The line of the log on a request. */
async function lineOf({ gateway }: Landscape, requestId: string): Promise<Record<string, unknown>> {
  for (;;) {
    const line = gateway.log.find((text) => text.includes('"Request"') && text.includes(requestId));
    if (line !== undefined) return JSON.parse(line) as Record<string, unknown>;
    await sleep(10);
  }
}

function only(spans: readonly ReceivedSpan[], kind: ReceivedSpan['kind']): ReceivedSpan {
  const [span, ...more] = spans.filter((each) => each.kind === kind);
  if (span === undefined || more.length > 0) throw new Error(`there are ${more.length + 1} spans, or none`);
  return span;
}

describe('a write', () => {
  it('is one trace from its caller to its upstream, and in the trail and the log', async () => {
    const { traceId, traceparent } = aTrace();
    const reply = await change(traced, { traceparent, tracestate: 'rojo=1,,congo=2 ' });
    expect(reply.status).toBe(200);
    const spans = await collector.trace(traceId);
    const server = only(spans, 'server');
    const client = only(spans, 'client');
    expect(spans.map(({ kind, name, parentSpanId }) => [kind, name, parentSpanId])).toEqual([
      ['server', `PUT ${ROUTE}`, CALLER],
      ['internal', 'audit intent', server.spanId],
      ['client', 'PUT deferred-action.modify', server.spanId],
      ['internal', 'audit outcome', server.spanId],
    ]);
    expect(server).toMatchObject({
      failed: false,
      attributes: {
        'http.request.method': 'PUT',
        'http.route': ROUTE,
        'http.response.status_code': 200,
        'url.scheme': 'http',
        'surehand.operation': 'deferred-action.modify',
        'surehand.outcome': 'applied',
      },
    });
    const { hostname, port } = new URL(traced.billing.url);
    expect(client).toMatchObject({
      failed: false,
      attributes: {
        'http.request.method': 'PUT',
        'http.response.status_code': 200,
        'server.address': hostname,
        'server.port': Number(port),
      },
    });
    // Each within the first, one after the other.
    expect(spans.slice(1).every(({ begun, ended }) => begun >= server.begun && ended <= server.ended)).toBe(
      true,
    );
    expect(spans.slice(1).flatMap(({ begun, ended }) => [begun, ended])).toEqual(
      spans
        .slice(1)
        .flatMap(({ begun, ended }) => [begun, ended])
        .sort((one, other) => Number(one - other)),
    );

    const { headers } = otherCalls(traced.billing).at(-1) ?? { headers: {} };
    expect(headers).toMatchObject({
      traceparent: `00-${traceId}-${client.spanId}-01`,
      tracestate: 'rojo=1,congo=2',
    });
    expect(await recordsOf(traced.gateway.dataDir, requestIdOf(reply), 2)).toMatchObject([
      { kind: 'intent', traceId },
      { kind: 'outcome', traceId },
    ]);
    expect(await lineOf(traced, requestIdOf(reply))).toMatchObject({ traceId });
  });

  it('that is sent a second time, with a new token, has a span for each attempt', async () => {
    const { traceId, traceparent } = aTrace();
    traced.billing.play(withTokens(issue(), afterWithdrawal(json(200, DOCUMENTED_REPLY))));
    const reply = await change(traced, { traceparent });
    expect(reply.status).toBe(200);
    const spans = await collector.trace(traceId);
    expect(spans.map(({ name }) => name)).toEqual([
      `PUT ${ROUTE}`,
      'audit intent',
      'PUT deferred-action.modify',
      'audit attempt',
      'PUT deferred-action.modify',
      'audit outcome',
    ]);
    const [first, second] = spans.filter(({ kind }) => kind === 'client');
    expect(first).toMatchObject({
      failed: true,
      attributes: { 'http.response.status_code': 401, 'error.type': '401' },
    });
    expect(first?.attributes).not.toHaveProperty(['http.request.resend_count']);
    expect(second).toMatchObject({
      failed: false,
      attributes: { 'http.response.status_code': 200, 'http.request.resend_count': 1 },
    });
    const sent = otherCalls(traced.billing).map(({ headers }) => headers['traceparent']);
    expect(sent).toEqual([first, second].map((span) => `00-${traceId}-${span?.spanId ?? ''}-01`));
    expect(await recordsOf(traced.gateway.dataDir, requestIdOf(reply), 3)).toMatchObject([
      { kind: 'intent', traceId },
      { kind: 'attempt', traceId },
      { kind: 'outcome', traceId },
    ]);
  });

  it.each<[string, Script, object, object]>([
    [
      'the upstream refused',
      json(404, {}),
      {
        failed: false,
        attributes: { 'http.response.status_code': 404, 'surehand.problem': 'upstream-not-found' },
      },
      { failed: true, attributes: { 'http.response.status_code': 404, 'error.type': '404' } },
    ],
    [
      'the upstream broke off',
      reset,
      { failed: true, attributes: { 'error.type': 'upstream-bad-response', 'surehand.outcome': 'unknown' } },
      { failed: true, attributes: { 'error.type': 'lost:broken' } },
    ],
    [
      'the upstream did not answer',
      hang,
      { failed: true, attributes: { 'http.response.status_code': 504, 'error.type': 'upstream-timeout' } },
      { failed: true, attributes: { 'error.type': 'lost:timeout' } },
    ],
  ])('says how it ended that %s', async (_what, script, ofServer, ofClient) => {
    const { traceId, traceparent } = aTrace();
    traced.lending.play(withTokens(issue(), script));
    const reference = `HO-${++written}`;
    const body = { handoffRefNumber: reference, handoffStatus: 'SUCCESS' };
    await traced.call(handoffPath(reference), { body, headers: { traceparent } });
    const spans = await collector.trace(traceId);
    expect(only(spans, 'server')).toMatchObject(ofServer);
    expect(only(spans, 'client')).toMatchObject(ofClient);
  });
});

it('what is shed is in no trace', async () => {
  traced.lending.play(withTokens(issue(), hang));
  const [first, shed] = [aTrace(), aTrace()];
  const update = ({ traceparent }: typeof first): Promise<Response> => {
    const handoffRefNumber = `HO-${++written}`;
    const body = { handoffRefNumber, handoffStatus: 'SUCCESS' };
    return traced.call(handoffPath(handoffRefNumber), { body, headers: { traceparent } });
  };
  const taken = update(first);
  while (otherCalls(traced.lending).length === 0) await sleep(5);
  expect(await (await update(shed)).json()).toMatchObject({ status: 503, code: 'overloaded' });
  expect((await taken).status).toBe(504);
  await collector.trace(first.traceId);
  expect(collector.text).not.toContain(shed.traceId);
});

it('a read that is asked again has a span for each attempt', async () => {
  const { traceId, traceparent } = aTrace();
  traced.billing.play(
    withTokens(issue(), (call, ...rest) => {
      json(otherCalls(traced.billing)[0] === call ? 503 : 200, [])(call, ...rest);
    }),
  );
  const path = '/bcws/webresources/v1.0/deferredactions/account/0.0.0.1+-account+123123';
  const reply = await traced.call(path, { method: 'GET', headers: { traceparent } });
  expect(reply.status).toBe(200);
  const calls = (await collector.trace(traceId)).filter(({ kind }) => kind === 'client');
  expect(calls).toMatchObject([
    { name: 'GET deferred-action.list', attributes: { 'error.type': '503' } },
    { name: 'GET deferred-action.list', attributes: { 'http.request.resend_count': 1 } },
  ]);
  expect(await recordsOf(traced.gateway.dataDir, requestIdOf(reply))).toMatchObject([
    { kind: 'access', traceId },
  ]);
});

describe('of a traceparent', () => {
  const { traceId } = aTrace();
  it.each([
    ['of version ff', `ff-${traceId}-${CALLER}-01`],
    ['without a trace', `00-${'0'.repeat(32)}-${CALLER}-01`],
    ['without a span', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['in upper case', `00-${traceId.toUpperCase()}-${CALLER}-01`],
    ['with more than its version has', `00-${traceId}-${CALLER}-01-more`],
    ['cut short', `00-${traceId}-${CALLER}`],
    ['given twice', `00-${traceId}-${CALLER}-01, 00-${traceId}-${CALLER}-01`],
    ['that is anything else', 'Bearer 4bf92f35'],
  ])('%s nothing is believed, and the request goes on in a trace of its own', async (_what, traceparent) => {
    traced.billing.play(withTokens(issue(), json(200, DOCUMENTED_REPLY)));
    const headers = { traceparent, tracestate: 'rojo=1' };
    const reply = await change(traced, headers);
    expect(reply.status).toBe(200);
    const [intent] = await recordsOf(traced.gateway.dataDir, requestIdOf(reply), 2);
    const own = String(intent?.['traceId']);
    expect(own).toMatch(/^[0-9a-f]{32}$/);
    expect(own).not.toBe(traceId);
    const sent = otherCalls(traced.billing).at(-1)?.headers ?? {};
    expect(sent['traceparent']).toContain(own);
    expect(sent).not.toHaveProperty('tracestate');

    const alsoWhenOff = await change(untraced, headers);
    expect(alsoWhenOff.status).toBe(200);
    for (const record of await recordsOf(untraced.gateway.dataDir, requestIdOf(alsoWhenOff), 2))
      expect(record).not.toHaveProperty('traceId');
  });

  it('of a later version the beginning is read, and this one is sent on', async () => {
    const { traceId: known } = aTrace();
    await change(traced, { traceparent: `cc-${known}-${CALLER}-03-what-the-future-will-be-like` });
    expect(only(await collector.trace(known), 'server').parentSpanId).toBe(CALLER);
    expect(otherCalls(traced.billing).at(-1)?.headers['traceparent']).toMatch(
      new RegExp(`^00-${known}-[0-9a-f]{16}-01$`),
    );
  });
});

it('a refused request has its span, and no word of its path', async () => {
  const { traceId, traceparent } = aTrace();
  const reply = await traced.call('/nothing-here/at-all?secret', { method: 'GET', headers: { traceparent } });
  expect(reply.status).toBe(404);
  expect(await collector.trace(traceId)).toMatchObject([
    { name: 'GET', failed: false, attributes: { 'surehand.problem': 'not-found' } },
  ]);
  expect(await recordsOf(traced.gateway.dataDir, requestIdOf(reply))).toMatchObject([
    { kind: 'refusal', traceId },
  ]);
  expect(collector.text).not.toContain('nothing-here');
});

it('a trace that its caller does not export is not exported here, but in the trail', async () => {
  const { traceId, traceparent } = aTrace('00');
  const reply = await change(traced, { traceparent });
  expect(await recordsOf(traced.gateway.dataDir, requestIdOf(reply), 2)).toMatchObject([
    { traceId },
    { traceId },
  ]);
  expect(otherCalls(traced.billing).at(-1)?.headers['traceparent']).toMatch(
    new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`),
  );
  const later = aTrace();
  await change(traced, later);
  await collector.trace(later.traceId);
  expect(collector.text).not.toContain(traceId);
});

it('nobody can be recognised in a span, and nothing that a request was about', async () => {
  const secrets = new Set<string>();
  const begun: string[] = [];
  for (const operation of OPERATIONS) {
    const { traceId, traceparent } = aTrace();
    const resource = operation.resource(987_654_321);
    const token = await traced.issuer.token({ sub: 'somebody-very-special' });
    const key = `"key-for-${operation.name}"`;
    upstreamOf(traced, operation).play(withTokens(issue(), operation.answer));
    const reply = await operate(traced, operation, {
      resource,
      token,
      headers: { traceparent, 'idempotency-key': key, 'user-agent': 'my-browser/1.0' },
    });
    const { url, headers } = otherCalls(upstreamOf(traced, operation)).at(-1) ?? { url: '', headers: {} };
    const paths = [operation.path(resource), url].filter((path) => path.includes('987654321'));
    const ids = [requestIdOf(reply), reply.headers.get('operation-id') ?? 'none'];
    for (const secret of [
      resource,
      token,
      key.slice(1, -1),
      ...paths,
      ...ids,
      bearerOf({ headers } as never),
    ])
      secrets.add(secret);
    begun.push(traceId);
  }
  for (const traceId of begun) expect((await collector.trace(traceId)).length).toBeGreaterThan(1);
  const everything = [
    ...secrets,
    ...issuedTokens,
    '987654321',
    'somebody-very-special',
    'my-browser',
    'clerk',
  ];
  for (const secret of everything.filter((text) => text !== '')) expect(collector.text).not.toContain(secret);
  expect(collector.text).not.toContain(ACTION_ID);
  expect(collector.text).not.toContain('externalHandoff/HO');
});

it('a probe makes no span', async () => {
  for (let probe = 0; probe < 3; probe++) await fetch(`${traced.gateway.url}/health/ready`);
  const { traceId, traceparent } = aTrace();
  await change(traced, { traceparent });
  await collector.trace(traceId);
  expect(collector.text).not.toContain('/health');
});

it('the collector is told by our settings alone, and of the gateway that it is', () => {
  const [request] = collector.requests;
  expect(request).toMatchObject({
    method: 'POST',
    url: '/otlp/v1/traces',
    headers: { authorization: 'Bearer token-of-the-collector', 'content-type': 'application/json' },
  });
  expect(request?.headers).not.toHaveProperty('x-not-ours');
  expect(request?.headers).not.toHaveProperty('content-encoding');
  expect(elsewhere.requests).toEqual([]);
  expect(collector.resource).toMatchObject({
    'service.name': 'surehand',
    'service.instance.id': auditRecords(traced.gateway.dataDir)[0]?.['replica'],
    'deployment.environment.name': 'test',
  });
});

describe('while traces are off', () => {
  it('a caller is in the trail and the log all the same, and nothing is sent on', async () => {
    const { traceId, traceparent } = aTrace();
    const reply = await change(untraced, { traceparent, tracestate: 'rojo=1' });
    expect(await recordsOf(untraced.gateway.dataDir, requestIdOf(reply), 2)).toMatchObject([
      { kind: 'intent', traceId },
      { kind: 'outcome', traceId },
    ]);
    expect(await lineOf(untraced, requestIdOf(reply))).toMatchObject({ traceId });
    const { headers } = otherCalls(untraced.billing).at(-1) ?? { headers: {} };
    expect(Object.keys(headers).filter((name) => name.startsWith('trace'))).toEqual([]);
  });

  it('nothing of the library is loaded', () => {
    const loaded = ({ gateway }: Landscape): number =>
      gateway.log.filter((line) => line.includes('"Loaded"')).length;
    expect(loaded(traced)).toBeGreaterThan(10);
    expect(loaded(untraced)).toBe(0);
  });

  it('the trail verifies, with and without traces in it', async () => {
    await change(untraced, {});
    const records = auditRecords(untraced.gateway.dataDir);
    expect(new Set(records.map((record) => 'traceId' in record))).toEqual(new Set([true, false]));
    const { code, output } = await verifier('--database', untraced.gateway.dataDir);
    expect([code, output]).toEqual([0, expect.stringContaining('OK')]);
  });

  it('the records are told with the trace, and exported with it', async () => {
    const token = await untraced.issuer.token({ scope: 'audit:read' });
    const { traceId, traceparent } = aTrace();
    const requestId = requestIdOf(await change(untraced, { traceparent }));
    const records = await untraced.call(`/audit/records?requestId=${requestId}`, { method: 'GET', token });
    expect(await records.json()).toMatchObject({ items: [{ traceId }, { traceId }] });
    const exported = await untraced.call('/audit/export', { method: 'GET', token });
    expect(await exported.text()).toContain(`"traceId":"${traceId}"`);
  });
});

describe('a collector that does not answer', () => {
  it('is not asked for traces that begin here, of which none is to be exported', async () => {
    const reply = await change(unheard, {});
    const [intent] = await recordsOf(unheard.gateway.dataDir, requestIdOf(reply), 2);
    expect(intent?.['traceId']).toMatch(/^[0-9a-f]{32}$/);
    await sleep(500);
    expect(silent.requests).toEqual([]);
  });

  it('delays nobody, though more spans wait than there is room for, and no stop for long', async () => {
    for (let batch = 0; batch < 25; batch++) {
      const pages = Array.from({ length: 100 }, async () => {
        const { status } = await fetch(`${unheard.gateway.url}/problems/not-found`, { headers: aTrace() });
        return status;
      });
      expect(new Set(await Promise.all(pages))).toEqual(new Set([200]));
    }
    expect(silent.requests).toHaveLength(1);
    const begun = performance.now();
    expect((await change(unheard, aTrace())).status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(1_000);

    const stopping = performance.now();
    expect(await unheard.gateway.stop()).toBe(0);
    expect(performance.now() - stopping).toBeLessThan(3_000);
    expect(unheard.gateway.log.join('\n')).not.toContain('token-of-the-collector');
  });
});

it('a collector that is gone is told of once, without a secret', async () => {
  collector.play(json(500, { message: 'token-of-the-collector' }));
  for (let time = 0; time < 2; time++) {
    await change(traced, aTrace());
    await sleep(500);
  }
  await traced.gateway.stop();
  const log = traced.gateway.log.join('\n');
  expect(log.match(/Spans could not be exported/g)).toHaveLength(1);
  expect(log).not.toContain('token-of-the-collector');
});
