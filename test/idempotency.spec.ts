import { auditRecords, recordsOf } from './support/audit-records.js';
import { Gateway, freePort } from './support/gateway.js';
import {
  ACTION_PATH,
  DOCUMENTED_REPLY,
  HANDOFF_PATH,
  Landscape,
  aHandoffUpdate,
  actionPath,
  type Call,
} from './support/landscape.js';
import { hang, json, type Script } from './support/scripted-upstream.js';

const RESCHEDULE = { scheduledDate: '2021-02-14' };
const RESCHEDULE_XML = '<DeferredAction><scheduledDate>2021-02-14</scheduledDate></DeferredAction>';

describe('an Idempotency-Key', () => {
  let landscape: Landscape;
  beforeAll(async () => (landscape = await Landscape.start({ BILLING_CARE_TIMEOUT_MS: '400' })));
  afterAll(() => landscape.end());
  beforeEach(() => {
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    landscape.lending.play(json(200, {}));
  });

  function modify(key: string, { path = ACTION_PATH, headers, ...call }: Call & { path?: string } = {}) {
    return landscape.call(path, {
      body: RESCHEDULE,
      ...call,
      headers: { 'idempotency-key': key, ...headers },
    });
  }

  it('makes a repeated write be answered again instead of being sent again', async () => {
    const first = await modify('"again"');
    const second = await modify('"again"');
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.headers.get('operation-id')).toBe(first.headers.get('operation-id'));
    expect(await second.json()).toEqual(await first.json());
    expect(landscape.billing.calls).toHaveLength(1);
  });

  it('is the same in quotes and without', async () => {
    await modify('8e03978e-40d5-43dd-bc93-6894a57f9324');
    const second = await modify('"8e03978e-40d5-43dd-bc93-6894a57f9324"');
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  it('is the same for one content in JSON and in XML, and answers in the format that is asked for', async () => {
    await modify('"two formats"');
    const xml = { 'content-type': 'application/xml', accept: 'application/xml' };
    const fresh = await modify('"in XML"', { body: RESCHEDULE_XML, headers: xml });
    landscape.billing.play(json(500, {}));
    const second = await modify('"two formats"', { body: RESCHEDULE_XML, headers: xml });
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.headers.get('content-type')).toContain('application/xml');
    expect(await second.text()).toBe(await fresh.text());
    expect(landscape.billing.calls).toHaveLength(0);
  });

  it.each([
    ['empty', ''],
    ['an empty text', '""'],
    ['half a text', '"half'],
    ['two words without quotes', 'two words'],
    ['text with a character beyond ASCII', '"caf\u00e9"'],
    ['256 characters', 'k'.repeat(256)],
    ['two keys', '"one", "two"'],
  ])('that is %s is refused', async (_what, key) => {
    const reply = await modify(key);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ code: 'malformed-request', outcome: 'not-applied' });
    expect(landscape.billing.calls).toHaveLength(0);
  });

  it.each<[string, Script, number, object]>([
    ['rejected', json(404, {}), 404, { code: 'upstream-not-found', outcome: 'rejected' }],
    ['unknown', json(500, {}), 502, { code: 'upstream-error', outcome: 'unknown' }],
    ['unknown for lack of a reply', hang, 504, { code: 'upstream-timeout', outcome: 'unknown' }],
  ])('of a write that ended as %s is answered with it again', async (what, script, status, problem) => {
    landscape.billing.play(script);
    const path = actionPath(what.length);
    const first = await modify(`"${what}"`, { path });
    const second = await modify(`"${what}"`, { path });
    expect([first.status, second.status]).toEqual([status, status]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const told = (await first.json()) as Record<string, unknown>;
    expect(told).toMatchObject(problem);
    const requestId = second.headers.get('x-request-id');
    expect(await second.json()).toEqual({ ...told, requestId });
    expect(landscape.billing.calls).toHaveLength(1);
  });

  it('of a write that the upstream had no time for is free again: it may be repeated, and then is made', async () => {
    landscape.billing.play(json(429, {}));
    const path = actionPath(429);
    const first = await modify('"busy"', { path });
    expect(first.status).toBe(503);
    expect(await first.json()).toMatchObject({ code: 'upstream-busy', outcome: 'rejected', retryable: true });
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const second = await modify('"busy"', { path });
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([200, null]);
    expect(landscape.billing.calls).toHaveLength(1);
  });

  it('is in progress while the first call is, and names it', async () => {
    let answer = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      landscape.billing.play((call, response, request) => {
        answer = () => {
          json(200, DOCUMENTED_REPLY)(call, response, request);
        };
        resolve();
      });
    });
    const first = modify('"slow"');
    await arrived;
    const second = await modify('"slow"');
    answer();
    expect(second.status).toBe(409);
    expect(await second.json()).toMatchObject({
      code: 'write-in-progress',
      outcome: 'pending',
      retryable: true,
      operationId: (await first).headers.get('operation-id'),
    });
  });

  it.each<[string, Call & { path?: string }]>([
    ['another content', { body: { scheduledDate: '2021-02-15' } }],
    ['another resource', { path: actionPath(77) }],
    ['another operation', { path: HANDOFF_PATH, body: aHandoffUpdate() }],
  ])('cannot be used again for %s', async (what, call) => {
    await modify(`"${what}"`);
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const reply = await modify(`"${what}"`, call);
    expect(reply.status).toBe(422);
    expect(await reply.json()).toMatchObject({ code: 'idempotency-key-reused', outcome: 'not-applied' });
    expect(landscape.billing.calls).toHaveLength(0);
    expect(landscape.lending.calls).toHaveLength(0);
  });

  it('belongs to whoever used it', async () => {
    await modify('"mine"');
    const reply = await modify('"mine"', { token: await landscape.issuer.token({ sub: 'somebody-else' }) });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('idempotency-replayed')).toBeNull();
    expect(landscape.billing.calls).toHaveLength(2);
  });

  it('is not used up by a request that is refused before it becomes a write', async () => {
    expect((await modify('"refused"', { body: {} })).status).toBe(400);
    expect((await modify('"refused"')).status).toBe(200);
    expect(landscape.billing.calls).toHaveLength(1);
  });

  it('leaves a record of the replay, by the request that got it', async () => {
    const first = await modify('"recorded"');
    await modify('"recorded"', { headers: { 'x-request-id': 'the-second' } });
    expect(await recordsOf(landscape.gateway.dataDir, 'the-second')).toContainEqual(
      expect.objectContaining({
        kind: 'access',
        operation: 'idempotency.replay',
        requestId: 'the-second',
        resource: first.headers.get('operation-id'),
      }),
    );
  });
});

describe('an Idempotency-Key of a write that was not sent', () => {
  it('is free again', async () => {
    const landscape = await Landscape.start({
      BILLING_CARE_BASE_URL: `http://127.0.0.1:${await freePort()}/bcws/webresources/v1.0`,
    });
    const call = { body: RESCHEDULE, headers: { 'idempotency-key': '"free"' } };
    for (let attempt = 0; attempt < 2; attempt++) {
      const reply = await landscape.call(ACTION_PATH, call);
      expect(reply.status).toBe(503);
      expect(reply.headers.get('idempotency-replayed')).toBeNull();
      expect(await reply.json()).toMatchObject({ code: 'upstream-unavailable', outcome: 'not-applied' });
    }
    expect(auditRecords(landscape.gateway.dataDir).map(({ kind }) => kind)).toEqual([
      'intent',
      'outcome',
      'intent',
      'outcome',
    ]);
    await landscape.end();
  });
});

describe('where IDEMPOTENCY_KEY=required', () => {
  it('refuses a write without a key, and takes one with it', async () => {
    const landscape = await Landscape.start({ IDEMPOTENCY_KEY: 'required' });
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const refused = await landscape.call(ACTION_PATH, { body: RESCHEDULE });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: 'idempotency-key-required', outcome: 'not-applied' });
    const headers = { 'idempotency-key': '"given"' };
    expect((await landscape.call(ACTION_PATH, { body: RESCHEDULE, headers })).status).toBe(200);
    expect(landscape.billing.calls).toHaveLength(1);
    await landscape.end();
  });
});

describe('an Idempotency-Key outlives kill -9', () => {
  let landscape: Landscape;
  beforeAll(async () => (landscape = await Landscape.start()));
  afterAll(() => landscape.end());

  /** Kills the gateway and starts another one on the same data, between the same neighbours. */
  async function killed(): Promise<Gateway> {
    await landscape.gateway.stop('SIGKILL');
    return await Gateway.start({
      DATA_DIR: landscape.gateway.dataDir,
      HANDOFF_BASE_URL: landscape.lending.url,
      BILLING_CARE_BASE_URL: `${landscape.billing.url}/bcws/webresources/v1.0`,
      AUTH_ISSUER: landscape.issuer.url,
      AUTH_AUDIENCE: 'surehand',
    });
  }

  it('with its reply, and while its write is in flight', async () => {
    const headers = { authorization: `Bearer ${await landscape.issuer.token()}` };
    const put = (gateway: Gateway, path: string, key: string): Promise<Response> =>
      fetch(gateway.url + path, {
        method: 'PUT',
        headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(RESCHEDULE),
      });
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const done = await put(landscape.gateway, actionPath(1), 'done');
    const arrived = new Promise<void>((resolve) => {
      landscape.billing.play(() => {
        resolve();
      });
    });
    const cut = put(landscape.gateway, actionPath(2), 'cut').catch(() => undefined);
    await arrived;
    const restarted = await killed();
    await cut;
    try {
      landscape.billing.play(json(200, DOCUMENTED_REPLY));
      const again = await put(restarted, actionPath(1), 'done');
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(await again.json()).toEqual(await done.json());
      const undecided = await put(restarted, actionPath(2), 'cut');
      expect(undecided.status).toBe(409);
      expect(await undecided.json()).toMatchObject({ code: 'write-in-progress', outcome: 'pending' });
      expect(landscape.billing.calls).toHaveLength(0);
    } finally {
      await restarted.stop();
    }
  });
});
