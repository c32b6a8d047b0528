import { auditRecords, type StoredRecord } from './support/audit-records.js';
import { DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';
import { json } from './support/scripted-upstream.js';

const FLOOD = 5_000;
const AT_ONCE = 50;

describe('a flood of refused strangers', () => {
  let landscape: Landscape;
  let records: StoredRecord[];
  const writes: number[] = [];

  beforeAll(async () => {
    landscape = await Landscape.start();
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const withoutScope = await landscape.issuer.token({ sub: 'somebody', scope: '' });
    for (let sent = 0; sent < FLOOD; sent += AT_ONCE) {
      const strangers = Array.from({ length: AT_ONCE }, () => refusal(null));
      if (sent % 500 === 0) writes.push(await write(sent));
      if (sent === FLOOD / 2) await refusal(withoutScope, 'in-the-middle');
      await Promise.all(strangers);
    }
    // What is counted becomes a record after a minute, or when the gateway stops.
    expect(await landscape.gateway.stop()).toBe(0);
    records = auditRecords(landscape.gateway.dataDir);
  }, 60_000);
  afterAll(() => landscape.end());

  async function refusal(token: string | null, requestId?: string): Promise<void> {
    const headers = requestId === undefined ? {} : { 'x-request-id': requestId };
    await (await landscape.call('/audit/records', { method: 'GET', token, headers })).arrayBuffer();
  }

  async function write(number: number): Promise<number> {
    const reply = await landscape.call(actionPath(number), { body: { scheduledDate: '2021-02-14' } });
    await reply.arrayBuffer();
    return reply.status;
  }

  const ofKind = (wanted: string): StoredRecord[] => records.filter(({ kind }) => kind === wanted);

  it('grows the trail by a bounded number of records', () => {
    expect(ofKind('refusal').filter(({ principal }) => principal === null).length).toBeLessThanOrEqual(60);
    expect(ofKind('overflow').length).toBe(1);
  });

  it('is counted to the last one', () => {
    const strangers = ofKind('refusal').filter(({ problem }) => problem === 'unauthenticated');
    expect(ofKind('overflow')).toMatchObject([
      {
        overflowed: 'refusal',
        what: 'unauthenticated',
        count: FLOOD - strangers.length,
        principal: null,
        address: '127.0.0.1',
      },
    ]);
  });

  it('hides no refusal of somebody who is signed in', () => {
    expect(ofKind('refusal').filter(({ requestId }) => requestId === 'in-the-middle')).toMatchObject([
      { problem: 'forbidden', principal: { subject: 'somebody' } },
    ]);
  });

  it('keeps no write from being made', () => {
    expect(writes).toEqual(Array.from({ length: 10 }, () => 200));
    expect(ofKind('outcome').map(({ outcome }) => outcome)).toEqual(writes.map(() => 'applied'));
  });
});
