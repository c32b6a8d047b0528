import { setTimeout as sleep } from 'node:timers/promises';
import { auditRecords, recordsOf } from './support/audit-records.js';
import { freePort } from './support/gateway.js';
import { Landscape, UPDATED_HANDOFF } from './support/landscape.js';
import { OPERATIONS, operate, type Operation } from './support/operations.js';
import { json, reset, type Script } from './support/scripted-upstream.js';
import { TOKEN_SETTINGS, tokenCalls, withTokens } from './support/upstream-tokens.js';

const OPEN_MS = 5_000;

function operation(name: string): Operation {
  const found = OPERATIONS.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no operation ${name}`);
  return found;
}

const MODIFY = operation('deferred-action.modify');
const PERFORM = operation('deferred-action.perform');
const LIST = operation('deferred-action.list');
const UPDATE = operation('handoff.update-status');
const READ = operation('handoff.read');

type Told = Record<string, unknown> & { readonly status: number };

/** Makes a call again and again, each time on another resource, and returns what was told. */
async function makeIn(landscape: Landscape, count: number, which: Operation): Promise<Told[]> {
  const told: Told[] = [];
  for (let made = 0; made < count; made++) {
    const reply = await operate(landscape, which);
    const text = await reply.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    told.push({ ...body, retryAfter: reply.headers.get('retry-after'), status: reply.status });
  }
  return told;
}

/** Each operation has a circuit of its own, and each test opens another one. */
describe('a circuit breaker', () => {
  let landscape: Landscape;
  beforeAll(async () => {
    landscape = await Landscape.start();
  });
  afterAll(() => landscape.end());
  const make = (count: number, which: Operation) => makeIn(landscape, count, which);

  it('stops a failing operation after 20 calls, unrecorded as writes, and lets the others be', async () => {
    landscape.billing.play(reset);
    const told = await make(40, MODIFY);
    // Nothing was repeated either: what was told failed, was sent, once.
    expect(landscape.billing.calls).toHaveLength(20);
    const refused = told.filter(({ code }) => code === 'circuit-open');
    expect([told.length - refused.length, refused.length]).toEqual([20, 20]);
    for (const { status, retryAfter, outcome, retryable } of refused) {
      expect([status, outcome, retryable]).toEqual([503, 'not-applied', true]);
      expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
      expect(Number(retryAfter)).toBeLessThanOrEqual(5);
    }
    expect(await recordsOf(landscape.gateway.dataDir, String(refused[0]?.['requestId']))).toMatchObject([
      { kind: 'refusal', problem: 'circuit-open', operation: MODIFY.name },
    ]);
    const intents = auditRecords(landscape.gateway.dataDir).filter(({ kind }) => kind === 'intent');
    expect(intents.filter(({ operation: name }) => name === MODIFY.name)).toHaveLength(20);

    landscape.billing.play(PERFORM.answer);
    expect((await make(1, PERFORM))[0]?.status).toBe(201);
    landscape.billing.play(LIST.answer);
    expect((await make(1, LIST))[0]?.status).toBe(200);
  });

  it('lets one call of a client through after 5 s, and none of its own', async () => {
    landscape.lending.play(reset);
    await make(20, UPDATE);
    let answer: Script = reset;
    landscape.lending.play((...call) => {
      setTimeout(() => {
        answer(...call);
      }, 300);
    });
    await sleep(OPEN_MS);
    expect(landscape.lending.calls).toHaveLength(0);

    const several = async (): Promise<number[]> =>
      (await Promise.all(Array.from({ length: 8 }, () => make(1, UPDATE))))
        .map(([told]) => told?.status ?? 0)
        .sort();
    // It fails: open for another 5 s.
    expect(await several()).toEqual([502, ...Array.from({ length: 7 }, () => 503)]);
    expect((await make(1, UPDATE))[0]).toMatchObject({ code: 'circuit-open', retryAfter: '5' });
    expect(landscape.lending.calls).toHaveLength(1);

    answer = json(200, UPDATED_HANDOFF);
    await sleep(OPEN_MS);
    expect(await several()).toEqual([200, ...Array.from({ length: 7 }, () => 503)]);
    // It went well: closed.
    expect(await several()).toEqual(Array.from({ length: 8 }, () => 200));
    expect(landscape.lending.calls).toHaveLength(10);
  });

  it('is for reads, too, which are told without an outcome', async () => {
    landscape.lending.play(reset);
    const told = await make(21, READ);
    expect(landscape.lending.calls).toHaveLength(20);
    expect(told.at(-1)).toMatchObject({ status: 503, code: 'circuit-open', retryable: true });
    expect(told.at(-1)).not.toHaveProperty('outcome');
    landscape.lending.play(json(200, UPDATED_HANDOFF));
    expect((await make(1, UPDATE))[0]?.status).toBe(200);
  });

  it('answers a key that was used before, whatever the circuit', async () => {
    landscape.billing.play(reset);
    const again = () =>
      operate(landscape, PERFORM, { resource: PERFORM.resource(77), headers: { 'idempotency-key': 'a3d1' } });
    expect(await (await again()).json()).toMatchObject({ outcome: 'unknown' });
    await make(20, PERFORM);
    expect((await make(1, PERFORM))[0]).toMatchObject({ code: 'circuit-open' });
    const reply = await again();
    expect(reply.headers.get('idempotency-replayed')).toBe('true');
    expect(await reply.json()).toMatchObject({ code: 'upstream-bad-response', outcome: 'unknown' });
  });
});

describe('an upstream that cannot be reached', () => {
  it('is not tried for long', async () => {
    const landscape = await Landscape.start({ HANDOFF_BASE_URL: `http://127.0.0.1:${await freePort()}` });
    const tried = await Promise.all(Array.from({ length: 20 }, () => operate(landscape, UPDATE)));
    expect(new Set(tried.map(({ status }) => status))).toEqual(new Set([503]));
    const begun = performance.now();
    expect(await (await operate(landscape, UPDATE)).json()).toMatchObject({ code: 'circuit-open' });
    console.log(`refused in ${(performance.now() - begun).toFixed(1)} ms`);
    await landscape.end();
  });
});

describe('an upstream whose token endpoint', () => {
  it.each<[string, Script, string]>([
    ['fails is spared, too', json(500, {}), 'circuit-open'],
    ['refuses the credentials is not to blame', json(401, {}), 'upstream-credentials-refused'],
  ])('%s', async (_what, token, code) => {
    const landscape = await Landscape.start(TOKEN_SETTINGS);
    landscape.lending.play(withTokens(token, json(200, UPDATED_HANDOFF)));
    const told = await makeIn(landscape, 21, UPDATE);
    expect(told.at(-1)).toMatchObject({ code, outcome: 'not-applied' });
    expect(tokenCalls(landscape.lending)).toHaveLength(landscape.lending.calls.length);
    await landscape.end();
  });
});

describe('a circuit breaker that stays closed', () => {
  let landscape: Landscape;
  beforeAll(async () => {
    landscape = await Landscape.start();
  });
  afterAll(() => landscape.end());

  // Each of another operation: what ended well would dilute it.
  it.each<[string, Operation, Script, number]>([
    ['a refusal', PERFORM, json(400, {}), 400],
    ['too many requests', operation('handoff.create'), json(429, {}), 503],
    ['a failure of the application', MODIFY, json(500, {}), 502],
    ['a failure inside 200', UPDATE, json(200, { data: null, messages: { status: 'FAILURE' } }), 422],
    ['a page inside 200', operation('deferred-action.delete'), json(200, '<html>'), 502],
  ])('is not for %s', async (_what, which, script, status) => {
    landscape.billing.play(script);
    landscape.lending.play(script);
    const told = await makeIn(landscape, 30, which);
    expect(new Set(told.map((one) => one.status))).toEqual(new Set([status]));
    expect(told.some(({ code }) => code === 'circuit-open')).toBe(false);
  });
});
