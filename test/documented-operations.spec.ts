import { recordsOf } from './support/audit-records.js';
import { ACTION_ID, ACTION_PATH, DOCUMENTED_REPLY, Landscape } from './support/landscape.js';
import { OPERATIONS, READS, WRITES, freshResource, operate, upstreamOf } from './support/operations.js';
import { json } from './support/scripted-upstream.js';

describe('the documented operations', () => {
  let landscape: Landscape;
  beforeAll(async () => {
    landscape = await Landscape.start();
  });
  afterAll(() => landscape.end());

  const rows = OPERATIONS.map((operation) => ({ ...operation, operation }));

  it.each(rows)(
    '$method, $name: reaches its upstream once, and its reply the client',
    async ({ operation, method, path, body, answer, status, reply }) => {
      const upstream = upstreamOf(landscape, operation);
      upstream.play(answer);
      const resource = freshResource(operation);
      const answered = await operate(landscape, operation, { resource });
      expect(answered.status).toBe(status);
      const text = await answered.text();
      expect(text === '' ? undefined : JSON.parse(text)).toEqual(reply);
      const call = upstream.onlyCall;
      expect({
        ...call,
        body: call.body === '' ? undefined : (JSON.parse(call.body) as unknown),
      }).toMatchObject({ method, url: path(resource).replaceAll('+', '%2B'), body: body?.(resource) });
      expect(call.headers['content-type']).toBe(body === undefined ? undefined : 'application/json');
    },
  );

  it.each(rows)(
    '$method, $name: answers XML to whoever asks for it',
    async ({ operation, answer, status, xmlRoot }) => {
      upstreamOf(landscape, operation).play(answer);
      const reply = await operate(landscape, operation, { headers: { accept: 'application/xml' } });
      expect(reply.status).toBe(status);
      const root = /^<\?xml [^>]*\?>\n<([A-Za-z]+)/.exec(await reply.text())?.[1] ?? null;
      expect(root).toBe(xmlRoot);
      if (xmlRoot !== null) expect(reply.headers.get('content-type')).toBe('application/xml; charset=utf-8');
    },
  );

  it.each(rows)('$method, $name: needs $scope', async ({ operation, scope }) => {
    const upstream = upstreamOf(landscape, operation);
    upstream.play(operation.answer);
    const others = OPERATIONS.map((each) => each.scope).filter((each) => each !== scope);
    const reply = await operate(landscape, operation, {
      token: await landscape.issuer.token({ scope: others.join(' ') }),
    });
    expect(reply.status).toBe(403);
    expect(reply.headers.get('www-authenticate')).toContain(`scope="${scope}"`);
    const enough = await operate(landscape, operation, { token: await landscape.issuer.token({ scope }) });
    expect(enough.status).toBe(operation.status);
    expect(upstream.calls).toHaveLength(1);
  });

  it.each(WRITES.map((operation) => ({ ...operation, operation })))(
    '$method, $name: is recorded before and after, and answered once per key',
    async ({ operation, name, answer, status, reply }) => {
      const upstream = upstreamOf(landscape, operation);
      upstream.play(answer);
      const resource = freshResource(operation);
      const call = { resource, headers: { 'idempotency-key': `"${name}"` } };
      const first = await operate(landscape, operation, call);
      const again = await operate(landscape, operation, call);
      expect([first.status, again.status]).toEqual([status, status]);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
      const text = await again.text();
      expect(text === '' ? undefined : JSON.parse(text)).toEqual(reply);
      expect(upstream.calls).toHaveLength(1);
      expect(
        await recordsOf(landscape.gateway.dataDir, String(first.headers.get('x-request-id')), 2),
      ).toMatchObject([
        { kind: 'intent', operation: name, resource },
        { kind: 'outcome', operation: name, resource, outcome: 'applied' },
      ]);
    },
  );

  it.each(READS.map((operation) => ({ ...operation, operation })))(
    '$method, $name: records who read what',
    async ({ operation, name, answer }) => {
      upstreamOf(landscape, operation).play(answer);
      const resource = freshResource(operation);
      const reply = await operate(landscape, operation, { resource });
      expect(reply.headers.get('operation-id')).toBeNull();
      expect(
        await recordsOf(landscape.gateway.dataDir, String(reply.headers.get('x-request-id')), 1),
      ).toMatchObject([{ kind: 'access', operation: name, resource, principal: { subject: 'clerk' } }]);
    },
  );

  it.each(
    OPERATIONS.filter(({ body }) => body === undefined).map((operation) => ({ ...operation, operation })),
  )(
    '$method, $name: refuses a body, and takes the media type of none',
    async ({ operation, answer, status }) => {
      const upstream = upstreamOf(landscape, operation);
      upstream.play(answer);
      if (operation.method !== 'GET') {
        const refused = await operate(landscape, operation, { body: { force: true } });
        expect(refused.status).toBe(400);
        expect(await refused.json()).toMatchObject({
          code: 'malformed-request',
          detail: 'The route takes no body.',
        });
        expect(upstream.calls).toHaveLength(0);
      }
      const taken = await operate(landscape, operation, { headers: { 'content-type': 'application/json' } });
      expect(taken.status).toBe(status);
    },
  );

  it("reschedules a deferred action with the reference's own example", async () => {
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const reply = await landscape.call(ACTION_PATH, { body: { scheduledDate: '2021-02-14' } });
    expect(await reply.json()).toEqual(DOCUMENTED_REPLY);
    expect(landscape.billing.onlyCall.body).toBe('{"scheduledDate":"2021-02-14"}');
  });

  it('says where a new handoff can be read: at the gateway, not at the upstream', async () => {
    const create = OPERATIONS.find(({ name }) => name === 'handoff.create');
    const read = OPERATIONS.find(({ name }) => name === 'handoff.read');
    if (create === undefined || read === undefined) throw new Error('no such operation');
    landscape.lending.play(create.answer);
    const resource = freshResource(create);
    const reply = await operate(landscape, create, { resource });
    expect(reply.headers.get('location')).toBe(read.path(resource));
  });

  it.each(['..', 'a/b', 'HO 1', 'HO%2F1', 'x'.repeat(65), 'HÖ1'])(
    'refuses to add a handoff whose reference %j could never be read',
    async (handoffRefNumber) => {
      landscape.lending.play(json(201, {}));
      const reply = await landscape.call('/clmo-handoff-services/service/v1/externalHandoff', {
        method: 'POST',
        body: { applicationNumber: 'APP1', handoffRefNumber },
      });
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({
        code: 'invalid-request',
        errors: [{ pointer: '#/handoffRefNumber' }],
      });
      expect(landscape.lending.calls).toHaveLength(0);
    },
  );

  it('sends the header userId with every call to lending, from the token', async () => {
    for (const operation of OPERATIONS.filter(({ system }) => system === 'lending')) {
      landscape.lending.play(operation.answer);
      await operate(landscape, operation, { headers: { userid: 'mallory' } });
      expect(landscape.lending.onlyCall.headers['userid']).toBe('clerk');
    }
  });

  it('shows of a listed action its documented members only', async () => {
    landscape.billing.play(
      json(200, [{ actionId: { id: ACTION_ID, uri: null, host: 'db1' }, actionStatus: 0, internal: 'x' }]),
    );
    const reply = await landscape.call('/bcws/webresources/v1.0/deferredactions/account/0.0.0.1+-account+1', {
      method: 'GET',
    });
    expect(await reply.json()).toEqual([{ actionId: { id: ACTION_ID, uri: null }, actionStatus: 0 }]);
  });
});
