import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { freePort } from './support/gateway.js';
import {
  ACTION_PATH,
  DOCUMENTED_REPLY,
  HANDOFF_PATH,
  Landscape,
  UPDATED_HANDOFF,
  aHandoffUpdate,
  actionPath,
} from './support/landscape.js';
import { describeWithPromtool } from './support/promtool.js';
import { exchange, requestBytes } from './support/raw-exchange.js';
import { Scrapes } from './support/scrape.js';
import { hang, json, reset } from './support/scripted-upstream.js';
import { TOKEN_SETTINGS, issue, issuedTokens, withTokens } from './support/upstream-tokens.js';

const REQUESTS = 'surehand_http_request_duration_seconds_count';
const CALLS = 'surehand_upstream_call_duration_seconds_count';
const PROBLEMS = 'surehand_problems_total';
const WRITES = 'surehand_writes_total';
const TOKENS = 'surehand_upstream_token_fetches_total';
const RESCHEDULE = { scheduledDate: '2021-02-14' };
const ACTION_ROUTE = '/bcws/webresources/v1.0/deferredactions/:id';
const ACTIONS_OF = '/bcws/webresources/v1.0/deferredactions/account/0.0.0.1+-account+';
const PLACES = 4;

const { HANDOFF_AUTH, HANDOFF_USERNAME, HANDOFF_PASSWORD } = TOKEN_SETTINGS;
let landscape: Landscape;
let scrapes: Scrapes;
let number = 0;

beforeAll(async () => {
  scrapes = new Scrapes(await freePort());
  landscape = await Landscape.start({
    METRICS_PORT: String(scrapes.port),
    HANDOFF_AUTH,
    HANDOFF_USERNAME,
    HANDOFF_PASSWORD,
    HANDOFF_TIMEOUT_MS: '1000',
    BILLING_CARE_TIMEOUT_MS: '1000',
    BILLING_CARE_MAX_IN_FLIGHT: String(PLACES),
    SETTLE_WINDOW_MS: '100',
  });
  landscape.billing.play(json(200, DOCUMENTED_REPLY));
});
afterAll(() => landscape.end());

const modify = (call: Parameters<Landscape['call']>[1] = {}): Promise<Response> =>
  landscape.call(actionPath(++number), { body: RESCHEDULE, ...call });
const list = (): Promise<Response> => landscape.call(`${ACTIONS_OF}${++number}`, { method: 'GET' });
const request = (route: string, method: string, status: number): string =>
  `${REQUESTS}{route="${route}",method="${method}",status="${status}"}`;

describe('a write that succeeds', () => {
  it('is counted once as a request, as a call of its upstream, and by its outcome', async () => {
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const operation = 'deferred-action.modify';
    expect(await scrapes.grown([REQUESTS, CALLS, WRITES], modify)).toEqual({
      [request(ACTION_ROUTE, 'PUT', 200)]: 1,
      [`${CALLS}{upstream="billing",operation="${operation}",result="2xx"}`]: 1,
      [`${WRITES}{operation="${operation}",outcome="applied",evidence="observed"}`]: 1,
    });
    const append = 'surehand_audit_append_duration_seconds_count{result="taken"}';
    expect(await scrapes.until(append, (count) => count >= 2)).toBeGreaterThanOrEqual(2);
  });
});

describe('a refusal is counted by its code, and by the template of its route', () => {
  const raw = (path: string, method?: string) => (): Promise<string> =>
    exchange(landscape.gateway.url, requestBytes({ path, ...(method !== undefined && { method }) }));
  it.each<[string, () => Promise<unknown>, string, string, string, number]>([
    [
      'by the parser',
      () => exchange(landscape.gateway.url, 'GET / HT\r\n\r\n'),
      'malformed-request',
      'unknown',
      'other',
      400,
    ],
    ['by the router', raw('/writes/%zz', 'GET'), 'malformed-request', 'unknown', 'GET', 400],
    ['no such path', raw('/nowhere/17'), 'not-found', 'unknown', 'PUT', 404],
    ['no such method', raw(ACTION_PATH, 'PATCH'), 'method-not-allowed', 'unknown', 'PATCH', 405],
    ['CONNECT', raw('somewhere:443', 'CONNECT'), 'method-not-allowed', 'unknown', 'other', 405],
    ['no token', () => modify({ token: null }), 'unauthenticated', ACTION_ROUTE, 'PUT', 401],
    [
      'no scope',
      async () => modify({ token: await landscape.issuer.token({ scope: 'handoff:read' }) }),
      'forbidden',
      ACTION_ROUTE,
      'PUT',
      403,
    ],
    [
      'no such format',
      () => modify({ headers: { accept: 'image/png' } }),
      'not-acceptable',
      ACTION_ROUTE,
      'PUT',
      406,
    ],
    ['no body of the type', () => modify({ body: '{' }), 'malformed-body', ACTION_ROUTE, 'PUT', 400],
    ['a wrong field', () => modify({ body: { date: 1 } }), 'invalid-request', ACTION_ROUTE, 'PUT', 400],
    [
      'a long body',
      () => modify({ body: 'x'.repeat(70_000) }),
      'payload-too-large',
      ACTION_ROUTE,
      'PUT',
      413,
    ],
    [
      'the upstream',
      () => {
        landscape.billing.play(json(404, {}));
        return modify();
      },
      'upstream-not-found',
      ACTION_ROUTE,
      'PUT',
      404,
    ],
  ])('%s', async (_what, act, code, route, method, status) => {
    expect(await scrapes.grown([REQUESTS, PROBLEMS], act)).toEqual({
      [request(route, method, status)]: 1,
      [`${PROBLEMS}{code="${code}"}`]: 1,
    });
  });

  it('also of a client that left', async () => {
    landscape.billing.play(hang);
    const token = await landscape.issuer.token();
    const leave = (): Promise<unknown> =>
      fetch(landscape.gateway.url + actionPath(++number), {
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        method: 'PUT',
        body: JSON.stringify(RESCHEDULE),
        signal: AbortSignal.timeout(250),
      }).catch(() => undefined);
    expect(await scrapes.grown([REQUESTS, PROBLEMS], leave)).toEqual({
      [request(ACTION_ROUTE, 'PUT', 499)]: 1,
      [`${PROBLEMS}{code="client-gone"}`]: 1,
    });
  });
});

describe('tokens for an upstream', () => {
  it('are counted when they are refused, and when they are issued', async () => {
    const update = (): Promise<Response> => landscape.call(HANDOFF_PATH, { body: aHandoffUpdate() });
    landscape.lending.play(withTokens(json(401, {}), json(200, UPDATED_HANDOFF)));
    expect(await scrapes.grown([TOKENS], update)).toEqual({
      [`${TOKENS}{upstream="lending",result="refused"}`]: 1,
    });
    landscape.lending.play(withTokens(issue(), json(200, UPDATED_HANDOFF)));
    // So long it is not asked again.
    await sleep(1_000);
    expect(await scrapes.grown([TOKENS], update)).toEqual({
      [`${TOKENS}{upstream="lending",result="issued"}`]: 1,
    });
  });
});

describe('a write that nobody knows the outcome of', () => {
  const count = (state: string): string => `surehand_writes_open{state="${state}"}`;
  const age = (state: string): string => `surehand_writes_open_oldest_age_seconds{state="${state}"}`;

  it('is told with its age until it is read back, or until a person has told', async () => {
    let readable = false;
    const sent = { handoffRefNumber: 'HO123', handoffStatus: 'SUCCESS', handoffExtRefNo: 'EXT-9' };
    const found = json(200, { data: [sent], messages: { status: 'SUCCESS' } });
    landscape.lending.play(
      withTokens(issue(), (call, ...rest) => {
        (call.method === 'PUT' ? reset : readable ? found : json(503, {}))(call, ...rest);
      }),
    );
    // Its account is not known: nobody but a person can tell.
    landscape.billing.play(reset);
    expect((await landscape.call(HANDOFF_PATH, { body: aHandoffUpdate() })).status).toBe(502);
    const lost = await modify();
    expect(lost.status).toBe(502);

    expect(await scrapes.until(count('undecided'), (open) => open >= 1)).toBeGreaterThanOrEqual(1);
    const young = await scrapes.until(age('undecided'), (seconds) => seconds > 0);
    expect(await scrapes.until(age('undecided'), (seconds) => seconds > Number(young))).toBeGreaterThan(
      Number(young),
    );
    readable = true;
    const readBack = `${WRITES}{operation="handoff.update-status",outcome="applied",evidence="read-back"}`;
    expect(await scrapes.until(readBack, (verdicts) => verdicts === 1)).toBe(1);

    expect(await scrapes.until(age('person'), (seconds) => seconds > 0)).toBeGreaterThan(0);
    expect(await scrapes.until(count('undecided'), (open) => open === 0)).toBe(0);
    expect(await scrapes.until(age('undecided'), (seconds) => seconds === 0)).toBe(0);
    // Now that nothing is undecided, no more can come to it.
    const before = await scrapes.until(count('person'), (open) => open >= 1);
    const resolved = await landscape.call(`/writes/${lost.headers.get('operation-id') ?? ''}/resolution`, {
      method: 'POST',
      body: { outcome: 'applied', reason: 'seen in the system' },
      token: await landscape.issuer.token({ sub: 'supervisor', scope: 'writes:read writes:resolve' }),
    });
    expect(resolved.status).toBe(200);
    const person = `${WRITES}{operation="deferred-action.modify",outcome="applied",evidence="person"}`;
    expect((await scrapes.series()).get(person)).toBe(1);
    expect(await scrapes.until(count('person'), (open) => open === Number(before) - 1)).toBe(
      Number(before) - 1,
    );
  });
});

describe('the gate of an upstream', () => {
  it('tells how many of its places are taken', async () => {
    const taken = 'surehand_upstream_calls_in_flight{upstream="billing"}';
    expect((await scrapes.series()).get('surehand_upstream_calls_in_flight_limit{upstream="billing"}')).toBe(
      PLACES,
    );
    landscape.billing.play(hang);
    const calls = Promise.all([list(), list(), list()]);
    expect(await scrapes.until(taken, (places) => places === 3)).toBe(3);
    await calls;
    expect((await scrapes.series()).get(taken)).toBe(0);
    const lost = `${CALLS}{upstream="billing",operation="deferred-action.list",result="lost:timeout"}`;
    expect((await scrapes.series()).get(lost)).toBe(3);
  });

  it('tells that a circuit is open', async () => {
    const labels = '{upstream="billing",operation="deferred-action.list"}';
    landscape.billing.play(json(200, []));
    expect((await list()).status).toBe(200);
    expect((await scrapes.series()).get(`surehand_upstream_circuit_open${labels}`)).toBe(0);
    landscape.billing.play(reset);
    let status = 0;
    for (let made = 0; made < 40 && status !== 503; made++) ({ status } = await list());
    const series = await scrapes.series();
    expect(series.get(`surehand_upstream_circuit_open${labels}`)).toBe(1);
    expect(series.get(`surehand_upstream_circuit_openings_total${labels}`)).toBe(1);
    expect(await scrapes.until(`${PROBLEMS}{code="circuit-open"}`, (count) => count === 1)).toBe(1);
  });
});

describe('the trail', () => {
  const database = (): SQLite.Database => new SQLite(join(landscape.gateway.dataDir, 'surehand.db'));

  it('tells of an outcome that only the local disk has', async () => {
    const spooled = 'surehand_audit_spooled_outcomes';
    expect((await scrapes.series()).get(spooled)).toBe(0);
    const lock = database();
    landscape.billing.play((...call) => {
      lock.exec('begin immediate');
      json(200, DOCUMENTED_REPLY)(...call);
    });
    expect((await modify()).status).toBe(200);
    expect((await scrapes.series()).get(spooled)).toBe(1);
    expect(readdirSync(join(landscape.gateway.dataDir, 'spool'))).toHaveLength(1);
    lock.exec('rollback');
    lock.close();
    expect(await scrapes.until(spooled, (outcomes) => outcomes === 0)).toBe(0);
  });

  it('tells how old its last checkpoint is, and how many records wait for the next', async () => {
    const age = 'surehand_audit_checkpoint_age_seconds';
    const uncovered = 'surehand_audit_uncovered_records';
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    await modify();
    expect(await scrapes.until(uncovered, (records) => records > 1)).toBeGreaterThan(1);
    const chain = database();
    chain.exec('update chain_head set checkpoint_at = checkpoint_at - 50000');
    chain.close();
    expect(await scrapes.until(age, (seconds) => seconds > 50)).toBeGreaterThan(50);
    const further = database();
    further.exec('update chain_head set checkpoint_at = checkpoint_at - 50000');
    further.close();
    await modify();
    expect(await scrapes.until(age, (seconds) => seconds < 10)).toBeLessThan(10);
    expect(await scrapes.until(uncovered, (records) => records < 10)).toBeLessThan(10);
  });
});

describe('a scrape', () => {
  const own = async (): Promise<string[]> =>
    [...(await scrapes.series()).keys()].filter((name) => name.startsWith('surehand_')).sort();

  it('has no more series after 200 different paths, ids, methods and keys', async () => {
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const strange = (id: string): Promise<unknown>[] => [
      landscape.call(`/${id}/${id}`, { method: 'GET' }),
      landscape.call(`/writes/${id}`, { method: 'GET', headers: { 'x-request-id': id } }),
      landscape.call(ACTION_PATH.replace(/[0-9]+$/, String(++number)), {
        body: RESCHEDULE,
        headers: { 'idempotency-key': id },
      }),
      exchange(landscape.gateway.url, requestBytes({ method: 'PROPFIND', path: `/${id}` })),
      exchange(landscape.gateway.url, `${id.slice(0, 4)} /${id} HTTP/1.1\r\n\r\n`),
    ];
    await Promise.all(strange(randomUUID()));
    await sleep(200);
    const before = await own();
    for (let round = 0; round < 40; round++) await Promise.all(strange(randomUUID()));
    await sleep(200);
    expect(await own()).toEqual(before);
  });

  it('names no secret, no subject, no id', async () => {
    const text = [...(await scrapes.series()).keys()].join('\n');
    expect(issuedTokens.length).toBeGreaterThan(0);
    for (const word of [
      ...issuedTokens,
      HANDOFF_PASSWORD,
      HANDOFF_USERNAME,
      'clerk',
      'supervisor',
      'test-client',
      'HO123',
      'schedule',
      '127.0.0.1',
    ])
      expect(text).not.toContain(word);
  });

  it('is all that the port serves', async () => {
    const at = `http://127.0.0.1:${scrapes.port}`;
    const answers = await Promise.all([
      fetch(`${at}/`),
      fetch(`${at}/problems`),
      fetch(`${at}/metrics`, { method: 'POST' }),
      fetch(`${at}/metrics`, { method: 'HEAD' }),
      fetch(`${landscape.gateway.url}/metrics`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 405, 200, 404]);
  });
});

describeWithPromtool('a scrape as promtool reads it', (promtool) => {
  it('has nothing to be complained of', async () => {
    expect(promtool(['check', 'metrics'], await scrapes.text())).toEqual({ code: 0, said: '' });
  });
});
