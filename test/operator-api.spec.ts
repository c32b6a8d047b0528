import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { auditRecords, recordsOf, type StoredRecord } from './support/audit-records.js';
import { DOCUMENTED_REPLY, Landscape, actionPath, type Call } from './support/landscape.js';
import { json, reset } from './support/scripted-upstream.js';

const OPERATOR = 'writes:read writes:resolve audit:read';
const NOWHERE = '01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d';

interface List {
  readonly items: readonly Record<string, unknown>[];
  readonly next: string | null;
}

describe('the operator API', () => {
  let landscape: Landscape;
  let operator: string;
  let actions = 0;
  /** Operation ids: the clerk's applied and unknown write, and an applied one of somebody else. */
  let applied: string;
  let unknown: string;
  let others: string;

  beforeAll(async () => {
    landscape = await Landscape.start();
    operator = await landscape.issuer.token({ sub: 'operator', scope: OPERATOR });
    const other = await landscape.issuer.token({ sub: 'other' });
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const headers = { 'x-request-id': 'first', 'idempotency-key': '"key 1"' };
    applied = await aWrite({ headers, body: { description: 'moved', serviceLogin: 'sam.smith' } });
    others = await aWrite({ token: other });
    unknown = await anUnknownWrite();
  });
  afterAll(() => landscape.end());

  /** Modifies an action of its own and returns the id of the write. */
  async function aWrite(call: Call = {}): Promise<string> {
    const body = { scheduledDate: '2021-02-14' };
    const reply = await landscape.call(actionPath(++actions), { body, ...call });
    await reply.text();
    return reply.headers.get('operation-id') ?? '';
  }

  async function anUnknownWrite(call: Call = {}): Promise<string> {
    landscape.billing.play(reset);
    return await aWrite(call);
  }

  function get(path: string, token: string | null = operator, headers = {}): Promise<Response> {
    return landscape.call(path, { method: 'GET', token, headers });
  }

  async function list(path: string, token = operator): Promise<List> {
    const reply = await get(path, token);
    expect([path, reply.status]).toEqual([path, 200]);
    return (await reply.json()) as List;
  }

  async function refused(reply: Promise<Response>): Promise<unknown[]> {
    const { status, ...problem } = (await (await reply).json()) as Record<string, unknown>;
    return [status, problem['code']];
  }

  const clerk = (scope = ''): Promise<string> => landscape.issuer.token({ scope });
  const idsOf = ({ items }: List): unknown[] => items.map(({ operationId }) => operationId);

  describe('GET /writes', () => {
    it('tells every write, newest first', async () => {
      const { items, next } = await list('/writes');
      expect(idsOf({ items, next })).toEqual([unknown, others, applied]);
      expect(next).toBeNull();
      expect(items[2]).toEqual({
        operationId: applied,
        operation: 'deferred-action.modify',
        resource: '0.0.0.1+-schedule+1',
        principal: { subject: 'clerk', client: 'test-client' },
        requestId: 'first',
        idempotencyKey: 'key 1',
        outcome: 'applied',
        evidence: 'observed',
        problem: null,
        upstreamStatus: 200,
        begunAt: expect.stringMatching(/Z$/) as unknown,
        dispatchBy: expect.stringMatching(/Z$/) as unknown,
        endedAt: expect.stringMatching(/Z$/) as unknown,
        open: false,
      });
    });

    it.each<[string, () => unknown[]]>([
      ['outcome=unknown', () => [unknown]],
      ['operation=deferred-action.modify', () => [unknown, others, applied]],
      ['operation=handoff.create', () => []],
      ['resource=0.0.0.1%2B-schedule%2B1', () => [applied]],
      ['resource=0.0.0.1+-schedule+1', () => [applied]],
      ['principal=other', () => [others]],
      ['requestId=first', () => [applied]],
      ['idempotencyKey=key%201', () => [applied]],
      ['open=true', () => []],
      ['open=false&outcome=applied', () => [others, applied]],
      ['from=2999-01-01T00:00:00Z', () => []],
      ['until=2999-01-01T00:00:00+05:30&principal=other', () => [others]],
    ])('finds by %s', async (query, expected) => {
      expect(idsOf(await list(`/writes?${query}`))).toEqual(expected());
    });

    it('goes on where the page before ended', async () => {
      const first = await list('/writes?limit=2');
      expect(idsOf(first)).toEqual([unknown, others]);
      const second = await list(`/writes?limit=2&cursor=${first.next ?? ''}`);
      expect([idsOf(second), second.next]).toEqual([[applied], null]);
    });

    it('shows who lacks writes:read their own writes only', async () => {
      const token = await clerk();
      expect(idsOf(await list('/writes', token))).toEqual([unknown, applied]);
      expect(idsOf(await list('/writes?principal=clerk', token))).toEqual([unknown, applied]);
      const reply = await get('/writes?principal=other', token);
      expect(reply.status).toBe(403);
      expect(reply.headers.get('www-authenticate')).toContain('scope="writes:read"');
    });

    it('comes as XML too', async () => {
      const reply = await get('/writes?requestId=first', operator, { accept: 'application/xml' });
      expect(await reply.text()).toContain(`<Writes><items type="array"><item><operationId>${applied}<`);
    });
  });

  describe('GET /writes/{operationId}', () => {
    it('tells the whole story in order', async () => {
      const story = (await (await get(`/writes/${applied}`)).json()) as Record<string, unknown>;
      expect(story).toMatchObject({ operationId: applied, outcome: 'applied' });
      const stored = auditRecords(landscape.gateway.dataDir).filter(
        ({ operationId }) => operationId === applied,
      );
      expect(stored.map(({ kind }) => kind)).toEqual(['intent', 'outcome']);
      expect(story['records']).toEqual(stored);
    });

    it.each<[string, () => string, () => Promise<string>, unknown[]]>([
      ["one's own", () => applied, () => clerk(), [200, undefined]],
      ["somebody else's, to who may see all", () => others, () => clerk('writes:read'), [200, undefined]],
      ["somebody else's", () => others, () => clerk(), [404, 'not-found']],
      ['one that does not exist', () => NOWHERE, () => clerk('writes:read'), [404, 'not-found']],
      ['what is no id', () => 'x', () => clerk('writes:read'), [400, 'invalid-id']],
    ])('answers for %s', async (_, id, token, expected) => {
      const reply = await get(`/writes/${id()}`, await token());
      const body = (await reply.json()) as Record<string, unknown>;
      expect([reply.status, body['code']]).toEqual(expected);
    });
  });

  describe('POST /writes/{operationId}/resolution', () => {
    const because = { outcome: 'applied', reason: 'seen in billing' };

    function resolve(id: string, body: unknown = because, token = operator): Promise<Response> {
      return landscape.call(`/writes/${id}/resolution`, { method: 'POST', body, token });
    }

    it.each(['applied', 'not-applied'])('closes an unknown write as %s, once', async (outcome) => {
      const id = await anUnknownWrite();
      const reply = await resolve(id, { ...because, outcome });
      expect(reply.status).toBe(200);
      expect(await reply.json()).toMatchObject({ operationId: id, outcome, evidence: 'person', open: false });
      const { items } = await list(`/audit/records?operationId=${id}`);
      expect(items.map(({ kind }) => kind)).toEqual(['intent', 'outcome', 'resolution']);
      expect(items[2]).toMatchObject({
        outcome,
        reason: 'seen in billing',
        principal: { subject: 'operator', client: 'test-client', method: 'bearer' },
      });
      expect(await refused(resolve(id))).toEqual([409, 'write-decided']);
    });

    it('takes the first of two people who resolve at the same time', async () => {
      const id = await anUnknownWrite();
      const replies = await Promise.all([resolve(id), resolve(id, { ...because, outcome: 'not-applied' })]);
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    });

    it('lets another write to the resource begin', async () => {
      const id = await anUnknownWrite();
      const path = actionPath(actions);
      landscape.billing.play(json(200, DOCUMENTED_REPLY));
      expect((await landscape.call(path, { body: { description: 'again' } })).status).toBe(409);
      await resolve(id);
      expect((await landscape.call(path, { body: { description: 'again' } })).status).toBe(200);
    });

    it('is not for who made the write', async () => {
      const token = await clerk('writes:resolve');
      expect(await refused(resolve(unknown, because, token))).toEqual([403, 'forbidden']);
    });

    it('needs its scope', async () => {
      const token = await landscape.issuer.token({ sub: 'operator', scope: 'writes:read' });
      expect(await refused(resolve(unknown, because, token))).toEqual([403, 'forbidden']);
    });

    it('leaves a decided write as it is', async () => {
      expect(await refused(resolve(others))).toEqual([409, 'write-decided']);
    });

    it('waits until nothing of the write can be in flight', async () => {
      let id = '';
      let early: unknown[] = [];
      landscape.billing.play((call, response, request) => {
        id = String(
          auditRecords(landscape.gateway.dataDir).findLast(({ kind }) => kind === 'intent')?.['operationId'],
        );
        void refused(resolve(id)).then((answer) => {
          early = answer;
          json(200, DOCUMENTED_REPLY)(call, response, request);
        });
      });
      expect(await aWrite()).toBe(id);
      expect(early).toEqual([409, 'write-in-progress']);
    });

    it('closes what was opened again although it is decided', async () => {
      const id = await aWriteOpenedAgain();
      expect(idsOf(await list('/writes?open=true'))).toEqual([id]);
      expect(await (await resolve(id)).json()).toMatchObject({
        outcome: 'applied',
        evidence: 'person',
        open: false,
      });
    });

    /** As a late reply of the upstream leaves it, which contradicts a person. */
    async function aWriteOpenedAgain(): Promise<string> {
      landscape.billing.play(json(200, DOCUMENTED_REPLY));
      const id = await aWrite();
      const database = new SQLite(join(landscape.gateway.dataDir, 'surehand.db'));
      database.prepare('update writes set open_item = 1 where operation_id = ?').run(id);
      database.close();
      return id;
    }

    it.each<[string, unknown, string]>([
      ['no reason', { outcome: 'applied' }, '#/reason'],
      ['a blank reason', { ...because, reason: '  ' }, '#/reason'],
      ['a reason of 501 characters', { ...because, reason: 'x'.repeat(501) }, '#/reason'],
      ['an outcome that only an upstream can tell', { ...because, outcome: 'rejected' }, '#/outcome'],
      ['an unknown field', { ...because, by: 'me' }, '#/by'],
    ])('refuses %s', async (_, body, pointer) => {
      const reply = await resolve(unknown, body);
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({ code: 'invalid-request', errors: [{ pointer }] });
    });
  });

  describe('GET /audit/records', () => {
    it('tells records as they are stored, in the order of the chain', async () => {
      const stored = auditRecords(landscape.gateway.dataDir);
      const first = await list('/audit/records?limit=3');
      const second = await list(`/audit/records?limit=3&cursor=${first.next ?? ''}`);
      expect([...first.items, ...second.items]).toEqual(stored.slice(0, 6));
      expect(first.items[0]).toMatchObject({ seq: 1, previousHash: '0'.repeat(64) });
    });

    it.each<[string, () => string, (record: StoredRecord) => boolean]>([
      ['kind', () => 'kind=intent', ({ kind }) => kind === 'intent'],
      ['write', () => `operationId=${unknown}`, ({ operationId }) => operationId === unknown],
      ['request', () => 'requestId=first', ({ requestId }) => requestId === 'first'],
      [
        'principal',
        () => 'principal=other',
        ({ principal }) => (principal as { subject?: string } | null)?.subject === 'other',
      ],
      ['time', () => 'until=2000-01-01T00:00:00Z', () => false],
    ])('finds by %s', async (_, query, matches) => {
      const { items } = await list(`/audit/records?limit=200&${query()}`);
      const stored = auditRecords(landscape.gateway.dataDir).filter(matches);
      expect(items).toEqual(stored.slice(0, items.length));
      expect(items.length).toBeGreaterThanOrEqual(Math.min(stored.length, 1));
    });

    it('finds a sensitive value by what it is, and does not write down what was looked for', async () => {
      expect(idsOf(await list('/audit/records?sensitive=sam.smith'))).toEqual([applied]);
      expect(idsOf(await list('/audit/records?sensitive=sam'))).toEqual([]);
      await get('/audit/records?sensitive=sam.smith&bogus=1');
      await landscape.gateway.stop();
      const records = auditRecords(landscape.gateway.dataDir);
      expect(records.filter(({ kind }) => kind === 'access').length).toBeGreaterThan(0);
      expect(JSON.stringify(records)).not.toContain('sam.smith');
      expect(landscape.gateway.log.join('\n')).not.toContain('sam.smith');
    });
  });
});

describe('the trail, read by an auditor', () => {
  let landscape: Landscape;
  let auditor: string;
  beforeAll(async () => {
    landscape = await Landscape.start({
      AUDIT_SENSITIVE_FIELDS: 'serviceLogin,isCollectionsAction,actionStatus',
    });
    auditor = await landscape.issuer.token({ sub: 'auditor', scope: 'audit:read' });
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    for (const body of [{ actionStatus: 3 }, { isCollectionsAction: true }, { serviceLogin: '3' }]) {
      await landscape.call(actionPath(Object.keys(body)[0]?.length ?? 0), { body });
    }
  });
  afterAll(() => landscape.end());

  function get(
    path: string,
    token: string | null = auditor,
    id = path.slice(0, 20).replace(/\W/g, '-'),
  ): Promise<Response> {
    return landscape.call(path, { method: 'GET', token, headers: { 'x-request-id': id } });
  }

  it.each([
    ['3', 2],
    ['true', 1],
    ['4', 0],
  ])('finds the sensitive value %s as a text, a number and a boolean', async (value, count) => {
    const { items } = (await (await get(`/audit/records?sensitive=${value}`)).json()) as List;
    expect(items).toHaveLength(count);
  });

  it('exports every record as a line, complete', async () => {
    const reply = await get('/audit/export');
    expect(reply.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    const lines = (await reply.text()).trimEnd().split('\n');
    const stored = auditRecords(landscape.gateway.dataDir);
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(stored.slice(0, lines.length));
  });

  it.each([
    ['after=4', 5],
    ['from=2000-01-01T00:00:00Z&after=2', 3],
  ])('goes on with an export by %s', async (query, seq) => {
    const [first = ''] = (await (await get(`/audit/export?${query}`)).text()).split('\n');
    expect(JSON.parse(first)).toMatchObject({ seq });
  });

  it.each(['after=999999', 'until=2000-01-01T00:00:00Z'])('exports nothing by %s', async (query) => {
    const reply = await get(`/audit/export?${query}`);
    expect([reply.status, await reply.text()]).toEqual([200, '']);
  });

  it('lists checkpoints', async () => {
    expect(await (await get('/audit/checkpoints')).json()).toEqual({ items: [], next: null });
  });

  it.each(['/audit/records', '/audit/export', '/audit/checkpoints'])(
    'keeps %s for audit:read',
    async (path) => {
      expect((await get(path, null)).status).toBe(401);
      expect((await get(path, await landscape.issuer.token({ scope: 'writes:read' }))).status).toBe(403);
    },
  );

  it.each([
    ['/audit/records?kind=intent', 'audit.records', { kind: 'intent', limit: 50 }],
    ['/audit/export?after=1', 'audit.export', { after: 1 }],
    ['/audit/checkpoints', 'audit.checkpoints', { limit: 50 }],
    ['/writes?outcome=applied', 'writes.list', { outcome: 'applied', limit: 50 }],
  ])('records that somebody read %s', async (path, operation, query) => {
    const reply = await get(path, auditor, `read-${operation}`);
    await reply.text();
    expect(await recordsOf(landscape.gateway.dataDir, `read-${operation}`)).toMatchObject([
      { kind: 'access', operation, query, principal: { subject: 'auditor' }, address: '127.0.0.1' },
    ]);
  });

  it('records that somebody read a write', async () => {
    const operationId = String(auditRecords(landscape.gateway.dataDir)[0]?.['operationId']);
    const token = await landscape.issuer.token();
    expect((await get(`/writes/${operationId}`, token, 'read-one')).status).toBe(200);
    expect(await recordsOf(landscape.gateway.dataDir, 'read-one')).toMatchObject([
      { kind: 'access', operation: 'writes.read', resource: operationId, principal: { subject: 'clerk' } },
    ]);
  });

  it.each([
    ['/audit/records?knid=intent', '?knid', 'is not a known parameter'],
    ['/audit/records?__proto__=1', '?__proto__', 'is not a known parameter'],
    ['/audit/records?kind=', '?kind', 'must be one of'],
    ['/audit/records?kind=intent&kind=outcome', '?kind', 'was sent more than once'],
    ['/audit/records?principal=', '?principal', 'should not be empty'],
    ['/audit/records?principal=%00', '?principal', 'has a control character'],
    [`/audit/records?requestId=${'x'.repeat(257)}`, '?requestId', 'must be shorter'],
    ['/writes?limit=0', '?limit', 'must not be less than 1'],
    ['/writes?limit=201', '?limit', 'must not be greater than 200'],
    ['/writes?limit=1e2', '?limit', 'must be an integer'],
    ['/writes?open=yes', '?open', 'must be a boolean'],
    ['/writes?outcome=lost', '?outcome', 'must be one of'],
    ['/writes?from=yesterday', '?from', 'must be an RFC 3339'],
    ['/writes?from=2021-02-30T00:00:00Z', '?from', 'must be an RFC 3339'],
    ['/writes?cursor=x', '?cursor', 'must be the `next` of'],
    ['/writes?cursor=c2VxOjA', '?cursor', 'must be the `next` of'],
    ['/audit/export?after=-1', '?after', 'must'],
    ['/audit/export?limit=5', '?limit', 'is not a known parameter'],
  ])('refuses %s and points to it', async (path, pointer, message) => {
    const reply = await get(path);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer, message: expect.stringContaining(message) as unknown }],
    });
  });

  it.each(['/writes?requestId=%zz', '/writes/01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d?limit=5'])(
    'refuses the query of %s as a whole',
    async (path) => {
      const reply = await get(path);
      expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([
        400,
        'malformed-request',
      ]);
    },
  );
});
