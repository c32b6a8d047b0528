import { setTimeout as sleep } from 'node:timers/promises';
import { auditRecords, type StoredRecord } from './support/audit-records.js';
import {
  ACTION_ID,
  ACTION_PATH,
  HANDOFF_PATH,
  Landscape,
  UPDATED_HANDOFF,
  aHandoffUpdate,
} from './support/landscape.js';
import { OPERATIONS, freshResource, operate, type Operation } from './support/operations.js';
import { hang, json, raw, reset, type ReceivedCall, type Script } from './support/scripted-upstream.js';

const ACCOUNT = '0.0.0.1+-account+123123';
const KEY = '7a1e6c6c-0d0a-4f3c-9a64-4f7b9a0c3c11';
/** 14 February 2021, midnight in India. */
const MIDNIGHT_IN_INDIA = 1613241000000;

/** Loses the reply of a write, and answers reads by the script. */
function lostWrite(read: Script): Script {
  return (call, response, request) => {
    (call.method === 'GET' ? read : reset)(call, response, request);
  };
}

/** Answers a read of a resource. */
type Read = (resource: string) => Script;

function handoffRecords(...changes: object[]): Read {
  return (handoffRefNumber) => {
    const data = changes.map((change) => ({ handoffRefNumber, ...change }));
    return json(200, { data, messages: { status: 'SUCCESS' } });
  };
}

function actions(...changes: Record<string, unknown>[]): Read {
  return (id) =>
    json(
      200,
      changes.map((change) => ({ actionId: { id, uri: null }, actionStatus: 0, ...change })),
    );
}

const unreadable: Read = () => raw(200, '<html>', 'text/html');

/** What is read, and the verdict. `before` is what was read before the write, if that is asked for. */
interface Case {
  readonly what: string;
  readonly read: Read;
  readonly before?: Read;
  readonly outcome: string;
}

const SENT_HANDOFF = { handoffStatus: 'SUCCESS', handoffExtRefNo: 'EXT-9' };
const HANDOFFS: readonly Case[] = [
  {
    what: 'every field as it was sent',
    read: handoffRecords({ ...SENT_HANDOFF, remarks: 'x' }),
    outcome: 'applied',
  },
  {
    what: 'every field as before',
    before: handoffRecords({ ...SENT_HANDOFF, handoffStatus: 'PENDING', handoffExtRefNo: null }),
    read: handoffRecords({ ...SENT_HANDOFF, handoffStatus: 'PENDING', handoffExtRefNo: null }),
    outcome: 'not-applied',
  },
  {
    what: 'another value, nothing known of before',
    read: handoffRecords({ ...SENT_HANDOFF, handoffStatus: 'PENDING' }),
    outcome: 'unknown',
  },
  {
    what: 'neither as sent nor as before',
    before: handoffRecords({ ...SENT_HANDOFF, handoffStatus: 'PENDING' }),
    read: handoffRecords({ ...SENT_HANDOFF, handoffStatus: 'FAILED' }),
    outcome: 'unknown',
  },
  {
    what: 'every field as it was sent, and so before',
    before: handoffRecords(SENT_HANDOFF),
    read: handoffRecords(SENT_HANDOFF),
    outcome: 'unknown',
  },
  {
    what: 'another field as before, and not the one that was sent',
    before: handoffRecords({ remarks: 'x' }),
    read: handoffRecords({ remarks: 'x' }),
    outcome: 'unknown',
  },
  { what: 'several records', read: handoffRecords(SENT_HANDOFF, SENT_HANDOFF), outcome: 'unknown' },
  { what: 'no record', read: handoffRecords(), outcome: 'unknown' },
  {
    what: 'a record of another handoff',
    read: handoffRecords({ ...SENT_HANDOFF, handoffRefNumber: 'HO9' }),
    outcome: 'unknown',
  },
  { what: 'something unreadable', read: unreadable, outcome: 'unknown' },
];
const ACTIONS: readonly Case[] = [
  {
    what: 'the date at midnight of the billing zone',
    read: actions({ scheduledDate: MIDNIGHT_IN_INDIA }),
    outcome: 'applied',
  },
  { what: 'the date at midnight UTC', read: actions({ scheduledDate: 1613260800000 }), outcome: 'unknown' },
  {
    what: 'the date as before',
    before: actions({ scheduledDate: 1600000000000 }),
    read: actions({ scheduledDate: 1600000000000 }),
    outcome: 'not-applied',
  },
  { what: 'no such action', read: actions(), outcome: 'unknown' },
  {
    what: 'the action twice',
    read: actions({ scheduledDate: MIDNIGHT_IN_INDIA }, { scheduledDate: MIDNIGHT_IN_INDIA }),
    outcome: 'unknown',
  },
  { what: 'no list', read: () => json(200, { actions: [] }), outcome: 'unknown' },
];

async function verdictOn(
  landscape: Landscape,
  operationId: string | null,
): Promise<StoredRecord | undefined> {
  for (let wait = 0; wait < 160; wait++) {
    const verdict = auditRecords(landscape.gateway.dataDir).find(
      (record) => record.kind === 'reconciliation' && record['operationId'] === operationId,
    );
    if (verdict !== undefined) return verdict;
    await sleep(100);
  }
  return undefined;
}

const writesSeen = (calls: readonly ReceivedCall[]): number =>
  calls.filter(({ method }) => method !== 'GET').length;

const FAILURE = { data: null, messages: { status: 'FAILURE', codes: [{ code: 'XXX-COM-001', type: 'E' }] } };
const NO_HANDOFF = {
  data: null,
  messages: { status: 'FAILURE', codes: [{ code: 'XXX-NOT-001', type: 'E' }] },
};
const OTHER_ACTION = { actionId: { id: '0.0.0.1+-schedule+7', uri: null }, actionStatus: 0 };

/** A write of many, and what is read before and after it. It is known by its resource, or by its account. */
interface LostWrite {
  readonly resource: string;
  readonly account: string;
  readonly before: Script;
  readonly after: Script;
}

interface Told {
  readonly status: number;
  readonly problem: unknown;
  readonly operationId: string | null;
}

/** Writes whose replies are lost, so that all are read back at once. Each sees an upstream of its own. */
class LostWrites {
  private readonly replies = new Map<string, Told>();
  private readonly sent = new Map<string, number>();

  constructor(private readonly writes: readonly LostWrite[]) {}

  readonly script: Script = (call, response, request) => {
    const asked = `${decodeURIComponent(call.url)} ${call.body} `;
    const write = this.writes.find(({ resource, account }) =>
      [resource, account].some((id) => new RegExp(`${id.replaceAll('+', '\\+')}[^0-9]`).test(asked)),
    );
    if (write === undefined) throw new Error(`nobody expects ${asked}`);
    const { resource, before, after } = write;
    if (call.method === 'GET') {
      (this.sent.has(resource) ? after : before)(call, response, request);
    } else {
      this.sent.set(resource, this.timesSent(resource) + 1);
      reset(call, response, request);
    }
  };

  /** How often the write to a resource reached the upstream. */
  timesSent(resource: string): number {
    return this.sent.get(resource) ?? 0;
  }

  async answered(resource: string, reply: Response): Promise<void> {
    const operationId = reply.headers.get('operation-id');
    this.replies.set(resource, { status: reply.status, problem: await reply.json(), operationId });
  }

  /** What its client was told. */
  told(resource: string): Told {
    const told = this.replies.get(resource);
    if (told === undefined) throw new Error(`nobody wrote to ${resource}`);
    return told;
  }
}

/** What a read shows of a resource. */
type Shown = (resource: string) => unknown;
type Row = readonly [operation: string, what: string, outcome: string, status: number, shown: Shown];

const handoff =
  (...changes: readonly object[]): Shown =>
  (handoffRefNumber) => ({
    data: changes.map((change) => ({
      applicationNumber: 'APP0001',
      handoffRefNumber,
      branchCode: '000',
      reqBy: 'MIDOFFICE',
      ...change,
    })),
    messages: { status: 'SUCCESS' },
  });
const action =
  (actionStatus: unknown): Shown =>
  (id) => [OTHER_ACTION, { actionId: { id, uri: null }, actionStatus }];
const noAction: Shown = () => [OTHER_ACTION];

describe('a write whose reply was lost', () => {
  let landscape: Landscape;
  beforeAll(async () => {
    landscape = await Landscape.start({
      SETTLE_WINDOW_MS: '100',
      HANDOFF_TIMEOUT_MS: '600',
      BILLING_CARE_TIMEOUT_MS: '600',
      BILLING_CARE_TIMEZONE: 'Asia/Kolkata',
      READ_BEFORE_WRITE: 'on',
      HANDOFF_NOT_FOUND_CODES: 'XXX-NOT-001',
    });
  });
  afterAll(() => landscape.end());

  const rows = [
    ...HANDOFFS.map((row) => ({ ...row, name: 'handoff.update-status' })),
    ...ACTIONS.map((row) => ({ ...row, name: 'deferred-action.modify' })),
  ].map(({ name, before = unreadable, read, ...row }, index) => {
    const operation = operationNamed(name);
    const resource = freshResource(operation);
    const account = `0.0.0.1+-account+${index}`;
    return {
      ...row,
      operation,
      system: operation.system,
      resource,
      account,
      before: before(resource),
      after: read(resource),
    };
  });
  const lost = new LostWrites(rows);
  beforeAll(async () => {
    for (const upstream of [landscape.lending, landscape.billing]) upstream.play(lost.script);
    for (const { operation, resource, account } of rows) {
      await lost.answered(
        resource,
        await operate(landscape, operation, { resource, headers: { 'account-id': account } }),
      );
    }
  });

  it.each(rows)('$system: reads back $what, so it is $outcome', async ({ resource, outcome }) => {
    const { status, problem, operationId } = lost.told(resource);
    expect(status).toBe(502);
    expect(problem).toMatchObject({ outcome: 'unknown' });
    expect(await verdictOn(landscape, operationId)).toMatchObject({ outcome, evidence: 'read-back' });
    expect(lost.timesSent(resource)).toBe(1);
  });

  describe('is told by what was read before', () => {
    const known = (
      [
        ['deferred-action.perform', 'done before already', action(1), action(1), 'unknown'],
        ['deferred-action.perform', 'pending before', action(0), action(1), 'applied'],
        ['deferred-action.delete', 'gone before already', noAction, noAction, 'unknown'],
        ['deferred-action.delete', 'there before', action(0), noAction, 'applied'],
        ['handoff.create', 'there before already', handoff({}), handoff({}), 'unknown'],
        ['handoff.create', 'not there before', () => NO_HANDOFF, handoff({}), 'applied'],
      ] satisfies readonly (readonly [string, string, Shown, Shown, string])[]
    ).map(([name, what, before, after, outcome], index) => {
      const operation = operationNamed(name);
      const resource = freshResource(operation);
      return {
        ...{ name, what, outcome, operation, resource, account: `0.0.0.1+-account+${100 + index}` },
        before: json(200, before(resource)),
        after: json(200, after(resource)),
      };
    });
    const writes = new LostWrites(known);
    beforeAll(async () => {
      for (const { resource, account } of known) await list(landscape, resource, account);
      for (const upstream of [landscape.lending, landscape.billing]) upstream.play(writes.script);
      for (const { operation, resource } of known) {
        await writes.answered(resource, await operate(landscape, operation, { resource }));
      }
    });

    it.each(known)('$name of what was $what', async ({ resource, outcome }) => {
      const { problem, operationId } = writes.told(resource);
      expect(problem).toMatchObject({ outcome: 'unknown' });
      expect(await verdictOn(landscape, operationId)).toMatchObject({ outcome });
    });
  });

  it('is not proved by the reference alone', async () => {
    landscape.lending.play(lostWrite(handoffRecords(SENT_HANDOFF)('HO123')));
    const reply = await landscape.call(HANDOFF_PATH, { body: { handoffRefNumber: 'HO123' } });
    expect(await verdictOn(landscape, reply.headers.get('operation-id'))).toMatchObject({
      outcome: 'unknown',
      reason: 'there is nothing to compare',
    });
  });

  it('keeps the resource to itself until it is decided', async () => {
    landscape.billing.play(lostWrite(actions({ scheduledDate: MIDNIGHT_IN_INDIA })(ACTION_ID)));
    const first = await landscape.call(ACTION_PATH, {
      body: { scheduledDate: '2021-02-14' },
      headers: { 'account-id': ACCOUNT },
    });
    const second = await landscape.call(ACTION_PATH, { body: { scheduledDate: '2021-02-15' } });
    expect(second.status).toBe(409);
    expect(await second.json()).toMatchObject({
      code: 'resource-busy',
      operationId: first.headers.get('operation-id'),
      outcome: 'not-applied',
    });
    await verdictOn(landscape, first.headers.get('operation-id'));
    landscape.billing.play(json(200, { actionId: { id: ACTION_ID, uri: null } }));
    expect((await landscape.call(ACTION_PATH, { body: { scheduledDate: '2021-02-15' } })).status).toBe(200);
  });

  it('answers its key as unknown until it is decided, then with what was found', async () => {
    let written = false;
    landscape.billing.play((call, response, request) => {
      const scheduledDate = written ? MIDNIGHT_IN_INDIA : 0;
      written ||= call.method !== 'GET';
      lostWrite(actions({ scheduledDate, description: 'as listed' })(ACTION_ID))(call, response, request);
    });
    const call = () =>
      landscape.call(ACTION_PATH, {
        body: { scheduledDate: '2021-02-14' },
        headers: { 'idempotency-key': KEY, 'account-id': ACCOUNT },
      });
    const first = await call();
    const operationId = first.headers.get('operation-id');
    const again = await call();
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([502, 'true']);
    expect(await again.json()).toMatchObject({ outcome: 'unknown', operationId });
    await verdictOn(landscape, operationId);
    const decided = await call();
    expect([decided.status, decided.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(decided.headers.get('operation-id')).toBe(operationId);
    expect(await decided.json()).toMatchObject({
      actionId: { id: ACTION_ID, uri: null },
      scheduledDate: MIDNIGHT_IN_INDIA,
    });
    expect(writesSeen(landscape.billing.calls)).toBe(1);
  });
});

describe('an addition, a performance or a deletion whose reply was lost', () => {
  const rows = (
    [
      ['handoff.create', 'the handoff as it was sent', 'applied', 200, handoff({})],
      ['handoff.create', 'that there is no such handoff', 'not-applied', 200, () => NO_HANDOFF],
      ['handoff.create', 'that there is none, inside HTTP 404', 'not-applied', 404, () => FAILURE],
      ['handoff.create', 'a 404 that lending did not write', 'unknown', 404, () => '<html>'],
      ['handoff.create', 'some other failure', 'unknown', 200, () => FAILURE],
      ['handoff.create', 'the handoff, but otherwise', 'unknown', 200, handoff({ branchCode: '001' })],
      ['handoff.create', 'the handoff twice', 'unknown', 200, handoff({}, {})],
      ['handoff.create', 'an empty list', 'unknown', 200, handoff()],
      ['handoff.create', 'nothing readable', 'unknown', 200, () => '<html>'],
      ['deferred-action.perform', 'the action done', 'applied', 200, action(1)],
      ['deferred-action.perform', 'the action pending', 'not-applied', 200, action(0)],
      ['deferred-action.perform', 'the action pending and undeletable', 'not-applied', 200, action(3)],
      ['deferred-action.perform', 'the action in error', 'unknown', 200, action(2)],
      ['deferred-action.perform', 'a status that nobody knows', 'unknown', 200, action('1')],
      ['deferred-action.perform', 'no such action any more', 'unknown', 200, noAction],
      ['deferred-action.delete', 'no such action any more', 'applied', 200, noAction],
      ['deferred-action.delete', 'no action any more', 'applied', 200, () => []],
      ['deferred-action.delete', 'the action still there', 'not-applied', 200, action(0)],
      ['deferred-action.delete', 'no such action, but one that cannot be read', 'unknown', 200, () => [{}]],
      ['deferred-action.delete', 'no list', 'unknown', 200, () => ({})],
      ['deferred-action.modify', 'no such action any more', 'unknown', 200, noAction],
    ] satisfies readonly Row[]
  ).map(([name, what, outcome, status, shown], index) => {
    const operation = operationNamed(name);
    const resource = freshResource(operation);
    return {
      ...{ name, what, outcome, operation, resource, account: `0.0.0.1+-account+${index}` },
      before: json(200, action(0)(resource)),
      after: json(status, shown(resource)),
    };
  });
  const lost = new LostWrites(rows);
  let landscape: Landscape;
  beforeAll(async () => {
    landscape = await Landscape.start({
      SETTLE_WINDOW_MS: '100',
      HANDOFF_TIMEOUT_MS: '600',
      BILLING_CARE_TIMEOUT_MS: '600',
      HANDOFF_NOT_FOUND_CODES: 'XXX-NOT-001',
    });
    for (const upstream of [landscape.lending, landscape.billing]) upstream.play(lost.script);
    for (const { operation, resource, account } of rows) {
      if (operation.system === 'billing') {
        await operate(landscape, operationNamed('deferred-action.list'), { resource: account });
      }
      const headers = { 'idempotency-key': resource };
      await lost.answered(resource, await operate(landscape, operation, { resource, headers }));
    }
  });
  afterAll(() => landscape.end());

  it.each(rows)('$name: reads back $what, so it is $outcome', async ({ operation, resource, outcome }) => {
    const { problem, operationId } = lost.told(resource);
    expect(problem).toMatchObject({ outcome: 'unknown' });
    expect(await verdictOn(landscape, operationId)).toMatchObject({ outcome, evidence: 'read-back' });
    if (outcome === 'applied') {
      // Whoever repeats it with its key is told so, in the documented shape.
      const headers = { 'idempotency-key': resource };
      const again = await operate(landscape, operation, { resource, headers });
      expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([operation.status, 'true']);
    }
    expect(lost.timesSent(resource)).toBe(1);
  });

  it('proves nothing by the account that a client named: it may be the wrong one', async () => {
    const operation = operationNamed('deferred-action.delete');
    const resource = freshResource(operation);
    landscape.billing.play(lostWrite(json(200, [OTHER_ACTION])));
    const reply = await operate(landscape, operation, { resource, headers: { 'account-id': ACCOUNT } });
    expect(await verdictOn(landscape, reply.headers.get('operation-id'))).toMatchObject({
      outcome: 'unknown',
      reason: 'the account lists no such action, which proves nothing',
    });
  });

  it('takes the account that was seen before the one that a client names', async () => {
    const operation = operationNamed('deferred-action.delete');
    const resource = freshResource(operation);
    await list(landscape, resource);
    landscape.billing.play(lostWrite(json(200, [])));
    const reply = await operate(landscape, operation, {
      resource,
      headers: { 'account-id': '0.0.0.1+-account+666' },
    });
    expect(await verdictOn(landscape, reply.headers.get('operation-id'))).toMatchObject({
      outcome: 'applied',
    });
    expect(landscape.billing.calls.at(-1)?.url).toContain('-account%2B123123');
  });

  it('goes to a person if nobody knows where to read it, and says why', async () => {
    landscape.billing.play(reset);
    const reply = await landscape.call(ACTION_PATH, { body: { scheduledDate: '2021-02-14' } });
    expect(await verdictOn(landscape, reply.headers.get('operation-id'))).toMatchObject({
      outcome: 'unknown',
      reason: "the action's account is not known",
    });
    landscape.billing.play(json(200, { actionId: { id: ACTION_ID, uri: null } }));
    expect((await landscape.call(ACTION_PATH, { body: { scheduledDate: '2021-02-15' } })).status).toBe(200);
  });

  it('answers its key with what a person found out', async () => {
    landscape.billing.play(reset);
    const call = () =>
      landscape.call(ACTION_PATH, {
        body: { scheduledDate: '2021-02-14' },
        headers: { 'idempotency-key': KEY },
      });
    const operationId = String((await call()).headers.get('operation-id'));
    await verdictOn(landscape, operationId);
    const resolution = await landscape.call(`/writes/${operationId}/resolution`, {
      method: 'POST',
      token: await landscape.issuer.token({ sub: 'supervisor', scope: 'writes:resolve' }),
      body: { outcome: 'applied', reason: 'seen in the billing client' },
    });
    expect(resolution.status).toBe(200);
    const replayed = await call();
    expect([replayed.status, replayed.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(await replayed.json()).toMatchObject({ actionId: { id: ACTION_ID } });
    expect(writesSeen(landscape.billing.calls)).toBe(1);
  });

  it('reads a handoff back with what lending documents: H3 first, then H2', async () => {
    landscape.lending.play((call, response, request) => {
      const script = call.url.endsWith('/handoffstatus')
        ? json(200, UPDATED_HANDOFF)
        : handoffRecords(SENT_HANDOFF)('HO123');
      (call.method === 'PUT' ? reset : script)(call, response, request);
    });
    const reply = await landscape.call(HANDOFF_PATH, { body: aHandoffUpdate() });
    expect(await verdictOn(landscape, reply.headers.get('operation-id'))).toMatchObject({
      outcome: 'applied',
    });
    expect(landscape.lending.calls.slice(1).map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /clmo-handoff-services/service/v1/externalHandoff/HO123/handoffstatus',
      'GET /clmo-handoff-services/service/v1/externalHandoff/HO123',
    ]);
  });
});

/** Lists an account's actions through the gateway, which learns from it whose they are. */
async function list(landscape: Landscape, resource: string, account = ACCOUNT): Promise<void> {
  landscape.billing.play(json(200, [{ actionId: { id: resource, uri: null }, actionStatus: 0 }]));
  await operate(landscape, operationNamed('deferred-action.list'), { resource: account });
  // It is learnt behind the reply.
  await sleep(50);
}

function operationNamed(name: string): Operation {
  const found = OPERATIONS.find((operation) => operation.name === name);
  if (found === undefined) throw new Error(`there is no operation ${name}`);
  return found;
}

describe('a write whose process was killed', () => {
  it('is decided after the restart, and never sent again', async () => {
    const landscape = await Landscape.start({ SETTLE_WINDOW_MS: '100', HANDOFF_TIMEOUT_MS: '600' });
    landscape.lending.play((call, response, request) => {
      (call.method === 'PUT' ? hang : handoffRecords(SENT_HANDOFF)('HO123'))(call, response, request);
    });
    const doomed = landscape.call(HANDOFF_PATH, { body: aHandoffUpdate() }).catch(() => undefined);
    while (landscape.lending.calls.length === 0) await sleep(5);
    await landscape.gateway.stop('SIGKILL');
    await doomed;
    const [intent] = auditRecords(landscape.gateway.dataDir);

    const restarted = await landscape.restart();
    const verdict = await verdictOn(restarted, String(intent?.['operationId']));
    expect(verdict).toMatchObject({ outcome: 'applied', evidence: 'read-back' });
    expect(writesSeen(landscape.lending.calls)).toBe(1);
    await restarted.end();
  });

  it('goes to a person if its system is out of reach for too long, and holds up no other system', async () => {
    const landscape = await Landscape.start({
      SETTLE_WINDOW_MS: '100',
      HANDOFF_TIMEOUT_MS: '600',
      BILLING_CARE_TIMEOUT_MS: '600',
    });
    landscape.lending.play(lostWrite(hang));
    const update = operationNamed('handoff.update-status');
    const inLending = await Promise.all(Array.from({ length: 12 }, () => operate(landscape, update)));
    const perform = operationNamed('deferred-action.perform');
    const resource = freshResource(perform);
    await list(landscape, resource);
    landscape.billing.play(lostWrite(json(200, action(1)(resource))));
    const inBilling = await operate(landscape, perform, { resource });
    const begun = performance.now();
    const decided = await verdictOn(landscape, inBilling.headers.get('operation-id'));
    expect(decided).toMatchObject({ outcome: 'applied' });
    expect(performance.now() - begun).toBeLessThan(5_000);
    for (const reply of inLending) {
      const operationId = reply.headers.get('operation-id');
      const verdict = (await verdictOn(landscape, operationId)) ?? (await verdictOn(landscape, operationId));
      expect(verdict).toMatchObject({ outcome: 'unknown', evidence: 'read-back' });
      expect(verdict?.['reason']).toMatch(/did not answer/);
    }
    await landscape.end();
  });
});
